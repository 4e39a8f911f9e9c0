"""Months and years told from where one stands: الشهر الماضي, هذا العام, last year; and the week before this one.

A last week has no precision of its own: it is its month, if all its possible days lie in one; else it is refused.
"""

from __future__ import annotations

from datetime import date

from pipeline.records.statement import DateBasis
from pipeline.text.dates.line import Line
from pipeline.text.dates.mention import Found, Reading, days_later, months_later, settle
from pipeline.text.dates.names import folded
from pipeline.text.dates.parts import Turn
from pipeline.text.dates.story import Story
from pipeline.text.dates.turns import is_last_but_one, read_turned

MONTHS = folded("الشهر بالشهر للشهر والشهر") | {"month"}
YEARS = folded("العام للعام بالعام والعام السنة للسنة والسنة") | {"year"}
WEEKS = folded("الأسبوع للأسبوع والأسبوع") | {"week"}
_STRETCHES = frozenset(["the", "past"])
_STEP: dict[Turn, int] = {"last": -1, "this": 0, "next": 1, "same": 0}


def read_period(line: Line, i: int, story: Story) -> Found | None:
    """The month, year or week told at token `i`."""
    if line.word(i) in MONTHS | YEARS | WEEKS and is_last_but_one(line, i + 1):
        return Found(i, i + 3, None)
    turned = read_turned(line, i, MONTHS | YEARS | WEEKS)
    if turned is None:
        return None
    turn, end = turned
    noun = line.word(end - 1) if line.word(end - 1) in MONTHS | YEARS | WEEKS else line.word(end - 2)
    if line.word(i).isascii() and line.word(i - 1) in _STRETCHES and turn != "same":
        return Found(i, end, None)
    base = story.anchor("month" if noun in MONTHS else "year") if turn == "same" else story.published_on
    basis: DateBasis = "relative-to-text" if turn == "same" else "relative-to-publication"
    return Found(i, end, _period(base, noun, turn, basis) if base else None)


def _period(base: date, noun: str, turn: Turn, basis: DateBasis) -> Reading | None:
    if noun in WEEKS:
        return _last_week(base, basis) if turn == "last" else None
    month = months_later(base, _STEP[turn] * (1 if noun in MONTHS else 12))
    if month is None:
        return None
    return Reading(month, "month", basis) if noun in MONTHS else Reading(month.replace(month=1), "year", basis)


def _last_week(base: date, basis: DateBasis) -> Reading | None:
    """Any day of the week before the week of `base`, whichever day a week begins on, and of the seven days behind."""
    first, last = days_later(base, -13), days_later(base, -1)
    reading = settle(first, last, basis) if first and last else None
    return reading if reading and reading.precision == "month" else None
