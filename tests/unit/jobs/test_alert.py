"""What is new goes into the outbox, and what is in the outbox goes out."""

from datetime import timedelta

import pytest

from pipeline.errors import MailError, MailServerError, WarehouseUnavailableError
from pipeline.jobs.alert import AlertPorts, alert, preview, send_outbox, untold
from pipeline.records import Refusal, Schedule, Subscription
from tests.fakes.alert_store import REGISTRY, FakeAlertStore, FakeMailer, FakeRuns, renderer
from tests.fakes.press import CLAIM, NOON, article, statement

RENDERER = renderer()
ALL = Subscription(subscription_id="all", name="All", recipients=("a@n.example", "b@n.example"))
TRUCES = Subscription(subscription_id="truces", name="Truces", recipients=("c@n.example",), labels=("truce",))
DOWN = MailServerError("mail server h:25: cannot be reached (refused); start it")


def _found(key, **fields):
    return (key, statement(article(), **fields), article())


def _store():
    return FakeAlertStore(_found("s1"), _found("s2", span=CLAIM, label="admission"), _found("s3", label="truce"))


def _run(store, *answers, subscriptions=(ALL, TRUCES), job=alert):
    mailer, runs = FakeMailer(*answers), FakeRuns()
    ports = AlertPorts(store=store, mailer=mailer, renderer=RENDERER, runs=runs)
    report = job(ports=ports, subscriptions=subscriptions, run_id="run-1", now=NOON)
    return report, mailer.sent, runs


def test_each_subscription_gets_one_mail_about_what_it_asks_for():
    """Three statements, two subscriptions: one mail with three, one mail with the truce."""
    store = _store()
    report, sent, _ = _run(store)
    assert report.counts == {"mails": 2, "statements": 4, "waiting": 0, "failed": 0}
    assert [each.statement_ids for each in store.alerts.values()] == [("s1", "s2", "s3"), ("s3",)]
    assert [mail["Message-ID"] for mail in sent] == list(store.alerts)
    assert {each.sent_at for each in store.alerts.values()} == {NOON}


def test_a_second_run_sends_nothing():
    """What was told is not told again."""
    store = _store()
    _run(store)
    report, sent, _ = _run(store)
    assert (report.counts, sent) == ({"mails": 0, "statements": 0, "waiting": 0, "failed": 0}, [])


def test_only_what_is_new_is_told():
    """A statement that arrives later makes a mail of its own."""
    store = _store()
    _run(store)
    store.found["s4"] = _found("s4", label="truce", group="hill-front")
    report, sent, _ = _run(store)
    assert (report.mails, report.statements, len(sent)) == (2, 2, 2)


def test_a_new_subscription_is_told_everything_stored_once():
    """In one mail, on the first run that knows it."""
    store = _store()
    _run(store, subscriptions=[TRUCES])
    report, _, _ = _run(store, subscriptions=[ALL, TRUCES])
    assert report.counts == {"mails": 1, "statements": 3, "waiting": 0, "failed": 0}


def test_a_widened_subscription_is_told_what_it_missed():
    """What did not match then is not lost when the wish changes."""
    store = _store()
    _run(store, subscriptions=[TRUCES])
    wider = Subscription(subscription_id="truces", name="Truces", recipients=("c@n.example",), labels=())
    _run(store, subscriptions=[wider])
    assert [each.statement_ids for each in store.alerts.values()] == [("s3",), ("s1", "s2")]


def test_a_server_that_is_down_keeps_every_mail_in_the_outbox():
    """One clear line, no further attempt in this run, and the next run sends what waited."""
    store = _store()
    report, sent, runs = _run(store, DOWN)
    assert report.counts == {"mails": 0, "statements": 0, "waiting": 2, "failed": 0}
    assert report.problems == (f"{DOWN}; 2 mail(s) wait in the outbox for the next run",)
    assert (sent, runs.ended[0][3]) == ([], True)
    assert _run(store)[0].counts == {"mails": 2, "statements": 4, "waiting": 0, "failed": 0}


