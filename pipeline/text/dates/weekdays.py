"""Weekdays without a date: مساء الإثنين, on Monday, الجمعة الماضي.

News names the days of the week around publication by their weekday alone, so a bare weekday is the nearest one not
after publication; الماضي and last make it the nearest before, المقبل the nearest after. It is refused where it bounds
(حتى الجمعة, by Monday), repeats, belongs to a range or a name, looks ahead, or follows a written date of the same
paragraph that lies more than a week before publication, whose week it may be of.
"""

from __future__ import annotations

from datetime import date, timedelta

from pipeline.text.dates.line import Line
from pipeline.text.dates.mention import Found, Reading, days_later
from pipeline.text.dates.names import folded, names
from pipeline.text.dates.outlook import looks_ahead
from pipeline.text.dates.parts import Turn
from pipeline.text.dates.story import Story
from pipeline.text.dates.turns import behind, is_last_but_one

PARTS_OF_DAY = folded("يوم نهار صباح مساء فجر ظهر عصر ليل") | {"early", "late"}
_PARTS = PARTS_OF_DAY | folded("منتصف") | {"midnight"}
_BOUNDS = folded(
    "حتى قبل بعد منذ بحلول لغاية كل أيام ليلة عشية صلاة خطبة خطب خطيب إمام أئمة منبر جمعة سوق من إلى بين كلا أحد",
    "الواحد غداة ابتداء اعتبارا بدءا يومي",
    "before after by until till since every each from to for between through than the this next",
    "black good bloody super easter palm",
)
_RANGE_MARKS = folded("و إلى أو") | {"-", "–", "—", "/", "،", ",", "to", "through", "and", "or"}
_NAMES_BEHIND = folded(
    "السوداء الأسود العظيمة الحزينة اليتيمة والعشرين والعشرون الدامي الدامية",
    "prayers prayer times market school club sermon",
)
_NAMES_BEFORE = (["on", "mail"], ["the", "mail"])
_THE_TWO = folded("أن بأن لأن هذان")
"""الاثنين is Monday and the two: إن الاثنين is mostly a subject."""
_WEEK = timedelta(days=7)


def read_weekday(line: Line, i: int, story: Story) -> Found | None:
    """The bare weekday at token `i`."""
    weekday = names().weekdays.get(line.word(i))
    if weekday is None:
        return None
    turn = behind().get(line.word(i + 1))
    first, end = i, i + 1 + (turn is not None)
    if line.word(i - 1) == "last":
        turn, first = "last", i - 1
    if is_last_but_one(line, i + 1):
        return Found(i, i + 3, None)
    published_on = story.published_on
    if published_on is None or _is_refused(line, first, end) or _is_open(line, i, story, turn):
        return Found(first, end, None)
    on = _nearest(published_on, weekday, turn)
    return Found(first, end, Reading(on, "day", "relative-to-publication") if on else None)


def corrected(day: date, line: Line, i: int) -> tuple[date | None, int]:
    """`day` held against the weekday that may stand at token `i`, in brackets or behind a comma, and the token behind.

    A page is dated by its server's clock, so yesterday, Sunday may be a day off: the weekday is right then. One that
    lies further away contradicts the day, and there is none.
    """
    marked = line.word(i) in {"(", "،", ","}
    weekday = names().weekdays.get(line.word(i + marked))
    if weekday is None:
        return day, i
    end = i + marked + 1
    end += line.word(i) == "(" and line.word(end) == ")"
    shift = (weekday - day.weekday() + 1) % 7 - 1
    return (days_later(day, shift) if shift <= 1 else None), end


def _nearest(published_on: date, weekday: int, turn: Turn | None) -> date | None:
    ago = (published_on.weekday() - weekday) % 7
    if turn == "next":
        return days_later(published_on, 7 - ago)
    if turn == "last":
        return days_later(published_on, -(ago or 7))
    return days_later(published_on, -ago) if turn is None else None


def _is_refused(line: Line, first: int, end: int) -> bool:
    """Whether the words around say that this is no single day, or not this one."""
    i = first - 1
    while line.word(i) in _PARTS and i > first - 4:
        i -= 1
    weekdays = names().weekdays
    ranged = (
        line.word(first - 1) in weekdays
        or line.word(end) in weekdays
        or (line.word(first - 1) in _RANGE_MARKS and line.word(first - 2) in weekdays)
        or (line.word(end) in _RANGE_MARKS and line.word(end + 1) in weekdays)
    )
    bounded = line.word(i) in _BOUNDS or line.word(i).removeprefix("و") in _BOUNDS
    named = line.word(end) in _NAMES_BEHIND or line.before(first, 2) in _NAMES_BEFORE
    return ranged or named or bounded or (line.word(first) == "الاثنين" and line.word(i) in _THE_TWO)


def _is_open(line: Line, i: int, story: Story, turn: Turn | None) -> bool:
    """Whether another week than that of publication may be meant."""
    if story.published_on is None or turn == "next":
        return False
    if turn is None and looks_ahead(line, i):
        return True
    written = story.here.earliest_written
    return written is not None and story.published_on - written > _WEEK
