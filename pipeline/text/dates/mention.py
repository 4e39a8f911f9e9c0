"""What is handed out of this package, and how exact a day is allowed to be called. How dates are read stays out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from pipeline.records.statement import DateBasis, DatePrecision


@dataclass(frozen=True, slots=True, kw_only=True)
class DateMention:
    """One date that a text names.

    Attributes:
        start: offset of its first character in the text as given.
        end: offset behind its last character.
        on: the day; of a month or a year its first day.
        precision: `day`, `month` or `year`.
        basis: `text`, `relative-to-text` or `relative-to-publication`; never `publication`, which no words stand for.
    """

    start: int
    end: int
    on: date
    precision: DatePrecision
    basis: DateBasis


class Reading(NamedTuple):
    """What words were read as, before it is known where they stand."""

    on: date
    precision: DatePrecision
    basis: DateBasis


class Found(NamedTuple):
    """Tokens `first` to `end` (exclusive) speak of time. No reading: refused, and nothing inside may be read again."""

    first: int
    end: int
    reading: Reading | None


def settle(first: date, last: date, basis: DateBasis) -> Reading | None:
    """The finest precision that holds for every day from `first` to `last`; None when they lie in two years."""
    if first == last:
        return Reading(first, "day", basis)
    if first.year != last.year:
        return None
    if first.month != last.month:
        return Reading(date(first.year, 1, 1), "year", basis)
    return Reading(first.replace(day=1), "month", basis)


def day_in(year: int, month: int, day: int) -> date | None:
    """The day, or None when the calendar has no such day."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def days_later(day: date, count: int) -> date | None:
    """`day` moved by `count` days, or None beyond the calendar's ends."""
    try:
        return day + timedelta(days=count)
    except OverflowError:
        return None


def months_later(day: date, count: int) -> date | None:
    """First day of the month `count` months from the month of `day`, or None beyond the calendar's ends."""
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    return day_in(year, month + 1, 1)