def test_a_mail_refused_for_now_waits_while_the_others_go():
    """A 4xx about one mail does not stop the next."""
    store = _store()
    report, sent, _ = _run(store, MailError("451 later", code=451))
    assert report.counts == {"mails": 1, "statements": 1, "waiting": 1, "failed": 0}
    assert [mail["To"] for mail in sent] == ["c@n.example"]
    assert report.problems == ("subscription all: 451 later",)


def test_a_mail_sent_again_has_the_same_message_id():
    """A retry in a later run is the same mail to every mail program."""
    store = _store()
    _run(store, MailError("lost"), subscriptions=[ALL])
    first = next(iter(store.alerts))
    _, sent, _ = _run(store, subscriptions=[ALL])
    assert [mail["Message-ID"] for mail in sent] == [first]


def test_a_mail_refused_for_good_is_kept_as_failed():
    """A 5xx is final: said once, not tried again, not forgotten."""
    store = _store()
    report, _, _ = _run(store, MailError("554 no", code=554, retryable=False), subscriptions=[ALL])
    assert report.counts == {"mails": 0, "statements": 0, "waiting": 0, "failed": 1}
    assert list(store.failed.values()) == ["554 no"]
    assert _run(store, subscriptions=[ALL])[0].counts == {"mails": 0, "statements": 0, "waiting": 0, "failed": 0}


def test_a_recipient_refused_for_now_is_tried_alone():
    """The others have the mail; only the one who was put off gets it again."""
    store = _store()
    refusal = Refusal(address="b@n.example", code=450, reply="greylisted")
    report, _, _ = _run(store, (refusal,), subscriptions=[ALL])
    assert report.counts == {"mails": 1, "statements": 3, "waiting": 1, "failed": 0}
    assert "b@n.example was refused (450 greylisted), the others have the mail" in report.problems[0]
    _, sent, _ = _run(store, subscriptions=[ALL])
    assert [mail["To"] for mail in sent] == ["b@n.example"]


def test_a_recipient_refused_for_good_is_named():
    """The mail counts as sent, the address is told with the remedy."""
    store = _store()
    refusal = Refusal(address="b@n.example", code=550, reply="no such user")
    report, _, _ = _run(store, (refusal,), subscriptions=[ALL])
    assert (report.mails, report.waiting, store.outbox()) == (1, 0, ())
    assert report.problems == (
        "subscription all: b@n.example was refused (550 no such user), the others have the mail; "
        "correct or remove the address",
    )


@pytest.mark.parametrize(
    ("error", "codes"),
    [
        (MailError("554 no", code=554, retryable=False), [554, 554]),
        (MailError("refused", code=450, refusals=(("a@n.example", 550, "x"), ("b@n.example", 450, "y"))), [550, 450]),
        (MailError("lost"), []),
    ],
    ids=["mail-refused", "recipients-refused", "line-lost"],
)
def test_a_refusal_of_all_is_noted_for_each(error, codes):
    """Also a mail that nobody got says what became of it for each recipient; of a lost line nobody knows."""
    store = _store()
    _run(store, error, subscriptions=[ALL])
    (message_id,) = store.alerts
    assert store.results == {(message_id, it): code for it, code in zip(ALL.recipients, codes, strict=False)}


def test_a_statement_that_fell_before_its_mail_went_out_is_not_told():
    """Nobody has heard of it: the mail is taken back, and no correction is sent."""
    store = _store()
    _run(store, DOWN, subscriptions=[TRUCES])
    del store.found["s3"]
    report, sent, _ = _run(store, subscriptions=[TRUCES])
    assert (report.counts["mails"], sent, store.alerts) == (0, [], {})


