"""From a changed statement to what subscribers are told of it: by the database's own notes, once, with follow-ups."""

from datetime import time, timedelta

import pytest
from sqlalchemy import func, select, text

from pipeline.adapters.warehouse.alert_schema import statement_events
from pipeline.errors import MailError
from pipeline.jobs.alert import AlertPorts, alert
from pipeline.records import AnalysedBatch, Schedule, Subscription
from tests.fakes.alert_store import FakeMailer, renderer
from tests.fakes.press import CLAIM, DAILY, NOON, article, page, statement

IT = article()
THREAT, CLAIMED = statement(IT), statement(IT, CLAIM, label="admission", cameo="015")
DESK = Subscription(subscription_id="desk", name="Desk", recipients=("a@n.example",))


@pytest.fixture
def collected(warehouse):
    """A warehouse with an article whose statements are not loaded yet, and a subscriber who was told of nothing."""
    warehouse.start_run("run-1", job="collect", now=NOON)
    warehouse.save_sources([DAILY], now=NOON)
    warehouse.save_page(page(IT), run_id="run-1", now=NOON)
    run(warehouse)
    return warehouse


def load(warehouse, found, ruleset="rules-1"):
    batch = AnalysedBatch(analysed=[(IT, found)], held=(), verdicts=(), ruleset=ruleset)
    warehouse.load(batch, run_id="run-1", now=NOON)


def run(warehouse, *answers, minutes=0):
    mailer = FakeMailer(*answers)
    ports = AlertPorts(store=warehouse, mailer=mailer, renderer=renderer(), runs=warehouse)
    now = NOON + timedelta(minutes=minutes)
    alert(ports=ports, subscriptions=[DESK], run_id=f"alert-{minutes}", now=now)
    return mailer.sent


def notes(warehouse):
    with warehouse.reading() as connection:
        return connection.execute(select(func.count()).select_from(statement_events)).scalar_one()


def change_and_break_off(warehouse):
    with warehouse.writing() as connection:
        connection.execute(text("UPDATE statements SET superseded_at = recorded_at"))
        raise RuntimeError


def test_a_change_is_noted_in_the_transaction_that_makes_it(collected):
    """Each loaded statement is noted with its load; a change that is rolled back leaves no note."""
    load(collected, [THREAT, CLAIMED])
    with pytest.raises(RuntimeError):
        change_and_break_off(collected)
    assert 2 == notes(collected)


def test_what_is_loaded_is_told_once(collected):
    """The first run tells both statements in one mail, and the notes are gone; the second run tells nothing."""
    load(collected, [THREAT, CLAIMED])
    assert [1, 0] == [len(run(collected, minutes=n)) for n in (1, 2)]
    assert (0, ()) == (notes(collected), collected.outbox())


def test_a_statement_that_falls_is_corrected_in_its_thread(collected):
    """After the alert one correction that follows it, once; when it stands again, one more."""
    load(collected, [THREAT])
    (told,) = run(collected, minutes=1)
    load(collected, [], ruleset="rules-2")
    (correction,) = run(collected, minutes=2)
    assert [] == run(collected, minutes=3)
    load(collected, [THREAT], ruleset="rules-3")
    (again,) = run(collected, minutes=4)
    assert [told["Message-ID"]] * 2 == [correction["In-Reply-To"], again["In-Reply-To"]]
    assert 3 == len({mail["Message-ID"] for mail in (told, correction, again)})
    assert correction["Subject"].startswith("تصحيح: تهديد")
    assert "no longer stands" in correction.get_body(("plain",)).get_content()
    assert "stands again" in again.get_body(("plain",)).get_content()


def test_what_falls_before_it_was_told_is_never_told(collected):
    """Neither an alert nor a correction: nobody had heard of it."""
    load(collected, [THREAT])
    load(collected, [], ruleset="rules-2")
    assert [] == run(collected, minutes=1)


