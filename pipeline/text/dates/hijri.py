"""Hijri dates as spans of Gregorian days.

The arithmetic (tabular) calendar: thirty-year cycles with leap years 2, 5, 7, 10, 13, 16, 18, 21, 24, 26 and 29, civil
epoch 16 July 622 (Julian); the formula is that of Dershowitz and Reingold, *Calendrical Calculations*. Months are in
fact begun by sighting or by the Umm al-Qura tables, which differ from it, and between countries, by a day or two.
So a Hijri date is a span of five days, and only a weekday or a Gregorian date beside it makes it one day.
"""

from __future__ import annotations

from datetime import date, timedelta

YEARS = range(1318, 1501)
"""Hijri years that are read; they lie inside the Gregorian years that are read."""

DOUBT = timedelta(days=2)
_JULIAN_DAY_OF_ORDINAL_0 = 1_721_425
_EPOCH = 1_948_440 - 385


def tabular(year: int, month: int, day: int) -> date:
    """The Gregorian day of the arithmetic calendar for a Hijri day of `YEARS`."""
    julian = (11 * year + 3) // 30 + 354 * year + 30 * month - (month - 1) // 2 + day + _EPOCH
    return date.fromordinal(julian - _JULIAN_DAY_OF_ORDINAL_0)


def span_of(year: int, month: int, day: int | None) -> tuple[date, date]:
    """First and last Gregorian day that the Hijri day, or month when `day` is None, can be."""
    if day is not None:
        middle = tabular(year, month, day)
        return middle - DOUBT, middle + DOUBT
    return tabular(year, month, 1) - DOUBT, tabular(year, month, 30) + DOUBT
