"""What is told now, what waits, what is kept quiet."""

from datetime import time, timedelta

import pytest

from pipeline.alerts.plan import Recent, Surroundings, plan, thread_of
from pipeline.records import Item, Schedule, Silence, Subscription
from tests.fakes.press import NOON, article, statement

HOUR = timedelta(hours=1)


def _desk(**schedule):
    return Subscription(subscription_id="desk", name="Desk", recipients=("a@n.example",), schedule=Schedule(**schedule))


def _item(key, **fields):
    return Item(**{"statement_id": key, "matched_at": NOON, "label": "threat", "group": "harbour-brigade"} | fields)


def _told(made):
    return [(mail.kind, [item.statement_id for item in mail.items]) for mail in made.mails]


def test_all_that_is_new_is_one_mail():
    """Without a grouping there is one mail, whatever the groups are."""
    due = [_item("s1"), _item("s2", group="hill-front"), _item("s3", group=None)]
    made = plan(_desk(), due, Surroundings(), now=NOON)
    assert (_told(made), made.waiting, made.notice) == ([("alert", ["s1", "s2", "s3"])], 0, 0)


def test_a_burst_is_a_mail_for_each_thread():
    """What has the same group (and target) stays together, in the order in which it came."""
    due = [_item("s1", thread="x"), _item("s2", thread="y"), _item("s3", thread="x")]
    made = plan(_desk(grouping="group"), due, Surroundings(), now=NOON)
    assert [(mail.thread, mail.kind) for mail in made.mails] == [("x", "alert"), ("y", "alert")]
    assert _told(made) == [("alert", ["s1", "s3"]), ("alert", ["s2"])]


def test_threads_are_those_of_group_and_target():
    """Spaces and case of the target make no other thread; by group alone the target makes none; by nothing none is."""
    of = article()
    port, again, other = (statement(of, target=it) for it in ("The Port", " the  port", "the base"))
    grouped = {by: [thread_of(_desk(grouping=by), it) for it in (port, again, other)] for by in ("group", "all")}
    by_target = [thread_of(_desk(grouping="group-and-target"), it) for it in (port, again, other)]
    assert grouped["all"] == ["", "", ""]
    assert len(set(grouped["group"])) == 1
    assert (by_target[0] == by_target[1], by_target[0] == by_target[2]) == (True, False)


def test_a_second_plan_of_nothing_is_empty():
    """What was told is due no more, so that the job may run at any time."""
    assert plan(_desk(), [], Surroundings(), now=NOON).mails == ()


def test_quiet_hours_keep_everything_and_lose_nothing():
    """Within them no mail is made, corrections neither; at their end all of it is."""
    desk = _desk(quiet=(time(11), time(13)))
    due = [_item("s1"), _item("s2", sequence=1, kind="superseded", follows="<1@b>")]
    within = plan(desk, due, Surroundings(), now=NOON)
    behind = plan(desk, due, Surroundings(), now=NOON + HOUR)
    assert (within.mails, within.waiting) == ((), 2)
    assert (_told(behind), behind.waiting) == ([("correction", ["s2"]), ("alert", ["s1"])], 0)


@pytest.mark.parametrize(
    ("covers", "quiet"),
    [
        ({}, ["s1", "s2", "s3"]),
        ({"subscription_id": "desk"}, ["s1", "s2", "s3"]),
        ({"subscription_id": "other"}, []),
        ({"group": "hill-front"}, ["s2"]),
        ({"label": "truce"}, ["s3"]),
        ({"group": "hill-front", "label": "truce"}, []),
    ],
)
def test_a_silence_covers_what_it_names(covers, quiet):
    """Subscription, group and label, each or all; the rest is told as ever."""
    silence = Silence(silence_id="q", reason="drill", starts_at=NOON - HOUR, ends_at=NOON + HOUR, **covers)
    due = [_item("s1"), _item("s2", group="hill-front"), _item("s3", label="truce")]
    made = plan(_desk(), due, Surroundings(silences=[silence]), now=NOON)
    told = [it for _, items in _told(made) for it in items]
    assert ([(item.statement_id, by) for item, by in made.silenced], sorted(told + quiet)) == (
        [(it, "q") for it in quiet],
        ["s1", "s2", "s3"],
    )


