"""Publication times as feeds and pages write them for machines. Dates in prose are for `pipeline.text.dates`."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime


def utc_of(moment: time.struct_time | None) -> datetime | None:
    """An aware datetime of a UTC `struct_time`, or None when there is none or it is no real time."""
    if moment is None:
        return None
    try:
        return datetime(*moment[:5], second=min(moment[5], 59), tzinfo=UTC)
    except (ValueError, OverflowError):
        return None


def read_time(value: str) -> datetime | None:
    """An ISO 8601 or RFC 5322 time as UTC, or None when it is neither; a time without a zone counts as UTC.

    Exactly midnight is what publishing systems write for a day without a time: it stays that day, whatever the zone
    (`2019-02-08T00:00:00+01:00` is 8 February and not 23:00 of the 7th).
    """
    moment = _parse(value.strip())
    if moment is None:
        return None
    if moment.timetz().replace(tzinfo=None).isoformat() == "00:00:00":
        return moment.replace(tzinfo=UTC)
    try:
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except OverflowError:
        return None


def _parse(value: str) -> datetime | None:
    for reader in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            return reader(value)
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
    return None
