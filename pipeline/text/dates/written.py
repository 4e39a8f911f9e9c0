"""Dates that are written out, as far as the words themselves go: الجمعة 8 فيفري 2019, the third of April, شباط الماضي.

A reader takes a line and a token and gives the parts with the token behind them; None where no date begins, `REFUSED`
where one begins that cannot be told. Which day the parts mean is `resolve`'s matter.
"""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from pipeline.text.dates.line import Line
from pipeline.text.dates.names import Month, folded, names
from pipeline.text.dates.numeric import read_numeric
from pipeline.text.dates.parts import REFUSED, Part, Read, Written
from pipeline.text.dates.turns import BEFORE, read_turned
from pipeline.text.dates.years import read_year

_OF = frozenset(["من", "of"])
_MONTH_NOUNS = frozenset(["الشهر", "month"])
_BEFORE_MONTH = frozenset(["شهر", "لشهر"])
_SUFFIXES = frozenset(["st", "nd", "rd", "th"])
_EPITHETS = folded("المبارك الحرام المعظم الخير المكرم")
_ALIAS_MARKS = frozenset("/\\(|-–—")
_AFTER_WEEKDAY = folded("الموافق الموافقة المصادف بتاريخ في يوم من") | {",", "،", "(", "the", "on", "."}
_COUNTERPART = folded("الموافق الموافقة المصادف ل") | {"(", "،", ",", "=", "/", "-", "–", "corresponding", "to"}
_VERBS = frozenset(["may", "march", "mar"])
"""English months that are also words: in lower case they need more than a number beside them."""
_LEADS = folded(
    "في خلال منذ منتصف أواخر أوائل مطلع بداية نهاية بنهاية شهر لشهر بشهر وفي ففي"
) | {"in", "since", "late", "early", "mid", "during", "until", "of"}  # fmt: skip


class _Day(NamedTuple):
    value: int
    end: int
    bare: bool
    """A number without st, nd, rd, th."""
    ordinal: bool
    """Written as a word."""


def read_written(line: Line, i: int) -> Read | None:
    """The written date that begins at token `i`, with its weekday and its counterpart in the other calendar."""
    weekday, start = _weekday_before(line, i)
    core = _read_core(line, start)
    if core is None or core.written.refused:
        return core
    written, end = core
    if weekday is not None:
        written = replace(written, weekday=weekday)
    return _weekday_behind(line, _counterpart(line, Read(_share_year(line, written, end), end)))


def begins_written(line: Line, i: int) -> bool:
    """Whether a written date begins at token `i` or behind a bracket or comma there."""
    j = i + 1 if line.word(i) in {"(", "،", ","} else i
    read = read_written(line, j)
    return read is not None and (read.written.day is not None or bool(read.written.readings))


def read_month(line: Line, i: int) -> tuple[Month, int] | None:
    """The month named at token `i`, its second name included (أبريل/ نيسان, يونيو (حزيران)).

    Number 0 says that two different months stand there as one.
    """
    named = _month_name(line, i)
    if named is None:
        return None
    month, end = named
    marks = 0
    while marks < 2 and line.word(end + marks) in _ALIAS_MARKS:
        marks += 1
    second = _month_name(line, end + marks)
    if second is None or second[0].hijri != month.hijri:
        return named
    between = line.words[end : end + marks]
    if second[0].number == month.number:
        closed = "(" in between and line.word(second[1]) == ")"
        return month, second[1] + closed
    return (month._replace(number=0), second[1]) if {"/", "(", "\\", "|"} & set(between) else named


def _month_name(line: Line, i: int) -> tuple[Month, int] | None:
    word = line.word(i)
    month = names().month_pairs.get(word, {}).get(line.word(i + 1))
    end = i + 2
    if month is None:
        month = names().months.get(word)
        end = i + 1
    if month is None:
        return None
    if month.hijri and line.word(end) in _EPITHETS:
        end += 1
    if word.isascii() and line.word(end) == "." and line.touches(end - 1) and line.is_number(end + 1):
        end += 1
    return month, end


def _read_core(line: Line, i: int) -> Read | None:
    if line.is_number(i):
        numeric = read_numeric(line, i)
        if numeric:
            return numeric
    return _day_first(line, i) or _month_first(line, i)


def _day_first(line: Line, i: int) -> Read | None:
    """3 أبريل, الثالث من أبريل, 3rd of April, 3 من الشهر الجاري."""
    day = _read_day(line, i)
    if day is None:
        return None
    linked = line.word(day.end) in _OF
    if (day.ordinal and not linked) or (linked and day.bare and line.word(day.end) == "of"):
        return None
    j = day.end + (linked or _is_tied(line, day.end))
    j += line.word(j) in _BEFORE_MONTH
    named = read_month(line, j)
    if named is None:
        return _day_of_turned_month(line, day.value, j) if linked else None
    read = _complete(line, day.value, *named)
    return None if _is_verb(line, j) and not linked and read.written.year is None else read


def _day_of_turned_month(line: Line, day: int, i: int) -> Read | None:
    turned = read_turned(line, i, _MONTH_NOUNS)
    return Read(Written(day=day, month_turn=turned[0]), turned[1]) if turned else None


def _month_first(line: Line, i: int) -> Read | None:
    """April 3, 2021; في أبريل 2021; آب الماضي; last June."""
    turn = BEFORE.get(line.word(i))
    named = read_month(line, i + 1 if turn else i)
    if named is None:
        return None
    month, end = named
    place = i + 1 if turn else i
    english = line.word(place).isascii()
    if turn:
        known = english and month.number and turn != "same" and line.is_capital(place)
        return Read(Written(month=month.number, month_turn=turn), end) if known else None
    day = _day_behind_month(line, end)
    if day:
        read = _complete(line, day.value, month, day.end)
        if read.written.refused or read.written.year or (english and not (_is_verb(line, i) and day.bare)):
            return read
    if _is_verb(line, i):
        return None
    return _month_alone(line, i, month, end)


