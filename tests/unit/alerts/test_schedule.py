"""When a subscription may be told, by the clock on its wall."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from pipeline.alerts.schedule import is_quiet, period_before, period_ended
from pipeline.records import Schedule


def _at(*moment):
    return datetime(*moment, tzinfo=UTC)


@pytest.mark.parametrize(
    ("clock", "quiet"), [("21:59", False), ("22:00", True), ("23:30", True), ("05:59", True), ("06:00", False)]
)
def test_quiet_hours_pass_midnight(clock, quiet):
    """From ten in the evening until six in the morning in Baghdad, the end excluded."""
    schedule = Schedule(quiet=(time(22), time(6)), time_zone="Asia/Baghdad")
    local = datetime.combine(date(2026, 3, 5), time.fromisoformat(clock), ZoneInfo("Asia/Baghdad"))
    assert is_quiet(schedule, local.astimezone(UTC)) is quiet


@pytest.mark.parametrize(("hour", "quiet"), [(12, False), (13, True), (14, False)])
def test_quiet_hours_within_a_day(hour, quiet):
    """A rest at noon is one."""
    assert is_quiet(Schedule(quiet=(time(13), time(14))), _at(2026, 3, 5, hour)) is quiet


def test_an_immediate_subscription_has_no_periods_and_is_never_quiet():
    """It is told at once."""
    now = _at(2026, 3, 5, 12)
    assert (period_ended(Schedule(), now), is_quiet(Schedule(), now)) == (None, False)


@pytest.mark.parametrize(
    ("schedule", "now", "period"),
    [
        (Schedule(pace="hourly"), _at(2026, 3, 5, 12, 59), (_at(2026, 3, 5, 11), _at(2026, 3, 5, 12))),
        (
            Schedule(pace="hourly", time_zone="Asia/Kolkata"),
            _at(2026, 3, 5, 12, 20),
            (_at(2026, 3, 5, 10, 30), _at(2026, 3, 5, 11, 30)),
        ),
        (
            Schedule(pace="daily", at=time(7), time_zone="Asia/Baghdad"),
            _at(2026, 3, 5, 4),
            (_at(2026, 3, 4, 4), _at(2026, 3, 5, 4)),
        ),
        (
            Schedule(pace="daily", at=time(7), time_zone="Asia/Baghdad"),
            _at(2026, 3, 5, 3, 59),
            (_at(2026, 3, 3, 4), _at(2026, 3, 4, 4)),
        ),
        (
            Schedule(pace="weekly", at=time(7), weekday=6),
            _at(2026, 3, 5, 12),
            (_at(2026, 2, 22, 7), _at(2026, 3, 1, 7)),
        ),
    ],
    ids=["hour", "hour-of-a-half", "day-just-ended", "day-not-yet", "week-to-sunday"],
)
def test_a_period_ends_by_local_time(schedule, now, period):
    """The last whole one before now, in UTC."""
    assert period_ended(schedule, now) == period


@pytest.mark.parametrize(("day", "hours"), [((2026, 3, 29), 23), ((2026, 10, 25), 25)], ids=["spring", "autumn"])
def test_the_day_on_which_the_clock_changes_is_shorter_or_longer(day, hours):
    """Midnight to midnight in Berlin has 23 hours in spring and 25 in autumn, and no statement falls between."""
    schedule = Schedule(pace="daily", at=time(0), time_zone="Europe/Berlin")
    start, end = period_ended(schedule, _at(*day, 23, 30))
    assert end - start == timedelta(hours=hours)
    assert period_before(schedule, (start, end))[1] == start


def test_an_hour_that_passes_twice_has_two_ends():
    """When the clock is set back there are two hours from two to three, each with its own digest."""
    schedule = Schedule(pace="hourly", time_zone="Europe/Berlin")
    ends = [period_ended(schedule, _at(2026, 10, 25, hour, 10))[1] for hour in (0, 1, 2)]
    assert ends == [_at(2026, 10, 25, hour) for hour in (0, 1, 2)]


def test_periods_follow_each_other_without_a_gap():
    """The one before ends where this one begins."""
    schedule = Schedule(pace="weekly", weekday=0, time_zone="Asia/Beirut")
    period = period_ended(schedule, _at(2026, 3, 5, 12))
    assert period_before(schedule, period) == (period[0] - timedelta(days=7), period[0])
