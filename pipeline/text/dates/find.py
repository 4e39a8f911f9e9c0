"""From a text to its dates: one pass over the lines that can hold any, each token handed to the reader of its kind."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from functools import cache

from pipeline.text.dates.counted import DIRECTIONS, ENGLISH_UNITS, PRONOUNS, read_counted, read_english_count
from pipeline.text.dates.days import day_phrases, read_day
from pipeline.text.dates.line import Line, lines_with
from pipeline.text.dates.mention import DateMention, Found, Reading, day_in
from pipeline.text.dates.names import names
from pipeline.text.dates.outlook import is_a_name, looks_ahead
from pipeline.text.dates.periods import MONTHS, WEEKS, YEARS, read_period
from pipeline.text.dates.resolve import resolve
from pipeline.text.dates.story import Story
from pipeline.text.dates.turns import BEFORE
from pipeline.text.dates.weekdays import PARTS_OF_DAY, read_weekday
from pipeline.text.dates.written import read_written
from pipeline.text.dates.years import YEAR_WORDS, read_year_alone
from pipeline.text.folding import Folded, fold

_Reader = Callable[[Line, int, Story], Found | None]
_TOO_COMMON = frozenset(["the", "that", "this", "same", "هذا", "ذلك", "نفس", "ذات"])
_TURNING = frozenset(["هذا", "هذه", "نفس", "ذات", "ذلك", "تلك", *BEFORE])


def find_dates(text: str, *, published_on: date | None, previous: date | None) -> tuple[DateMention, ...]:
    """Every date that `text` names and that can be told, in order and not overlapping.

    Args:
        text: Arabic or English as published; lines are its paragraphs.
        published_on: what أمس and missing years count from; None refuses them.
        previous: the day named in the text before this one, for a caller that goes paragraph by paragraph; what "a
            day earlier" counts from until `text` names a day itself.
    """
    folded = fold(text)
    story = Story(published_on, previous)
    mentions: list[DateMention] = []
    for line, begins in lines_with(folded, _hints()):
        if begins:
            story.begin_paragraph()
        mentions.extend(_mentions(folded, line, story))
    return tuple(mentions)


def _mentions(folded: Folded, line: Line, story: Story) -> Iterator[DateMention]:
    behind, readers = 0, _readers()
    for i in [i for i, word in enumerate(line.words) if word in readers or "0" <= word[0] <= "9"]:
        found = _read(line, i, story, readers) if i >= behind else None
        if found is None or found.first < behind:
            continue
        reading = found.reading
        if reading and (reading.basis == "text" or not line.is_quoted(i)):
            story.here.add(reading)
            yield _mention(folded, line, _with_part_of_day(line, found, behind), reading)
        behind = max(found.end, i + 1)


def _mention(folded: Folded, line: Line, found: Found, reading: Reading) -> DateMention:
    start, end = folded.span(line.spans[found.first][0], line.spans[found.end - 1][1])
    return DateMention(start=start, end=end, on=reading.on, precision=reading.precision, basis=reading.basis)


def _with_part_of_day(line: Line, found: Found, behind: int) -> Found:
    """يوم and مساء belong to the date that follows them."""
    led = found.first > behind and line.word(found.first - 1) in PARTS_OF_DAY
    return found._replace(first=found.first - 1) if led else found


def _read(line: Line, i: int, story: Story, readers: dict[str, tuple[_Reader, ...]]) -> Found | None:
    word = line.words[i]
    if "0" <= word[0] <= "9":
        return _read_date(line, i, story) or (_read_year(line, i, story) if len(word) == 4 else None)
    for reader in readers.get(word, ()):
        found = reader(line, i, story)
        if found:
            return found
    return None


def _read_date(line: Line, i: int, story: Story) -> Found | None:
    read = read_written(line, i)
    if read is None:
        return None
    written, end = read
    if written.year is None and not (written.month_turn or written.year_turn) and is_a_name(line, i, end):
        return Found(i, end, None)
    reading = resolve(written, story, ahead=written.year is None and looks_ahead(line, i))
    if reading is None and (written.day or written.readings):
        story.here.blurred = True
    return Found(i, end, reading)


def _read_year(line: Line, i: int, _: Story) -> Found | None:
    year = read_year_alone(line, i)
    on = day_in(year.value, 1, 1) if year else None
    return Found(i, year.end, Reading(on, "year", "text")) if year and on else None


@cache
def _readers() -> dict[str, tuple[_Reader, ...]]:
    """Which readers try a word, in turn."""
    known = names()
    tables: tuple[tuple[_Reader, frozenset[str]], ...] = (
        (_read_date, frozenset().union(known.weekdays, known.short_weekdays, known.months, known.month_pairs)),
        (_read_date, frozenset().union(known.units, known.tens, known.english_ordinals, ["twenty"], BEFORE)),
        (read_weekday, frozenset(known.weekdays)),
        (read_day, frozenset(day_phrases())),
        (read_counted, frozenset([*DIRECTIONS, *PRONOUNS])),
        (read_english_count, frozenset(ENGLISH_UNITS)),
        (read_period, frozenset().union(MONTHS, YEARS, WEEKS, _TURNING)),
        (_read_year, YEAR_WORDS),
    )
    readers: dict[str, tuple[_Reader, ...]] = {}
    for reader, words in tables:
        for word in words:
            readers[word] = (*readers.get(word, ()), reader)
    return readers


@cache
def _hints() -> frozenset[str]:
    """Words of which a line without a numeric date must hold one."""
    known = names()
    ordinals = {*known.units, *known.tens, *known.english_ordinals, "twenty"}
    return frozenset(_readers().keys() - ordinals - _TOO_COMMON)
