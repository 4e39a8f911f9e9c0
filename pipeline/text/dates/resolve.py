"""Which day, month or year written parts mean; None when they can mean several.

A year that is missing is taken from the publication date: the nearest such day not after it, if that lies less than
half a year back (the coming one would be nearer otherwise), if no future is spoken of, and if the text before does not
stand in another year. A weekday beside the date settles it, and a weekday that contradicts it refuses it.
"""

from __future__ import annotations

from datetime import date

from pipeline.records.statement import DateBasis
from pipeline.text.dates.hijri import span_of
from pipeline.text.dates.mention import Reading, day_in, days_later, months_later, settle
from pipeline.text.dates.parts import Turn, Written
from pipeline.text.dates.story import Story

_HALF_A_YEAR = 183
_STEP: dict[Turn, int] = {"last": -1, "this": 0, "next": 1, "same": 0}


def resolve(written: Written, story: Story, *, ahead: bool) -> Reading | None:
    """The day or month of `written`. `ahead`: the sentence speaks of the future before it."""
    if written.refused:
        return None
    if written.counterpart or written.hijri or written.year is not None:
        return _complete(written)
    if written.year_turn:
        return _in_turned_year(written, written.year_turn, story)
    if written.month_turn:
        return _in_turned_month(written, written.month_turn, story)
    return _without_year(written, story, ahead=ahead)


def _complete(written: Written) -> Reading | None:
    if written.counterpart:
        return _both_calendars(written, written.counterpart)
    if written.hijri:
        return _hijri(written)
    if written.readings:
        return _told_by_weekday(written)
    return _in_year(written, written.year, "text") if written.year is not None else None


def _in_year(written: Written, year: int, basis: DateBasis) -> Reading | None:
    on = _day(written, year)
    if on is None:
        return None
    if written.day is None:
        return Reading(on, "month", basis)
    return Reading(on, "day", basis) if written.weekday in (None, on.weekday()) else None


def _day(written: Written, year: int) -> date | None:
    """The written day in `year`; of a month its first day."""
    return day_in(year, written.month, written.day or 1) if written.month else None


def _told_by_weekday(written: Written) -> Reading | None:
    if written.weekday is None or written.year is None:
        return None
    days = [day_in(written.year, month, day) for day, month in written.readings]
    fitting = [day for day in days if day and day.weekday() == written.weekday]
    return Reading(fitting[0], "day", "text") if len(fitting) == 1 else None


def _hijri(written: Written) -> Reading | None:
    if written.year is None or written.month is None:
        return None
    first, last = span_of(written.year, written.month, written.day)
    if written.day is None or written.weekday is None:
        return settle(first, last, "text")
    for shift in range((last - first).days + 1):
        day = days_later(first, shift)
        if day and day.weekday() == written.weekday:
            return Reading(day, "day", "text")
    return None


def _both_calendars(written: Written, other: Written) -> Reading | None:
    """The Gregorian side counts; the Hijri side gives a year that is missing, and has to agree where it can."""
    gregorian, hijri = (other, written) if written.hijri else (written, other)
    if gregorian.readings or gregorian.month is None or gregorian.day is None:
        return None
    if hijri.year is None or hijri.month is None or hijri.day is None:
        known = gregorian.year if not hijri.readings else None
        return _in_year(_with_weekday(gregorian, written), known, "text") if known else None
    first, last = span_of(hijri.year, hijri.month, hijri.day)
    for year in sorted({first.year, last.year}) if gregorian.year is None else [gregorian.year]:
        reading = _in_year(_with_weekday(gregorian, written), year, "text")
        if reading and first <= reading.on <= last:
            return reading
    return None


def _with_weekday(gregorian: Written, written: Written) -> Written:
    return Written(day=gregorian.day, month=gregorian.month, weekday=written.weekday)


def _in_turned_year(written: Written, turn: Turn, story: Story) -> Reading | None:
    base = story.anchor("year") if turn == "same" else story.published_on
    basis: DateBasis = "relative-to-text" if turn == "same" else "relative-to-publication"
    return _in_year(written, base.year + _STEP[turn], basis) if base else None


def _in_turned_month(written: Written, turn: Turn, story: Story) -> Reading | None:
    if written.month is None:
        base = story.anchor("month") if turn == "same" else story.published_on
        basis: DateBasis = "relative-to-text" if turn == "same" else "relative-to-publication"
        first = months_later(base, _STEP[turn]) if base else None
        on = day_in(first.year, first.month, written.day or 1) if first else None
        fits = on and written.weekday in (None, on.weekday())
        return Reading(on, "day", basis) if on and fits else None
    if story.published_on is None or turn == "same":
        return None
    year = _year_of_turned(written.month, turn, story.published_on)
    return _in_year(written, year, "relative-to-publication") if year else None


def _year_of_turned(month: int, turn: Turn, published_on: date) -> int | None:
    """شباط الماضي is the nearest February behind; said in February it could be this one or that of a year ago."""
    if (month == published_on.month) != (turn == "this"):
        return None
    if turn == "last" and month > published_on.month:
        return published_on.year - 1
    if turn == "next" and month < published_on.month:
        return published_on.year + 1
    return published_on.year


def _without_year(written: Written, story: Story, *, ahead: bool) -> Reading | None:
    published_on = story.published_on
    if published_on is None:
        return None
    if written.day and written.weekday is not None:
        return _year_of_weekday(written, published_on)
    behind = _nearest(written, published_on, -1)
    if behind is None or ahead or not story.has_only_year(behind.year):
        return None
    if written.day and story.has_days() and behind.year != published_on.year:
        return Reading(behind, "day", "relative-to-text")
    near = (published_on - behind).days < _HALF_A_YEAR
    return Reading(behind, "day" if written.day else "month", "relative-to-publication") if near else None


def _year_of_weekday(written: Written, published_on: date) -> Reading | None:
    """The nearest day behind, or the one less than half a year ahead, whichever alone falls on the weekday."""
    behind, coming = _nearest(written, published_on, -1), _nearest(written, published_on, 1)
    if coming and (coming - published_on).days >= _HALF_A_YEAR:
        coming = None
    fitting = [day for day in (behind, coming) if day and day.weekday() == written.weekday]
    return Reading(fitting[0], "day", "relative-to-publication") if len(fitting) == 1 else None


def _nearest(written: Written, published_on: date, direction: int) -> date | None:
    """The nearest such day not after publication (-1), or after it (1), in the years on either side."""
    for year in (published_on.year, published_on.year + direction):
        day = _day(written, year)
        if day and (day <= published_on) == (direction < 0):
            return day
    return None
