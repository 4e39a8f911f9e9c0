"""The outbox: every statement is told once to a subscription, and a mail leaves it when it is sent or given up."""

import threading
import time
from contextlib import closing
from datetime import timedelta

import pytest

from pipeline.adapters.warehouse import Warehouse
from pipeline.errors import WarehouseError
from pipeline.jobs.alert import AlertPorts, send_outbox
from pipeline.records import Alert, AnalysedBatch, Failed, Refusal, Settled
from tests.fakes.alert_store import renderer
from tests.fakes.press import CLAIM, DAILY, NOON, article, page, statement

IT = article()
THREAT, CLAIMED = statement(IT), statement(IT, CLAIM, label="admission", cameo="015")
BOTH = tuple(sorted((THREAT.statement_id, CLAIMED.statement_id)))


@pytest.fixture
def loaded(warehouse):
    """A warehouse with two statements of one article."""
    warehouse.start_run("run-1", job="collect", now=NOON)
    warehouse.save_sources([DAILY], now=NOON)
    warehouse.save_page(page(IT), run_id="run-1", now=NOON)
    load(warehouse, [THREAT, CLAIMED])
    return warehouse


def load(warehouse, found, ruleset="rules-1"):
    batch = AnalysedBatch(analysed=[(IT, found)], held=(), verdicts=(), ruleset=ruleset)
    warehouse.load(batch, run_id="run-1", now=NOON)


def mail(*statement_ids: str, message_id="<1@bayan>", subscription_id="desk") -> Alert:
    return Alert(
        subscription_id=subscription_id,
        statement_ids=statement_ids,
        message_id=message_id,
        recipients=("desk@example.org", "night@example.org"),
        created_at=NOON,
    )


def untold(warehouse, subscription_id="desk") -> set[str]:
    return {statement_id for statement_id, _, _ in warehouse.unalerted(subscription_id)}


def test_what_is_queued_is_told_no_more_to_that_subscription(loaded):
    """A queued statement is untold only for the others, also before the mail is sent."""
    loaded.queue(mail(THREAT.statement_id))
    assert {CLAIMED.statement_id} == untold(loaded)
    assert set(BOTH) == untold(loaded, "other")


def test_the_outbox_gives_back_what_was_queued(loaded):
    """An alert waits as it was made, and tells its statements with their article."""
    loaded.queue(mail(*BOTH))
    assert (mail(*BOTH),) == loaded.outbox()
    assert [(THREAT, IT), (CLAIMED, IT)] == [(found, of) for _, found, of in loaded.alerted(mail(*BOTH))]


def test_queueing_an_alert_twice_makes_one(loaded):
    """A run that is repeated finds its alert in the outbox and adds none."""
    for _ in range(2):
        loaded.queue(mail(*BOTH))
    assert (mail(*BOTH),) == loaded.outbox()


def test_an_alert_tells_only_what_no_other_tells(loaded):
    """Of two alerts made at the same time the second keeps what is left, and one with nothing left is not kept."""
    loaded.queue(mail(THREAT.statement_id))
    loaded.queue(mail(*BOTH, message_id="<2@bayan>"))
    loaded.queue(mail(*BOTH, message_id="<3@bayan>"))
    assert [(THREAT.statement_id,), (CLAIMED.statement_id,)] == [alert.statement_ids for alert in loaded.outbox()]


def test_a_sent_mail_leaves_the_outbox(loaded):
    """What was sent waits no more, and its recipients are told for the end of the run."""
    loaded.queue(mail(*BOTH))
    loaded.settle("<1@bayan>", Settled(accepted=("desk@example.org", "night@example.org")), now=NOON)
    assert () == loaded.outbox()
    assert [("desk@example.org", "night@example.org")] == loaded.mails_since(NOON)
    assert [] == loaded.mails_since(NOON + timedelta(seconds=1))


def test_a_mail_that_some_refused_waits_for_those_alone(loaded):
    """The others have it: only the refused recipients stay."""
    loaded.queue(mail(*BOTH))
    refusal = Refusal(address="night@example.org", code=451, reply="later")
    settled = Settled(accepted=("desk@example.org",), refusals=(refusal,), left=("night@example.org",), problem="451")
    loaded.settle("<1@bayan>", settled, now=NOON)
    assert [("night@example.org",)] == [alert.recipients for alert in loaded.outbox()]
    told = {"desk@example.org": ("accepted", 250, None), "night@example.org": ("put-off", 451, "later")}
    assert told == loaded.deliveries("<1@bayan>")


