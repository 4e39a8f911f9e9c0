"""How a source fares: what counts as a failure, what heals, when it is due, when it is silent."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from pipeline.ingest import Poll, after_poll, asking, first_health
from pipeline.records import Validators

NOW = datetime(2026, 3, 5, 12, tzinfo=UTC)
URL = "https://daily.example/feed.xml"
FULL = Poll(outcome="full", new=3)
SAME = Poll(outcome="same", conditional=True)
TAGGED = Validators(etag='"1"')


def failed(reason="timeout", **more):
    return Poll(outcome="failed", reason=reason, problem=f"{URL}: {reason}", **more)


def after(*polls, start=None, now=NOW, step=timedelta(hours=1)):
    """The health after polls that follow each other by a step."""
    health = start or first_health("daily", now=now)
    for number, poll in enumerate(polls):
        health = after_poll(health, poll, url=URL, now=now + number * step)
    return health


def test_a_304_heals_nothing():
    """It says that nothing changed, not that the source gives anything: the weight and the state stay."""
    health = after(FULL, failed(), SAME, SAME)
    assert (health.state, health.weight, health.reason) == ("failing", 1.0, "timeout")
    assert after(FULL, failed(), SAME, FULL).weight == 0


def test_a_valid_empty_feed_is_no_failure():
    """It has a state of its own and weighs nothing."""
    health = after(Poll(outcome="empty"))
    assert (health.state, health.weight, health.problem) == ("empty", 0, None)


@pytest.mark.parametrize(("reason", "polls"), [("timeout", 30), ("status-404", 15), ("status-410", 3)])
def test_a_source_is_disabled_after_thirty_weighted_failures(reason, polls):
    """What says that it is gone weighs more than what may pass."""
    assert after(*[failed(reason)] * (polls - 1)).state == "failing"
    assert after(*[failed(reason)] * polls).state == "disabled"


def test_a_disabled_source_is_probed_daily_and_comes_back_by_itself():
    """The next poll is a day away; the first thing that it gives makes it healthy."""
    disabled = after(*[failed("status-410")] * 3, step=timedelta())
    assert disabled.next_poll_at == NOW + timedelta(days=1)
    back = after(FULL, start=disabled, now=NOW + timedelta(days=1))
    assert (back.state, back.weight, back.state_since) == ("healthy", 0, NOW + timedelta(days=1))


def test_a_source_that_changes_is_polled_more_often_and_a_quiet_one_less():
    """From five minutes to a day, never more or less."""
    busy, quiet = after(*[FULL] * 10), after(*[Poll(outcome="full")] * 30)
    assert (busy.interval, quiet.interval) == (300, 86_400)
    assert busy.next_poll_at == NOW + timedelta(hours=9, seconds=300)


def test_a_failing_source_is_asked_less_often_and_no_sooner_than_it_wants():
    """Failures back off; Retry-After counts where it is longer."""
    once, often = after(failed()), after(*[failed()] * 5, step=timedelta())
    assert once.next_poll_at < often.next_poll_at <= NOW + timedelta(days=1)
    assert after(failed("status-503", retry_after=7200.0)).next_poll_at == NOW + timedelta(hours=2)


def test_a_source_is_silent_when_it_breaks_its_own_rhythm():
    """Hourly news is silent after a day, a weekly not after two weeks; a night is no silence."""
    hourly = Poll(outcome="full", new=9, times=[NOW - timedelta(hours=h) for h in range(9)])
    weekly = Poll(outcome="full", new=9, times=[NOW - timedelta(weeks=w) for w in range(9)])
    nothing = Poll(outcome="full")
    assert after(hourly, nothing, step=timedelta(hours=12)).state == "healthy"
    assert after(hourly, nothing, step=timedelta(hours=25)).state == "silent"
    assert after(weekly, nothing, step=timedelta(weeks=2)).state == "healthy"
    assert after(hourly, SAME, step=timedelta(hours=25)).state == "silent"


def test_a_feed_that_was_dead_before_we_came_is_silent_at_once():
    """Its own dates tell its rhythm and its end."""
    old = [NOW - timedelta(days=400 + day) for day in range(9)]
    assert after(Poll(outcome="full", new=9, times=old)).state == "silent"


def test_validators_are_sent_and_now_and_then_left_out():
    """Each tenth request is unconditional, since some servers repeat a validator after a change."""
    health = after(replace(FULL, validators=TAGGED, body_sha256="a"))
    sent = []
    for _ in range(12):
        validators = asking(health, URL)[1]
        sent.append(bool(validators))
        poll = SAME if validators else replace(FULL, validators=TAGGED, body_sha256="a")
        health = after(poll, start=health)
    assert sent == [True] * 10 + [False, True]
    assert not health.etag_lies


def test_a_server_that_repeats_a_validator_after_a_change_is_not_believed_again():
    """An unconditional answer with the old validator and another body ends conditional requests."""
    health = after(
        replace(FULL, validators=TAGGED, body_sha256="a"),
        replace(FULL, validators=TAGGED, body_sha256="b"),
    )
    assert (health.etag_lies, asking(health, URL)) == (True, (URL, Validators()))


def test_a_permanent_redirect_is_remembered_until_it_fails_or_the_file_changes():
    """The new address is asked; after a failure the one in the file again."""
    moved = after(replace(FULL, moved_to="https://daily.example/new.xml"))
    assert asking(moved, URL)[0] == "https://daily.example/new.xml"
    assert asking(moved, "https://other.example/feed.xml")[0] == "https://other.example/feed.xml"
    assert asking(after(failed(), start=moved), URL)[0] == URL
