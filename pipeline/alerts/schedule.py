"""When a subscription may be told: digests end at local times, quiet hours pass. The present is a parameter."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from pipeline.records.alert import Schedule

_DAY = timedelta(days=1)


def is_quiet(schedule: Schedule, now: datetime) -> bool:
    """Whether `now` lies in the quiet hours; their end is outside of them."""
    if schedule.quiet is None:
        return False
    begin, end = schedule.quiet
    local = now.astimezone(ZoneInfo(schedule.time_zone)).time()
    return begin <= local < end if begin <= end else local >= begin or local < end


def period_ended(schedule: Schedule, now: datetime) -> tuple[datetime, datetime] | None:
    """The last whole period of a digest at `now`, UTC; None for an immediate subscription.

    Periods are those of the clock on the wall: the night in which the clock changes has 23 hours, or 25.
    """
    if schedule.pace == "immediate":
        return None
    end = _boundary(schedule, now)
    return _boundary(schedule, end - timedelta(microseconds=1)), end


def period_before(schedule: Schedule, period: tuple[datetime, datetime]) -> tuple[datetime, datetime]:
    """The period before that one."""
    start = period[0]
    return _boundary(schedule, start - timedelta(microseconds=1)), start


def _boundary(schedule: Schedule, now: datetime) -> datetime:
    """The last end of a period that is not after `now`, UTC."""
    zone = ZoneInfo(schedule.time_zone)
    local = now.astimezone(zone)
    if schedule.pace == "hourly":
        # By the minutes, since an hour that passes twice when the clock is set back has two ends.
        into = timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
        return (now - into).astimezone(UTC)
    day = local.date()
    while (end := _at(day, schedule.at, zone)) > now or (
        schedule.pace == "weekly" and day.weekday() != schedule.weekday
    ):
        day -= _DAY
    return end


def _at(day: date, at: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, at, zone).astimezone(UTC)
