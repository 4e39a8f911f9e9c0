"""Airflow on one machine: its settings, its four processes, its health.

`airflow standalone` is not used: on SIGTERM it leaves its children behind, and it opens log servers on all interfaces.
"""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import httpx

from pipeline.embedded.processes import Processes
from pipeline.errors import BayanError
from pipeline.settings import PROJECT

USER = "operator"
VIEWER = "analyst"
HEALTHY_WITHIN_SECONDS = 180.0


@dataclass(frozen=True, slots=True)
class Secrets:
    """Generated once per var folder and kept readable by its owner only.

    Attributes:
        passwords: by user name.
        jwt, session, fernet: keys of Airflow's API, UI sessions and stored connections.
    """

    passwords: Mapping[str, str]
    jwt: str
    session: str
    fernet: str


def read_or_make_secrets(folder: Path) -> Secrets:
    """The secrets of this var folder, made at the first start."""
    path = folder / "secrets.json"
    try:
        return Secrets(**json.loads(path.read_text()))
    except (FileNotFoundError, ValueError, TypeError):
        made = {
            "passwords": {USER: secrets.token_urlsafe(12), VIEWER: secrets.token_urlsafe(12)},
            "jwt": secrets.token_urlsafe(48),
            "session": secrets.token_urlsafe(32),
            "fernet": urlsafe_b64encode(secrets.token_bytes(32)).decode("ascii"),
        }
        _write_private(path, json.dumps(made))
        return Secrets(**made)  # type: ignore[arg-type]  # the keys are the fields


def _write_private(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_suffix(".part")
    half.unlink(missing_ok=True)
    with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    half.replace(path)


@dataclass(frozen=True, slots=True)
class Airflow:
    """One embedded Airflow.

    Attributes:
        home: AIRFLOW_HOME; its database, passwords and task logs.
        port: of the UI and API on 127.0.0.1.
        secrets: see `Secrets`.
    """

    home: Path
    port: int
    secrets: Secrets

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def environment(self, extra: Mapping[str, str]) -> dict[str, str]:
        """The environment of every Airflow process: quiet, on loopback, small."""
        passwords = self.home / "passwords.json"
        _write_private(passwords, json.dumps(dict(self.secrets.passwords)))
        inherited = {k: v for k, v in os.environ.items() if not k.startswith("AIRFLOW")}
        inherited.pop("PYTHONDONTWRITEBYTECODE", None)
        return {
            **inherited,
            "AIRFLOW_HOME": str(self.home),
            "AIRFLOW__CORE__DAGS_FOLDER": str(PROJECT / "dags"),
            "AIRFLOW__CORE__PLUGINS_FOLDER": str(PROJECT / "plugins"),
            "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
            "AIRFLOW__CORE__EXECUTOR": "LocalExecutor",
            "AIRFLOW__CORE__PARALLELISM": "2",
            "AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION": "False",
            "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"{self.address}/execution/",
            "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": f"{USER}:admin,{VIEWER}:viewer",
            "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(passwords),
            "AIRFLOW__CORE__FERNET_KEY": self.secrets.fernet,
            "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{self.home / 'airflow.db'}",
            "AIRFLOW__API__HOST": "127.0.0.1",
            "AIRFLOW__API__PORT": str(self.port),
            "AIRFLOW__API__BASE_URL": self.address,
            "AIRFLOW__API__WORKERS": "1",
            "AIRFLOW__API__SECRET_KEY": self.secrets.session,
            "AIRFLOW__API_AUTH__JWT_SECRET": self.secrets.jwt,
            "AIRFLOW__DAG_PROCESSOR__REFRESH_INTERVAL": "5",
            "AIRFLOW__DAG_PROCESSOR__PARSING_PROCESSES": "1",
            "AIRFLOW__SCHEDULER__SCHEDULER_IDLE_SLEEP_TIME": "0.2",
            "GX_ANALYTICS_ENABLED": "False",
            **extra,
        }

    def migrate(self, env: Mapping[str, str], log: Path) -> None:
        """Bring Airflow's own database up to date, once per version.

        A database that a kill left half-made holds nothing but run history: it is set aside under a new name and
        made again.

        Raises:
            BayanError: the migration failed twice.
        """
        done = self.home / "migrated"
        current = version("apache-airflow-core")
        if done.exists() and done.read_text() == current:
            return
        if not _migrate(env, log):
            broken = self.home / "airflow.db"
            if broken.exists():
                broken.rename(self.home / f"airflow.db.broken-{int(time.time())}")
            if not _migrate(env, log):
                raise BayanError(f"airflow: its database could not be made: see {log}")
        done.write_text(current)

    def start(self, processes: Processes, env: Mapping[str, str]) -> None:
        """Start api-server, scheduler, dag-processor and triggerer."""
        processes.start("airflow", [sys.executable, "-m", "pipeline.embedded.parts", str(processes.logs)], env)

    def wait_healthy(self, processes: Processes, tick: Callable[[], None]) -> None:
        """Return when all four parts say that they are healthy; `tick` is called twice a second.

        Raises:
            BayanError: a part ended or did not become healthy in time, naming its log.
        """
        deadline = time.monotonic() + HEALTHY_WITHIN_SECONDS
        while not self._healthy():
            if dead := processes.dead():
                raise BayanError(f"airflow: {', '.join(dead)} ended: see {processes.logs / (dead[0] + '.log')}")
            if time.monotonic() > deadline:
                raise BayanError(f"airflow: not healthy after {HEALTHY_WITHIN_SECONDS:.0f} s: see {processes.logs}")
            tick()
            time.sleep(0.5)

    def _healthy(self) -> bool:
        try:
            response = httpx.get(f"{self.address}/api/v2/monitor/health", timeout=5)
        except httpx.TransportError:
            return False
        if response.status_code != httpx.codes.OK:
            return False
        parts = response.json()
        return all(
            (parts.get(name) or {}).get("status") == "healthy"
            for name in ("metadatabase", "scheduler", "dag_processor", "triggerer")
        )


def _migrate(env: Mapping[str, str], log: Path) -> bool:
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        return (
            subprocess.run(
                [sys.executable, "-m", "airflow", "db", "migrate"],
                env=dict(env), stdin=subprocess.DEVNULL, stdout=output, stderr=output, check=False,
            ).returncode
            == 0
        )  # fmt: skip
