"""The whole house, Airflow and all, while what it leans on is away: the database, the mail server, room on the disk.

Nobody helps it: the retries of its tasks and the next runs must be enough. Only after a full disk an operator, who was
told, starts `collect` again. The short versions, without Airflow, stand in the tests.
"""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from faults.away import Database, Disk, MailServer, environment, losses, until
from faults.collecting import outlet
from pipeline import bootstrap
from pipeline.embedded.operator import Operator
from pipeline.settings import PROJECT, Settings

DATABASE_SECONDS, MAIL_SECONDS = 60, 300
OPERATORS = "operators@newsroom.example"
_ARTICLES = 120
_DAGS = ("collect", "analyse", "alert")
_AT_MOST_SECONDS = 1200


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """A `bayan up` that serves."""

    room: Path
    settings: Settings
    mails: MailServer
    process: subprocess.Popen[bytes]
    operator: Operator

    def publish(self, articles: int) -> None:
        """Let the outlet have so many articles from now on, and start `collect`."""
        with tempfile.TemporaryDirectory() as name:
            made = Path(name) / "outlet"
            # A page that is missing now would be settled, and not asked for when it comes.
            outlet(made, articles, missing=0)
            for path in [*made.glob("*.html"), made / "feed.xml"]:
                half = self.room / f".{path.name}"
                half.write_bytes(path.read_bytes())
                half.replace(self.room / path.name)
        self.operator.trigger("collect")

    def collected(self) -> int:
        """Articles that stand."""
        with closing(bootstrap.open_warehouse(self.settings)) as warehouse:
            return sum(source.articles for source in warehouse.figures(now=datetime.now(UTC)).sources)

    def rests(self, articles: int) -> bool:
        """Whether all is collected, read and told, and no run is under way."""
        if self.operator.open_runs(_DAGS, since=datetime(2000, 1, 1, tzinfo=UTC)) or self.collected() < articles:
            return False
        return not bootstrap.articles_waiting(self.settings) and not bootstrap.statements_untold(self.settings)


def faults() -> Iterator[tuple[str, list[str]]]:
    """A database that is away for a minute, a mail server for five, and a full disk, one after the other."""
    with tempfile.TemporaryDirectory(prefix="bayan-faults-") as name, house(Path(name)) as (running, database, disk):
        running.publish(_ARTICLES)
        until(lambda: 10 < running.collected() < _ARTICLES, within=120)
        database.take_away()
        time.sleep(DATABASE_SECONDS)
        database.give_back()
        yield f"the database away for {DATABASE_SECONDS} s while collecting", _after(running, _ARTICLES)

        running.mails.take_away()
        running.publish(_ARTICLES + 20)
        time.sleep(MAIL_SECONDS)
        running.mails.give_back()
        yield f"the mail server away for {MAIL_SECONDS} s", _after(running, _ARTICLES + 20)

        if disk is None:
            print("house: no right to mount a small file system here; the full disk is not tried", file=sys.stderr)
            return
        disk.take_away(running.process.pid)
        running.publish(_ARTICLES + 40)
        told = until(lambda: any("make room" in mail for mail in running.mails.told(OPERATORS)), within=300)
        disk.give_back(running.process.pid)
        running.operator.trigger("collect")
        untold = [] if told else ["no operator was told of the full disk"]
        yield "the disk of the evidence full", untold + _after(running, _ARTICLES + 40)


def _after(running: House, articles: int) -> list[str]:
    began = time.monotonic()
    if not until(lambda: running.rests(articles), within=_AT_MOST_SECONDS):
        return [f"not at rest {_AT_MOST_SECONDS} s later", *losses(running.settings, running.mails, articles=articles)]
    print(f"house: at rest {time.monotonic() - began:.0f} s later", file=sys.stderr, flush=True)
    return losses(running.settings, running.mails, articles=articles)


@contextmanager
def house(folder: Path) -> Iterator[tuple[House, Database, Disk | None]]:
    """A house with a database and a mail server of its own, and its evidence on a small disk where that can be."""
    room, var = folder / "room", folder / "var"
    outlet(room, 1, missing=0)
    database, mails = Database(folder / "postgres"), MailServer(folder / "mail")
    disk = Disk(var / "archive", megabytes=16)
    settings = Settings(
        var=var,
        warehouse_url=database.url,
        smtp_host="127.0.0.1",
        smtp_port=mails.port,
        smtp_tls=False,
        operators=(OPERATORS,),
        airflow_port=_free_port(),
        pages_per_pass=1000,
        host_interval=0.0,
    )
    command = [sys.executable, "-m", "pipeline", "up", "--sources", str(room)]
    limited = disk.can_be_made()
    process = _start(disk.around(command) if limited else command, settings, folder / "said")
    try:
        password = json.loads((var / "run" / "secrets.json").read_text())["passwords"]["operator"]
        operator = Operator(f"http://127.0.0.1:{settings.airflow_port}", user="operator", password=password)
        # Its evidence stands on a disk that it alone has mounted: it is looked at through its eyes.
        seen = settings.model_copy(update={"var": Path(f"/proc/{process.pid}/root{var}")})
        running = House(room=room, settings=seen, mails=mails, process=process, operator=operator)
        with closing(operator):
            yield running, database, disk if limited else None
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=90)
        mails.take_away()
        database.take_away()


def _start(command: list[str], settings: Settings, said: Path) -> subprocess.Popen[bytes]:
    with said.open("wb") as log:
        process = subprocess.Popen(command, cwd=PROJECT, env=environment(settings), stdout=log, stderr=log)
    if not until(lambda: process.poll() is not None or b"serving until" in said.read_bytes(), within=300):
        process.kill()
    if process.poll() is not None:
        raise RuntimeError(f"the house did not start: {said.read_text(errors='replace')[-1000:]}")
    return process


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