def test_a_retracted_article_is_told_as_such(collected):
    """Once its only article is gone, those who were told hear that it was withdrawn."""
    load(collected, [THREAT])
    (told,) = run(collected, minutes=1)
    with collected.writing() as connection:
        values = {"of": IT.article_id}
        connection.execute(
            text(
                "INSERT INTO article_events (event_id, article_id, kind, reason, observed_at, source_id) "
                "VALUES ('e1', :of, 'deleted', 'status-410', '2026-03-05 12:01:30.000000', 'daily')"
            ),
            values,
        )
    (correction,) = run(collected, minutes=2)
    assert told["Message-ID"] == correction["In-Reply-To"]
    assert "the article was withdrawn" in correction.get_body(("plain",)).get_content()


def test_a_reprint_alerts_nobody_again(collected):
    """Another outlet that carries the statement is a sighting of it: one mail in all, before and after it was told."""
    reprints = [article(number, outlet=f"Outlet {number}") for number in (2, 3)]
    load(collected, [THREAT])
    sent = []
    for minute, again in enumerate(reprints, start=1):
        number = int(again.capture_id.rsplit("-", 1)[1])
        collected.save_page(page(again, number), run_id="run-1", now=NOON)
        batch = AnalysedBatch(analysed=[(again, [statement(again)])], held=(), verdicts=(), ruleset="rules-1")
        collected.load(batch, run_id="run-1", now=NOON)
        sent += run(collected, minutes=minute)
    assert [3] == [row.sightings for row in collected.statement_rows()]
    assert 1 == len(sent)
    assert "Outlet 2" in sent[0].get_body(("plain",)).get_content()


def test_a_digest_is_held_against_the_period_before(collected):
    """One statement on the first day, another on the second: each digest counts its own and the day before."""
    daily = Subscription(
        subscription_id="daily", name="Daily", recipients=("a@n.example",), schedule=Schedule(pace="daily", at=time(0))
    )
    mailer = FakeMailer()
    ports = AlertPorts(store=collected, mailer=mailer, renderer=renderer(), runs=collected)

    def run_at(**after):
        alert(ports=ports, subscriptions=[daily], run_id="daily", now=NOON + timedelta(**after))

    run_at(minutes=1)
    for day, found in ((0, [THREAT]), (1, [THREAT, CLAIMED])):
        load(collected, found, ruleset=f"rules-{day}")
        run_at(days=day, hours=1)
        run_at(days=day, hours=13)
        run_at(days=day, hours=14)
    told = [mail.get_body(("plain",)).get_content() for mail in mailer.sent]
    counts = [[line for line in text.splitlines() if "السابقة: " in line and ":" in line] for text in told]
    assert [
        ["تهديد: 1 (السابقة: 0، الفرق: +1)", "إعلان مسؤولية: 0 (السابقة: 0، الفرق: =)"],
        ["تهديد: 0 (السابقة: 1، الفرق: -1)", "إعلان مسؤولية: 1 (السابقة: 0، الفرق: +1)"],
    ] == [lines[:2] for lines in counts]


def test_what_a_server_may_have_taken_before_the_line_died_is_corrected(collected):
    """Nobody knows whether the mail arrived: it is sent again under its Message-ID, and its correction follows."""
    load(collected, [THREAT])
    assert [] == run(collected, MailError("the line was lost"), minutes=1)
    load(collected, [], ruleset="rules-2")
    again, correction = run(collected, minutes=2)
    assert again["Message-ID"] == correction["In-Reply-To"]
    assert correction["Subject"].startswith("تصحيح: تهديد")


def test_a_correction_waits_for_the_mail_that_it_corrects(collected):
    """While that one rests after a second lost line the correction stays too; then both go, in their order."""
    load(collected, [THREAT])
    lost = MailError("the line was lost")
    assert [[], []] == [run(collected, lost, minutes=minute) for minute in (1, 2)]
    load(collected, [], ruleset="rules-2")
    assert [] == run(collected, minutes=2)
    told, correction = run(collected, minutes=10)
    assert told["Message-ID"] == correction["In-Reply-To"]


def test_what_the_server_never_had_is_taken_back(collected):
    """It refused the mail, then the statement fell: there is nothing to correct, and nothing is sent."""
    load(collected, [THREAT])
    assert [] == run(collected, MailError("451 later", code=451), minutes=1)
    load(collected, [], ruleset="rules-2")
    assert [] == run(collected, minutes=2)
