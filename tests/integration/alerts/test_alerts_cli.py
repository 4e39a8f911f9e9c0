"""`bayan alerts` over a real warehouse and a real SMTP server."""

import pytest
from typer.testing import CliRunner

from pipeline.adapters.warehouse import Warehouse, migrate
from pipeline.cli.alerts import app
from pipeline.embedded.mail_sink import MailSink
from pipeline.errors import UsageError
from pipeline.records import Alert, AnalysedBatch
from tests.fakes.press import DAILY, NOON, article, page, statement


@pytest.fixture(scope="module")
def var(tmp_path_factory):
    """One folder for all tests here: it holds the compiled rules."""
    return tmp_path_factory.mktemp("var")


@pytest.fixture
def warehouse(var, tmp_path, monkeypatch):
    """A warehouse with one statement that nobody was told of, and settings that name it."""
    url = f"sqlite:///{tmp_path / 'warehouse.db'}"
    monkeypatch.setenv("BAYAN_VAR", str(var))
    monkeypatch.setenv("BAYAN_WAREHOUSE_URL", url)
    (tmp_path / "subscriptions").mkdir()
    (tmp_path / "subscriptions" / "all.yml").write_text("id: all\nname: Desk\nrecipients: [desk@newsroom.example]\n")
    monkeypatch.setenv("BAYAN_SUBSCRIPTIONS", str(tmp_path / "subscriptions"))
    migrate(url)
    it, of = Warehouse(url), article()
    it.start_run("run-1", job="analyse", now=NOON)
    it.save_sources([DAILY], now=NOON)
    it.save_page(page(of), run_id="run-1", now=NOON)
    it.load(
        AnalysedBatch(analysed=[(of, [statement(of)])], held=[], verdicts=[], ruleset="r1"), run_id="run-1", now=NOON
    )
    yield it
    it.close()


def _queued(warehouse):
    ((statement_id, _, _),) = warehouse.unalerted("all")
    alert = Alert(
        subscription_id="all",
        statement_ids=(statement_id,),
        message_id="<1@bayan.example>",
        recipients=("desk@newsroom.example",),
        created_at=NOON,
    )
    warehouse.queue(alert)
    return alert


def test_preview_prints_the_plain_part_and_changes_nothing(warehouse):
    """What would be sent now is shown as often as it is asked for."""
    shown = [CliRunner().invoke(app, ["preview"]) for _ in range(2)]
    assert [(each.exit_code, each.stdout) for each in shown] == [(0, shown[0].stdout)] * 2
    assert "To: desk@newsroom.example\nSubject: تهديد: " in shown[0].stdout
    assert "> " + article().body[28:88] in shown[0].stdout
    assert (len(warehouse.unalerted("all")), warehouse.outbox()) == (1, ())


def test_preview_writes_the_html_part(warehouse, tmp_path):
    """With --html the file holds the page and stdout stays empty."""
    target = tmp_path / "out" / "mail.html"
    result = CliRunner().invoke(app, ["preview", "--subscription", "all", "--html", str(target)])
    assert (result.exit_code, result.stdout) == (0, "")
    assert target.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


def test_a_file_that_cannot_be_written_is_wrong_usage(warehouse, tmp_path):
    """The error names the file; a traceback would not."""
    (tmp_path / "taken").write_text("")
    result = CliRunner().invoke(app, ["preview", "--html", str(tmp_path / "taken" / "mail.html")])
    assert isinstance(result.exception, UsageError)
    assert "mail.html: cannot be written" in str(result.exception)


def test_send_sends_the_outbox_and_queues_nothing(warehouse, monkeypatch, tmp_path):
    """First there is nothing to send; once an alert waits, it goes out once."""
    monkeypatch.setenv("BAYAN_SMTP_HOST", "127.0.0.1")
    monkeypatch.setenv("BAYAN_SMTP_TLS", "false")
    outputs = []
    with MailSink(tmp_path / "mail") as sink:
        monkeypatch.setenv("BAYAN_SMTP_PORT", str(sink.port))
        outputs.append(CliRunner().invoke(app, ["send"]).stdout)
        _queued(warehouse)
        outputs += [CliRunner().invoke(app, ["send"]).stdout for _ in range(2)]
    nothing = "mails 0, statements 0, waiting 0, failed 0\n"
    assert outputs == [nothing, "mails 1, statements 1, waiting 0, failed 0\n", nothing]
    assert len(list((tmp_path / "mail").glob("*.eml"))) == 1


def test_send_without_a_server_exits_with_one_and_keeps_the_mail(warehouse, monkeypatch):
    """The problem is one line on stderr that names server and remedy; the mail stays in the outbox."""
    monkeypatch.setenv("BAYAN_SMTP_HOST", "127.0.0.1")
    monkeypatch.setenv("BAYAN_SMTP_PORT", "1")
    queued = _queued(warehouse)
    result = CliRunner().invoke(app, ["send"])
    assert (result.exit_code, result.stdout) == (1, "mails 0, statements 0, waiting 1, failed 0\n")
    assert result.stderr.startswith("bayan: mail server 127.0.0.1:1: cannot be reached (")
    assert [each.message_id for each in warehouse.outbox()] == [queued.message_id]
