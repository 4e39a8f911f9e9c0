"""What stands behind a month: the year, or what is said in its place. And years that stand alone.

A number behind a month that is no year of the calendar breaks the date off, and it is refused: 3 أبريل 21.
"""

from __future__ import annotations

from dataclasses import replace

from pipeline.text.dates.hijri import YEARS as HIJRI_YEARS
from pipeline.text.dates.line import Line
from pipeline.text.dates.names import AD, AH, folded
from pipeline.text.dates.parts import REFUSED, YEARS, Part, Read, Written
from pipeline.text.dates.turns import behind, is_last_but_one, read_turned

YEAR_WORDS = folded("عام العام للعام لعام بعام وعام سنة السنة لسنة") | {"year"}
_LINKS = frozenset(["من", "في", "of", "in"])
_COMMAS = frozenset([",", "،"])
_TIES = frozenset("/-.")
_RANGES = frozenset("-–—/")
_COUNTED = folded(
    "صاروخ صاروخا قذيفة مقاتل مقاتلا مسلح مسلحا عنصر عنصرا جندي جنديا شخص شخصا قتيل قتيلا جريح جريحا شهيد شهيدا",
    "مدني مدنيا مواطن مواطنا لاجئ نازح عائلة أسرة منزل منزلا غارة هجوم هجوما عملية طائرة دبابة آلية ضابط متظاهر",
    "دولار دولارا دينار ريال برميل طن متر كيلومتر كلم كم حالة إصابة",
    "people fighters rockets missiles soldiers troops men civilians homes families dollars barrels tons cases",
)
_AFTER_A_YEAR = folded(
    "the and or when after before by to as but with that for who which it he she they we in on at from while until",
    "under during amid is was has had have",
)


def read_year(line: Line, written: Written, i: int) -> Read:
    """`written` with the year that stands at token `i`, as it is when there is none, or refused."""
    turn = behind().get(line.word(i))
    if turn and turn != "same":
        return Read(replace(written, month_turn=turn), i + 1)
    j = i + (line.word(i) in _COMMAS)
    turned = read_turned(line, j + (line.word(j) in _LINKS), YEAR_WORDS)
    if turned:
        return Read(replace(written, year_turn=turned[0]), turned[1])
    if is_last_but_one(line, i):
        return Read(REFUSED, i + 2)
    return _number(line, written, i)


def read_year_alone(line: Line, i: int) -> Part | None:
    """عام 2003 from its noun on; in 2003 from the number on, where no counted thing follows."""
    if line.word(i) in YEAR_WORDS:
        year = _year_at(line, i + 1, hijri=False)
        if year is None or line.word(year.end) in AH:
            return None
        return Part(year.value, year.end + (line.word(year.end) in AD))
    following = line.word(i + 1)
    led = line.word(i - 1) in {"in", "since", "في", "منذ", "وفي"}
    free = line.is_closed(i + 1) or following in _AFTER_A_YEAR or following in AD
    year = _year_at(line, i, hijri=False) if led and free else None
    return year if year is None else Part(year.value, year.end + (following in AD))


def _number(line: Line, written: Written, i: int) -> Read:
    j = i + (line.word(i) in _COMMAS or (line.word(i) in _TIES and line.touches(i) and line.is_number(i + 1)))
    linked = j + (line.word(j) in _LINKS)
    marked = line.word(linked) in YEAR_WORDS
    if marked or (linked > j and len(line.word(linked)) == 4):
        j = linked + marked
    year = _year_at(line, j, hijri=written.hijri)
    if year is None:
        broken = marked or (line.is_number(j) and (j == i or len(line.word(j)) == 4)) or line.word(i) in {"'", "’"}
        return Read(REFUSED, max(i, j)) if broken else Read(written, i)
    following = line.word(year.end)
    era = AH if written.hijri else AD
    if following in (AD if written.hijri else AH) or _is_count(line, year, bare=j == i):
        return Read(REFUSED, year.end)
    return Read(replace(written, year=year.value), year.end + (following in era))


def _is_count(line: Line, year: Part, *, bare: bool) -> bool:
    """أبريل 2000 صاروخ: before a thing that is counted it is no year, unless عام or a comma says so."""
    return bare and line.word(year.end) in _COUNTED


def _year_at(line: Line, i: int, *, hijri: bool) -> Part | None:
    year = line.number(i, 4)
    if year is None or year not in (HIJRI_YEARS if hijri else YEARS):
        return None
    ranged = line.word(i + 1) in _RANGES and line.is_number(i + 2) and line.touches(i) and line.touches(i + 1)
    counted = line.word(i + 1) in {",", ".", "٬"} and line.is_number(i + 2) and line.touches(i + 1)
    return None if ranged or counted else Part(year, i + 1)
