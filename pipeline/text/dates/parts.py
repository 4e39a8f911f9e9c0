"""The parts of a written date, before anybody asks which day they mean."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

Turn = Literal["last", "this", "next", "same"]
"""A month or year told from where one stands: last, this or next seen from publication, the same as in the text."""

YEARS = range(1900, 2100)
"""Gregorian years that are read; other numbers of four digits are counts or other calendars."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What the words say.

    Attributes:
        day: 1 to 31, or None.
        month: 1 to 12, or None when `month_turn` stands in for it.
        year: of the calendar, or None.
        hijri: the parts are of the Hijri calendar.
        month_turn: شباط الماضي, من الشهر الجاري.
        year_turn: من العام الماضي.
        weekday: 0 (Monday) to 6, or None.
        counterpart: the same day in the other calendar.
        readings: (day, month) pairs of a numeric date that the digits alone cannot tell.
        refused: a date stands here that cannot be told.
    """

    day: int | None = None
    month: int | None = None
    year: int | None = None
    hijri: bool = False
    month_turn: Turn | None = None
    year_turn: Turn | None = None
    weekday: int | None = None
    counterpart: Written | None = None
    readings: tuple[tuple[int, int], ...] = ()
    refused: bool = False


REFUSED = Written(refused=True)


class Read(NamedTuple):
    """A date's parts and the token behind them."""

    written: Written
    end: int


class Part(NamedTuple):
    """A number and the token behind it."""

    value: int
    end: int
