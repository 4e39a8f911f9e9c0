"""What a house leans on goes away for a moment and comes back; `make faults ONLY=house` does it for minutes."""

import json
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

import pytest

from faults.away import Database, Disk, MailServer, environment, losses, start_pass, until
from faults.collecting import outlet, sources_file
from pipeline.embedded.newsroom import Newsroom
from pipeline.settings import PROJECT, Settings

ARTICLES = 20


@pytest.fixture
def mails(tmp_path):
    with closing_down(MailServer(tmp_path / "mail")) as server:
        yield server


@pytest.fixture
def settings(tmp_path, mails):
    """A house on SQLite, with an outlet of twenty pages and a mail server."""
    outlet(tmp_path / "outlet", ARTICLES)
    with Newsroom(tmp_path / "outlet") as newsroom:
        yield Settings(
            var=tmp_path / "var",
            sources=sources_file(tmp_path / "sources.yml", newsroom.address),
            host_interval=0.0,
            smtp_host="127.0.0.1",
            smtp_port=mails.port,
            smtp_tls=False,
        )


@contextmanager
def closing_down(part):
    try:
        yield part
    finally:
        part.take_away()


def _pass(settings):
    process = start_pass(settings)
    said = process.communicate(timeout=120)[0]
    return process.returncode, said


def test_a_database_that_goes_away_costs_nothing_but_a_run(settings, mails):
    """Stopped while pages come in: the run ends with the remedy, and the next one has it all."""
    # A folder that the server's own user may enter.
    with tempfile.TemporaryDirectory(prefix="bayan-pg-") as folder, closing_down(Database(Path(folder))) as database:
        there = settings.model_copy(update={"warehouse_url": database.url})
        process = start_pass(there)
        until(lambda: process.poll() is not None or any(there.archive.rglob("*.warc.gz")), within=60)
        database.take_away()
        said = process.communicate(timeout=120)[0]
        assert (1, True) == (process.returncode, "start the server or wait until it answers" in said), said
        assert "Traceback" not in said
        database.give_back()
        assert 0 == _pass(there)[0]
        assert [] == losses(there, mails, articles=ARTICLES)


def test_a_mail_server_that_is_away_gets_every_mail_once_when_it_is_back(settings, mails):
    """Mails wait in the outbox, which the run says; the next run sends them."""
    mails.take_away()
    code, said = _pass(settings)
    mails.give_back()
    assert (1, True) == (code, "cannot be reached" in said), said
    assert 0 == _pass(settings)[0]
    assert [] == losses(settings, mails, articles=ARTICLES)
    assert 1 == len(mails.told("analyst@newsroom.example"))


ON_A_SMALL_DISK = """
import json, os, sys
from pathlib import Path
from faults.away import Disk, MailServer, losses, start_pass
from pipeline import bootstrap
settings = bootstrap.read_settings()
disk = Disk(settings.archive, megabytes=4)
mails = MailServer(Path(sys.argv[1]))
settings = settings.model_copy(update={"smtp_port": mails.port})
disk.take_away(os.getpid())
first = start_pass(settings)
said = first.communicate()[0]
disk.give_back(os.getpid())
second = start_pass(settings)
again = second.communicate()[0]
told = losses(settings, mails, articles=int(sys.argv[2]))
mails.take_away()
codes = [first.returncode, second.returncode]
print("RESULT" + json.dumps({"codes": codes, "said": said, "losses": told, "again": again}))
"""


def test_a_full_disk_ends_a_run_with_the_remedy_and_loses_nothing(settings, tmp_path):
    """The evidence cannot be kept, so nothing is taken without it; with room again the next run has it all."""
    disk = Disk(settings.archive, megabytes=4)
    if not disk.can_be_made():
        pytest.skip("no right to mount a small file system here, and no package gives it")
    command = disk.around([sys.executable, "-c", ON_A_SMALL_DISK, str(tmp_path / "kept"), str(ARTICLES)])
    done = subprocess.run(
        command, cwd=PROJECT, env=environment(settings), capture_output=True, text=True, timeout=180, check=False
    )
    result = json.loads(done.stdout.partition("RESULT")[2] or "{}")
    assert result, done.stderr[-2000:]
    assert "make room" in result["said"], result["said"]
    assert ([1, 0], []) == (result["codes"], result["losses"]), result["again"]
