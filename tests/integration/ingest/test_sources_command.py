"""`bayan sources` and `bayan evidence`."""

from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import yaml
from typer.testing import CliRunner

from pipeline import bootstrap
from pipeline.cli import app
from pipeline.embedded.mail_sink import MailSink
from tests.fakes.local_server import LocalServer

FEED = (
    '<rss version="2.0"><channel><title>D</title><item><title>Bridge</title><link>/1</link>'
    "<pubDate>Thu, 05 Mar 2026 10:00:00 GMT</pubDate></item></channel></rss>"
)
TEXT = "The old bridge over the river will be closed for a week from Sunday, the city said on Thursday."


def run(*arguments):
    result = CliRunner().invoke(app, list(arguments))
    return result.exit_code, result.stdout


@pytest.fixture
def sources(tmp_path, monkeypatch):
    """A sources file of a server with a feed that is well, one that moved, one that is gone."""
    with LocalServer() as server:
        server.answer("/feed.xml", FEED)
        server.answer("/1", f"<article><h1>Bridge</h1><p>{TEXT}</p></article>", content_type="text/html")
        server.answer("/old.xml", status=301, location="/feed.xml")
        rows = [
            {"id": name, "kind": "feed", "url": f"{server.address}/{name}.xml", "name": name}
            for name in ("feed", "old", "none")
        ]
        (tmp_path / "sources.yml").write_text(yaml.safe_dump({"sources": rows}))
        monkeypatch.setenv("BAYAN_VAR", str(tmp_path / "var"))
        monkeypatch.setenv("BAYAN_SOURCES", str(tmp_path / "sources.yml"))
        monkeypatch.setenv("BAYAN_HOST_INTERVAL", "0")
        yield tmp_path


def test_check_tells_what_each_source_gives_and_what_is_wrong(sources):
    """A table with the number of things, the newest time and the remedy; nothing is kept; exit code 1."""
    code, said = run("sources", "check")
    rows = {line.split()[0]: line for line in said.splitlines() if line.strip() and "feed" in line}
    assert code == 1
    assert "2026-03-05 10:00" in rows["feed"]
    assert "moved for good to" in rows["old"]
    assert "status-404" in rows["none"]
    assert not (sources / "var" / "archive").exists()
    assert run("sources", "check", "feed")[0] == 0


def test_health_and_evidence_of_a_run(sources):
    """The state of each source, and every row proven; without a run it says how to make one."""
    settings = bootstrap.read_settings()
    bootstrap.prepare_warehouse(settings)
    assert "bayan run --once" in run("sources", "health")[1]
    summary = bootstrap.run_collect_many(settings, {name: f"run/{name}" for name in bootstrap.source_ids(settings)})
    assert (summary.counts["sources"], summary.counts["failed: status-404"]) == (3, 1)
    _, said = run("sources", "health")
    assert ["failing" in line for line in said.splitlines() if " none " in line] == [True]
    assert bootstrap.source_ids(settings, due=True) == []
    for command, how in (("verify", "all proven"), ("replay", "all identical when made again")):
        code, said = run("evidence", command)
        assert (code, how in said) == (0, True)


@pytest.mark.parametrize(("seconds", "due"), [(-60, True), (20, True), (60, False)])
def test_the_schedule_takes_what_is_due_or_nearly(sources, seconds, due):
    """A run that comes a moment before a source's time does not leave it for five minutes more."""
    settings = bootstrap.read_settings()
    bootstrap.prepare_warehouse(settings)
    bootstrap.run_collect(settings, "feed", run_id="run")
    with closing(bootstrap.open_warehouse(settings)) as warehouse:
        health = warehouse.health("feed")
        warehouse.save_health(replace(health, next_poll_at=datetime.now(UTC) + timedelta(seconds=seconds)))
    assert ("feed" in bootstrap.source_ids(settings, due=True)) is due


def test_a_row_that_does_not_match_is_named_and_fails(sources):
    """One line for it; exit code 1."""
    settings = bootstrap.read_settings()
    bootstrap.prepare_warehouse(settings)
    bootstrap.run_collect(settings, "feed", run_id="run")
    (file,) = (sources / "var" / "archive").rglob("*.warc.gz")
    file.unlink()
    code, said = run("evidence", "verify")
    assert (code, said.count("mismatch: ")) == (1, 3)
    assert "restore the file" in said


def test_operators_hear_once_of_a_source_that_is_disabled(sources, monkeypatch, tmp_path):
    """One mail to the operators with the source, its state and its problem; the next run says nothing again."""
    with MailSink(tmp_path / "mail") as sink:
        for name, value in {"HOST": "127.0.0.1", "PORT": sink.port, "TLS": "false"}.items():
            monkeypatch.setenv(f"BAYAN_SMTP_{name}", str(value))
        monkeypatch.setenv("BAYAN_OPERATORS", '["desk@team.example"]')
        settings = bootstrap.read_settings()
        bootstrap.prepare_warehouse(settings)
        for number in range(17):
            summary = bootstrap.run_collect_many(settings, {"none": f"run/{number}"})
    assert ([one.state for one in summary.reports], summary.untold) == (["disabled"], None)
    (mail,) = (tmp_path / "mail").glob("*.eml")
    said = mail.read_text()
    for words in (
        "To: desk@team.example",
        "Subject: Bayan needs you: source none (none) is disabled",
        "bayan sources check none",
        "404",
    ):
        assert words in said