def _day_behind_month(line: Line, i: int) -> _Day | None:
    j = i + 1 if line.word(i) == "the" else i
    day = _read_day(line, j)
    return None if day is None or day.ordinal else day


def _month_alone(line: Line, i: int, month: Month, end: int) -> Read:
    """A month with no day: with a year or الماضي it is one; else only behind في, منتصف, late … and if no other word."""
    read = _complete(line, None, month, end)
    told = read.written.year or read.written.year_turn or read.written.month_turn
    before = line.word(i - 1) if line.word(i - 1) != "-" else line.word(i - 2)
    led = before in _BEFORE_MONTH or (month.alone and before in _LEADS)
    if line.word(i).isascii():
        led = led and line.is_capital(i)
    followed = line.is_number(end) or _month_name(line, end) is not None
    return read if told or (led and not followed) else Read(REFUSED, end)


def _complete(line: Line, day: int | None, month: Month, i: int) -> Read:
    if not month.number:
        return Read(REFUSED, i)
    return read_year(line, Written(day=day, month=month.number, hijri=month.hijri), i)


def _share_year(line: Line, written: Written, i: int) -> Written:
    """بين 3 أبريل و5 مايو 2018: the year is written once, behind the second date."""
    bare = written.day is not None and written.month is not None and not written.readings
    if not bare or written.year is not None or written.month_turn or written.year_turn:
        return written
    if line.word(i) not in {"و", "الي", "حتي", "and", "to", "until", "through", "-", "–", "—"}:
        return written
    second = _read_core(line, i + 1)
    other = second.written if second else REFUSED
    if other.year is None or other.hijri != written.hijri or other.day is None or other.month is None:
        return written
    in_order = (written.month or 0, written.day or 0) <= (other.month, other.day)
    return replace(written, year=other.year) if in_order else REFUSED


def _counterpart(line: Line, read: Read) -> Read:
    """24 أبريل 2021 الموافق 12 رمضان 1442: one day, told twice."""
    if read.written.refused or read.written.day is None:
        return read
    j = read.end
    while j < read.end + 3 and line.word(j) in _COUNTERPART:
        j += 1
    second = _read_core(line, j)
    if second is None or second.written.day is None or second.written.hijri == read.written.hijri:
        return read
    closed = "(" in line.words[read.end : j] and line.word(second.end) == ")"
    return Read(replace(read.written, counterpart=second.written), second.end + closed)


def _weekday_before(line: Line, i: int) -> tuple[int | None, int]:
    word = line.word(i)
    weekday = names().weekdays.get(word, names().short_weekdays.get(word))
    if weekday is None:
        return None, i
    j = i + 1
    while j < i + 4 and line.word(j) in _AFTER_WEEKDAY:
        j += 1
    return weekday, j


def _weekday_behind(line: Line, read: Read) -> Read:
    """April 3, 2021 (Saturday)."""
    weekday = names().weekdays.get(line.word(read.end + 1))
    if weekday is None or line.word(read.end) != "(" or line.word(read.end + 2) != ")":
        return read
    agreed = read.written.weekday in (None, weekday)
    return Read(replace(read.written, weekday=weekday) if agreed else REFUSED, read.end + 3)


def _is_tied(line: Line, i: int) -> bool:
    """Whether token `i` is the mark of 3-Apr-2021, without spaces."""
    return line.word(i) in {"/", "-", "."} and line.touches(i - 1) and line.touches(i)


def _is_verb(line: Line, i: int) -> bool:
    return line.word(i) in _VERBS and not line.is_capital(i)


def _read_day(line: Line, i: int) -> _Day | None:
    number = line.number(i, 2)
    if number is not None:
        suffixed = line.word(i + 1) in _SUFFIXES and line.touches(i)
        whole = 1 <= number <= 31 and line.is_whole(i)
        return _Day(number, i + 1 + suffixed, bare=not suffixed, ordinal=False) if whole else None
    ordinal = _arabic_ordinal(line, i) or _english_ordinal(line, i)
    return _Day(ordinal.value, ordinal.end, bare=False, ordinal=True) if ordinal else None


def _arabic_ordinal(line: Line, i: int) -> Part | None:
    """الثالث, الثاني عشر, الخامس والعشرين, الثلاثين."""
    tens = names().tens.get(line.word(i))
    if tens:
        return Part(tens, i + 1)
    unit = names().units.get(line.word(i))
    if unit is None:
        return None
    following = line.word(i + 1)
    if following == "عشر":
        return Part(10 + unit, i + 2) if unit < 10 else None
    if following == "و" and line.word(i + 2) in names().tens:
        return _in_month(names().tens[line.word(i + 2)] + unit, i + 3)
    if following in names().and_tens:
        return _in_month(names().and_tens[following] + unit, i + 2)
    needs_tens = line.word(i).endswith(("حادي", "واحد"))
    return None if needs_tens else Part(unit, i + 1)


def _english_ordinal(line: Line, i: int) -> Part | None:
    """third, twenty-third, thirty first."""
    word = line.word(i)
    if word not in {"twenty", "thirty"}:
        value = names().english_ordinals.get(word)
        return Part(value, i + 1) if value else None
    j = i + 2 if line.word(i + 1) == "-" else i + 1
    unit = names().english_ordinals.get(line.word(j), 99)
    return _in_month({"twenty": 20, "thirty": 30}[word] + unit, j + 1) if unit < 10 else None


def _in_month(day: int, end: int) -> Part | None:
    return Part(day, end) if day <= 31 else None
