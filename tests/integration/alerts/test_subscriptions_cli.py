"""`bayan alerts subscriptions`, `silences` and `preview --days` over a real warehouse."""

from datetime import UTC, datetime, timedelta

import pytest
import yaml
from typer.testing import CliRunner

from pipeline.adapters.http.webhook import subscription_key
from pipeline.adapters.warehouse import Warehouse, migrate
from pipeline.cli.alerts import app
from pipeline.errors import SettingsError, SubscriptionsError, UsageError
from pipeline.jobs.alert import AlertPorts, alert
from pipeline.records import AnalysedBatch, Subscription
from tests.fakes.alert_store import FakeMailer, renderer
from tests.fakes.press import CLAIM, DAILY, article, page, statement

NOW = datetime.now(UTC).replace(microsecond=0)
TRUCES = """
id: truces
name: الهدن
recipients: [truce@n.example]
labels: [truce]
deliver: daily
at: '07:30'
time_zone: Asia/Baghdad
quiet_hours: {from: '22:00', until: '06:00'}
"""


@pytest.fixture(scope="module")
def var(tmp_path_factory):
    """One folder for all tests here: it holds the compiled rules."""
    return tmp_path_factory.mktemp("var")


@pytest.fixture
def warehouse(var, tmp_path, monkeypatch):
    """A warehouse with a threat and a claim loaded two days ago, and one subscription in a file."""
    url = f"sqlite:///{tmp_path / 'warehouse.db'}"
    (tmp_path / "subscriptions").mkdir()
    (tmp_path / "subscriptions" / "all.yml").write_text("id: all\nname: Desk\nrecipients: [desk@n.example]\n")
    for name, value in (("VAR", var), ("WAREHOUSE_URL", url), ("SUBSCRIPTIONS", tmp_path / "subscriptions")):
        monkeypatch.setenv(f"BAYAN_{name}", str(value))
    migrate(url)
    it, of, then = Warehouse(url), article(), NOW - timedelta(days=2)
    it.start_run("run-1", job="analyse", now=then)
    it.save_sources([DAILY], now=then)
    it.save_page(page(of), run_id="run-1", now=then)
    found = [statement(of), statement(of, CLAIM, label="admission", cameo="015", group="hezbollah")]
    batch = AnalysedBatch(analysed=[(of, found)], held=[], verdicts=[], ruleset="r1")
    it.load(batch, run_id="run-1", now=then)
    yield it
    it.close()


@pytest.fixture
def bayan(warehouse):
    """Runs a command; gives the lines of its output, or the error that it raised."""

    def _run(*arguments):
        result = CliRunner().invoke(app, [str(each) for each in arguments])
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result.stdout.splitlines()

    return _run


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "truces.yml"
    path.write_text(TRUCES, encoding="utf-8")
    return path


def test_a_subscription_of_the_table_is_listed_shown_changed_and_removed(bayan, file):
    """It is served beside those of the files until it is removed, and shown as its file would say it."""
    assert bayan("subscriptions", "list") == ["all\tfile\timmediate\tdesk@n.example"]
    bayan("subscriptions", "add", file)
    assert bayan("subscriptions", "list")[1:] == ["truces\ttable\tdaily\ttruce@n.example"]
    assert yaml.safe_load("\n".join(bayan("subscriptions", "show", "truces"))) == yaml.safe_load(TRUCES)
    file.write_text(TRUCES.replace("daily", "weekly"), encoding="utf-8")
    bayan("subscriptions", "add", file)
    assert bayan("subscriptions", "list")[1:] == ["truces\ttable\tweekly\ttruce@n.example"]
    bayan("subscriptions", "remove", "truces")
    assert len(bayan("subscriptions", "list")) == 1


def test_what_stands_in_a_file_is_changed_there(bayan, file):
    """The table does not shadow a file, and does not remove it; the message names the file's folder."""
    file.write_text(TRUCES.replace("truces", "all"), encoding="utf-8")
    with pytest.raises(SubscriptionsError, match="change it there"):
        bayan("subscriptions", "add", file)
    with pytest.raises(SubscriptionsError, match="is not served from the table"):
        bayan("subscriptions", "remove", "all")


def test_an_address_that_is_none_is_refused(bayan, file):
    """With the file, the line and the value."""
    file.write_text(TRUCES.replace("truce@n.example", "'truce@n.example\\r\\nBcc: x'"), encoding="utf-8")
    with pytest.raises(SubscriptionsError, match=r"truces\.yml:4: .*no mail address"):
        bayan("subscriptions", "add", file)


def test_a_key_is_printed_for_the_receiver_alone(bayan, monkeypatch):
    """Derived from the installation's, which is not shown; without one the setting is named."""
    with pytest.raises(SettingsError, match="BAYAN_WEBHOOK_KEY"):
        bayan("subscriptions", "key", "all")
    monkeypatch.setenv("BAYAN_WEBHOOK_KEY", "open sesame")
    assert bayan("subscriptions", "key", "all") == [subscription_key("open sesame", "all")]


def test_what_comes_in_a_silence_is_counted_and_never_told(bayan, warehouse):
    """While it is in force nothing of the group is mailed, when it is lifted neither; the list says how much it was."""
    tomorrow = f"{NOW + timedelta(days=1):%Y-%m-%d}"
    (added,) = bayan("silences", "add", "--until", tomorrow, "--reason", "a drill", "--group", "hezbollah")
    silence_id = added.split(":")[0]
    desk = [Subscription(subscription_id="all", name="Desk", recipients=("desk@n.example",))]
    mailer = FakeMailer()
    ports = AlertPorts(store=warehouse, mailer=mailer, renderer=renderer(), runs=warehouse)
    alert(ports=ports, subscriptions=desk, run_id="run-2", now=datetime.now(UTC))
    bayan("silences", "lift", silence_id)
    alert(ports=ports, subscriptions=desk, run_id="run-3", now=datetime.now(UTC))
    assert [mail["Subject"] for mail in mailer.sent] == ["تهديد: Harbour Brigade (Desk)"]
    (line,) = bayan("silences", "list")
    assert [line.split("\t")[n] for n in (0, 2, 3, 4)] == [silence_id, "hezbollah", "1 kept quiet", "a drill"]


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--until", "2020-01-01", "--reason", "x"), "is past"),
        (("--until", "2999-01-01", "--reason", " "), "say why"),
        (("--until", "2999-01-01", "--reason", "x", "--group", "nobody"), "no such group"),
        (("--until", "2999-01-01", "--reason", "x", "--label", "rumour"), "there are threat, admission, truce"),
    ],
)
def test_a_silence_needs_an_end_a_reason_and_things_that_there_are(bayan, options, says):
    """What would stay without effect, or without explanation, is refused with the remedy."""
    with pytest.raises(UsageError, match=says):
        bayan("silences", "add", *options)


def test_a_silence_that_is_not_in_force_cannot_be_lifted(bayan):
    """The message says where to look."""
    with pytest.raises(UsageError, match="silences list"):
        bayan("silences", "lift", "abc123")


def test_the_last_thirty_days_are_rehearsed(bayan, warehouse):
    """What each subscription would have sent, mail by mail, and in sum; nothing is sent, noted or due by it."""
    lines = bayan("preview", "--days", "30")
    assert [line.split("UTC  ")[-1] for line in lines] == [
        "alert: admission 1, threat 1",
        "all: 1 mails, 2 statements in 30 days",
    ]
    assert bayan("preview", "--days", "1") == ["all: 0 mails, 0 statements in 1 days"]
    assert (warehouse.outbox(), warehouse.due("all")) == ((), ())
