"""The whole house on one machine: warehouse, neighbourhood and Airflow, started in order and stopped in reverse."""

from __future__ import annotations

import fcntl
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pipeline import bootstrap
from pipeline.embedded.airflow import USER, Airflow, read_or_make_secrets
from pipeline.embedded.neighbourhood import neighbourhood
from pipeline.embedded.one_pass import DAGS
from pipeline.embedded.operator import Operator
from pipeline.embedded.processes import Processes
from pipeline.errors import BayanError
from pipeline.settings import Settings

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class House:
    """What runs.

    Attributes:
        settings: as the started parts see them.
        airflow: address, users and passwords.
        operator: a logged-in session.
        started_at: UTC; what runs since then is this house's work.
    """

    settings: Settings
    airflow: Airflow
    operator: Operator
    started_at: datetime


@contextmanager
def open_house(settings: Settings, say: Say) -> Iterator[House]:
    """Start everything; `say` hears one line per stage. Everything started is stopped at the end.

    Raises:
        BayanError: in one line, what could not start and what to do.
    """
    run = settings.var / "run"
    processes = Processes(run / "processes.json", settings.var / "logs")
    with _alone(run / "lock"):
        if leftovers := processes.end_leftovers():
            say(f"ended what a killed run had left running: {', '.join(leftovers)}")
        _check_port(settings.airflow_port)
        with neighbourhood(settings) as local:
            say("warehouse: " + bootstrap.prepare_warehouse(local))
            airflow = Airflow(settings.var / "airflow", local.airflow_port, read_or_make_secrets(run))
            yield from _with_airflow(airflow, local, processes, say)


def _with_airflow(airflow: Airflow, settings: Settings, processes: Processes, say: Say) -> Iterator[House]:
    env = airflow.environment(settings.as_environment())
    say("airflow: preparing its database")
    airflow.migrate(env, processes.logs / "migrate.log")
    started_at = datetime.now(UTC)
    try:
        say(f"airflow: starting on {airflow.address}")
        airflow.start(processes, env)
        airflow.wait_healthy(processes, tick=lambda: None)
        operator = Operator(airflow.address, user=USER, password=airflow.secrets.passwords[USER])
        try:
            note = "left open when Airflow was stopped or killed; the next pass takes its work up"
            if left := operator.close_leftovers(note, before=started_at):
                say(f"airflow: closed {len(left)} run(s) left open when it stopped; this pass takes their work up")
            operator.make_pool("outlets", slots=4, description="Tasks that fetch from outlets, over all workers")
            operator.wait_for_dags(DAGS)
            yield House(settings, airflow, operator, started_at)
        finally:
            operator.close()
    finally:
        processes.stop()


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    """Hold the var folder's lock, so that two runs never share one warehouse file and one Airflow."""
    # What runs leave there (warehouse, mails, logs) is for the one who runs it.
    lock.parent.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    lock.parent.mkdir(exist_ok=True)
    with lock.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise BayanError(f"{lock}: another run uses this folder; stop it, or set BAYAN_VAR to another") from error
        yield


def _check_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise BayanError(
                f"port {port} of 127.0.0.1 is taken by another program; choose one: PORT={port + 1} make run"
            ) from error