@pytest.mark.parametrize(("final", "waiting"), [(False, 1), (True, 0)], ids=["retry", "final"])
def test_a_failed_mail_waits_unless_the_failure_is_final(loaded, final, waiting):
    """A failure that may pass keeps the mail in the outbox; a final one takes it out, statements told."""
    loaded.queue(mail(*BOTH))
    refusals = (Refusal(address="desk@example.org", code=550, reply="no such user \ud800"),)
    failed = Failed(name="smtp-550", problem="550 no such user \ud800", final=final, refusals=refusals)
    loaded.mark_failed("<1@bayan>", failed, now=NOON)
    assert (waiting, set()) == (len(loaded.outbox()), untold(loaded))
    assert {"desk@example.org": ("refused", 550, "no such user \\ud800")} == loaded.deliveries("<1@bayan>")


def test_what_stands_no_more_is_not_told(loaded):
    """A statement that the new rules do not find is not put into alerts, but an alert made before still tells it."""
    loaded.queue(mail(THREAT.statement_id))
    load(loaded, [], ruleset="rules-2")
    assert set() == untold(loaded)
    assert [THREAT] == [found for _, found, _ in loaded.alerted(mail(THREAT.statement_id))]


class SlowMailer:
    """Takes its time over each mail, and says when the first has begun."""

    def __init__(self) -> None:
        self.begun = threading.Event()
        self.sent: list[str] = []

    def send(self, message) -> tuple[()]:
        self.begun.set()
        time.sleep(0.2)
        self.sent.append(message["Message-ID"])
        return ()


def test_two_that_send_at_once_send_each_mail_once(loaded, url):
    """A task of Airflow and a command line that meet over one outbox do not both send what is in it."""
    loaded.queue(mail(*BOTH))
    mailer = SlowMailer()

    def send(run_id: str) -> None:
        with closing(Warehouse(url)) as it:
            ports = AlertPorts(store=it, mailer=mailer, renderer=renderer(), runs=it)
            send_outbox(ports=ports, subscriptions=(), run_id=run_id, now=NOON)

    first, second = (threading.Thread(target=send, args=(name,)) for name in ("one", "two"))
    first.start()
    mailer.begun.wait(timeout=20)
    second.start()
    for thread in (first, second):
        thread.join()
    assert ["<1@bayan>"] == mailer.sent


def test_a_lock_that_cannot_be_made_is_named(tmp_path):
    """Without a place for the lock file nothing is sent, and the line says why."""
    with (
        closing(Warehouse(f"sqlite:///{tmp_path / 'none' / 'warehouse.db'}")) as it,
        pytest.raises(WarehouseError, match=r"warehouse\.db\.sending: cannot be written .*permission"),
        it.sending(),
    ):
        pass


def test_of_many_statements_those_with_a_condition_are_read_first(warehouse):
    """What may still be averted is shown before what is newer; where there is room for all, all are read."""
    older = article(1, published_at=NOON - timedelta(days=1))
    newer = article(2, body="The Harbour Brigade will shell the lighthouse.")
    conditional, plain = statement(older, condition="if the blockade stays"), statement(newer, (0, len(newer.body)))
    warehouse.start_run("run-1", job="collect", now=NOON)
    warehouse.save_sources([DAILY], now=NOON)
    for number, of in ((2, newer), (1, older)):
        warehouse.save_page(page(of, number), run_id="run-1", now=NOON)
    analysed = [(newer, [plain]), (older, [conditional])]
    warehouse.load(AnalysedBatch(analysed=analysed, held=(), verdicts=(), ruleset="r"), run_id="run-1", now=NOON)
    waiting = mail(plain.statement_id, conditional.statement_id)
    warehouse.queue(waiting)
    conditions = [[found.condition for _, found, _ in warehouse.alerted(waiting, at_most=n)] for n in (1, 2)]
    assert [["if the blockade stays"], ["if the blockade stays", None]] == conditions