@pytest.mark.parametrize(("begins", "ends"), [(-2, 0), (1, 2)])
def test_a_silence_that_is_over_or_to_come_covers_nothing(begins, ends):
    """Its end is outside of it."""
    silence = Silence(silence_id="q", reason="drill", starts_at=NOON + begins * HOUR, ends_at=NOON + ends * HOUR)
    assert plan(_desk(), [_item("s1")], Surroundings(silences=[silence]), now=NOON).silenced == ()


def test_a_thread_rests_for_the_repeat_interval():
    """The next mail on the same group waits, another group's does not, and nothing is lost when the rest is over."""
    desk = _desk(grouping="group", repeat_after=6 * HOUR)
    recent = [Recent(created_at=NOON - 2 * HOUR, kind="alert", thread="x")]
    due = [_item("s1", thread="x"), _item("s2", thread="y")]
    early = plan(desk, due, Surroundings(recent=recent), now=NOON)
    later = plan(desk, due, Surroundings(recent=recent), now=NOON + 4 * HOUR)
    assert (_told(early), early.waiting) == ([("alert", ["s2"])], 1)
    assert _told(later) == [("alert", ["s1"]), ("alert", ["s2"])]


def test_a_correction_does_not_wait_for_the_repeat_interval():
    """Who was told wrongly hears of it at once, in one mail for each mail that told it."""
    desk = _desk(grouping="group", repeat_after=6 * HOUR)
    recent = [Recent(created_at=NOON, kind="alert", thread="x")]
    due = [_item(f"s{n}", sequence=1, kind="superseded", follows=f"<{n % 2}@b>", thread="x") for n in (1, 2, 3)]
    made = plan(desk, due, Surroundings(recent=recent), now=NOON)
    assert [(mail.follows, [it.statement_id for it in mail.items]) for mail in made.mails] == [
        ("<1@b>", ["s1", "s3"]),
        ("<0@b>", ["s2"]),
    ]


def test_the_last_mail_under_the_cap_takes_the_rest_with_it():
    """Three mails may go and five groups are due: the third tells the last three groups, and nothing waits."""
    due = [_item(f"s{n}", thread=f"t{n}") for n in range(5)]
    made = plan(_desk(grouping="group", mails_per_hour=3), due, Surroundings(), now=NOON)
    assert (_told(made), made.waiting, made.notice) == (
        [("alert", ["s0"]), ("alert", ["s1"]), ("alert", ["s2", "s3", "s4"])],
        0,
        0,
    )


def test_over_the_cap_one_notice_says_how_much_waits():
    """The hour is full: no alert is made, the statements stay due, and are told when the hour has passed."""
    desk = _desk(mails_per_hour=2)
    recent = [Recent(created_at=NOON - timedelta(minutes=n), kind="alert") for n in (10, 20)]
    due = [_item("s1"), _item("s2")]
    full = plan(desk, due, Surroundings(recent=recent), now=NOON)
    passed = plan(desk, due, Surroundings(recent=recent), now=NOON + HOUR)
    assert (full.mails, full.waiting, full.notice) == ((), 2, 2)
    assert (_told(passed), passed.notice) == ([("alert", ["s1", "s2"])], 0)


def test_a_notice_takes_no_room_under_the_cap():
    """It is no alert: the one mail that may go goes."""
    recent = [Recent(created_at=NOON, kind="notice")]
    assert len(plan(_desk(mails_per_hour=1), [_item("s1")], Surroundings(recent=recent), now=NOON).mails) == 1


def test_a_digest_tells_the_period_that_ended():
    """What was matched before its end, once, with the period; what came later waits for the next."""
    desk = _desk(pace="daily", at=time(8))
    due = [_item("s1", matched_at=NOON - 5 * HOUR), _item("s2", matched_at=NOON - HOUR)]
    made = plan(desk, due, Surroundings(), now=NOON)
    assert (_told(made), made.waiting) == ([("digest", ["s1"])], 1)
    assert made.mails[0].period == (NOON - 28 * HOUR, NOON - 4 * HOUR)


def test_a_digest_without_anything_is_no_mail():
    """Silence says that there was nothing."""
    made = plan(_desk(pace="hourly"), [_item("s1", matched_at=NOON)], Surroundings(), now=NOON)
    assert (made.mails, made.waiting) == ((), 1)