def test_an_alert_whose_statements_are_gone_is_not_sent():
    """An empty mail helps nobody; it is kept with the reason."""
    store = _store()
    _run(store, DOWN, subscriptions=[TRUCES])
    del store.found["s3"]
    report, sent, _ = _run(store, subscriptions=[TRUCES], job=send_outbox)
    assert (report.failed, sent) == (1, [])
    assert report.problems == ("subscription truces: none of its statements stands any longer; nothing was sent",)


def test_a_wish_for_an_unknown_group_is_said():
    """Silence by a wrong id is reported with every run."""
    wrong = Subscription(subscription_id="w", name="W", recipients=("c@n.example",), groups=("no-such",))
    report, _, _ = _run(_store(), subscriptions=[wrong])
    assert "the registry has no group 'no-such'" in report.problems[0]


def test_the_outbox_alone_can_be_sent():
    """`send_outbox` sends what waits and queues nothing new."""
    store = _store()
    _run(store, DOWN, subscriptions=[TRUCES])
    report, sent, runs = _run(store, job=send_outbox)
    assert (report.mails, [mail["To"] for mail in sent], len(store.alerts)) == (1, ["c@n.example"], 1)
    assert runs.open == [("run-1", "alerts send")]


def test_a_preview_shows_and_changes_nothing():
    """What waits comes first, then what is new; no alert is queued or sent."""
    store = _store()
    _run(store, DOWN, subscriptions=[TRUCES])
    before = dict(store.alerts)
    mails = list(preview(store=store, renderer=RENDERER, subscriptions=[ALL, TRUCES], now=NOON + timedelta(days=1)))
    assert [mail["To"] for mail in mails] == ["c@n.example", "undisclosed-recipients:;"]
    assert store.alerts == before


def test_what_is_untold_counts_the_outbox_too():
    """New statements by the wishes, and those in mails that wait; nothing once all is sent."""
    store = _store()
    counted = [untold(store=store, registry=REGISTRY, subscriptions=[ALL, TRUCES], now=NOON)]
    for answers in ((DOWN,), ()):
        _run(store, *answers)
        counted.append(untold(store=store, registry=REGISTRY, subscriptions=[ALL, TRUCES], now=NOON))
    assert counted == [4, 4, 0]


def test_a_run_that_breaks_off_is_logged_as_failed():
    """The warehouse going away ends the run, and the log of runs says why."""
    store, runs = _store(), FakeRuns()

    def gone(subscription_id):
        raise WarehouseUnavailableError("warehouse: locked")

    store.due = gone
    ports = AlertPorts(store=store, mailer=FakeMailer(), renderer=RENDERER, runs=runs)
    with pytest.raises(WarehouseUnavailableError):
        alert(ports=ports, subscriptions=[ALL], run_id="run-1", now=NOON)
    assert [(problems, failed) for _, _, problems, failed in runs.ended] == [(("warehouse: locked",), True)]


def test_over_the_cap_one_notice_goes_and_the_rest_follows_when_the_hour_has_passed():
    """One mail an hour: what comes after it waits, one notice says so however often the job runs, nothing is lost."""
    wish = Subscription(
        subscription_id="all", name="All", recipients=("a@n.example",), schedule=Schedule(mails_per_hour=1)
    )
    store, mailer = _store(), FakeMailer()
    ports = AlertPorts(store=store, mailer=mailer, renderer=RENDERER, runs=FakeRuns())

    def run(minutes, *new):
        for key in new:
            store.found[key] = _found(key, target=key)
        before = len(mailer.sent)
        alert(ports=ports, subscriptions=[wish], run_id="run-1", now=NOON + timedelta(minutes=minutes))
        return [mail["Subject"] for mail in mailer.sent[before:]]

    assert len(run(0)) == 1
    assert run(5, "s4") == ["بلغ عدد الرسائل حدّه (All)"]
    assert run(10, "s5") == []
    (after,) = run(61)
    assert after == "تصريحان: تهديد 2 (All)"
