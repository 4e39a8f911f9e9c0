"""Dates of digits alone: 2021/04/03, 13-7-2021, 25.12.2020.

Year first is year, month, day. With the year last, day and month are told by a part above 12, by equal parts, or by a
weekday beside them; 03-04-2021 alone is both 3 April and March 4 somewhere and is refused. Years of two digits are
refused. A year of another calendar is read only where the text says so (هـ).
"""

from __future__ import annotations

from pipeline.text.dates.hijri import YEARS as HIJRI_YEARS
from pipeline.text.dates.line import Line
from pipeline.text.dates.names import AD, AH
from pipeline.text.dates.parts import REFUSED, YEARS, Read, Written

_MARKS = frozenset("/-.–")


def read_numeric(line: Line, i: int) -> Read | None:
    """The numeric date that begins at token `i`. Longer and mixed chains of numbers are refused whole."""
    end = _chain_end(line, i)
    if end - i < 5:
        return None
    suffix = line.word(end)
    if end - i > 5 or line.word(i + 1) != line.word(i + 3) or _is_tied(line, i, end):
        return Read(REFUSED, end)
    written = _parts([line.words[i], line.words[i + 2], line.words[i + 4]], hijri=suffix in AH)
    return Read(written, end + 1 if suffix in AH or suffix in AD else end)


def _chain_end(line: Line, i: int) -> int:
    """The token behind a number and each mark with a number that follows."""
    end = i + 1
    while line.word(end) in _MARKS and line.is_number(end + 1) and line.touches(end - 1) == line.touches(end):
        end += 2
    return end


def _is_tied(line: Line, i: int, end: int) -> bool:
    """Whether the digits are a piece of an address, a path or a code."""
    before = line.word(i - 1)
    tied_before = line.touches(i - 1) and (before in _MARKS or (before.isascii() and before.isalnum()))
    tied_behind = line.touches(end - 1) and line.word(end) in "/-" and line.touches(end)
    return tied_before or tied_behind


def _parts(digits: list[str], *, hijri: bool) -> Written:
    lengths = [len(part) for part in digits]
    if max(lengths) != 4 or max(lengths[1], min(lengths[0], lengths[2])) > 2:
        return REFUSED
    first, middle, last = (int(part) for part in digits)
    year_first = lengths[0] == 4
    year = first if year_first else last
    if year not in (HIJRI_YEARS if hijri else YEARS):
        return REFUSED
    pairs = {(last, middle)} if year_first else {(first, middle), (middle, first)}
    readings = tuple(sorted(pair for pair in pairs if 1 <= pair[0] <= 31 and 1 <= pair[1] <= 12))
    if not readings:
        return REFUSED
    if len(readings) > 1:
        return Written(year=year, hijri=hijri, readings=readings)
    return Written(day=readings[0][0], month=readings[0][1], year=year, hijri=hijri)
