"""Time counted in days, weeks, months and years: قبل ثلاثة أيام, two days ago, وقبل يوم واحد فقط, a day earlier.

What is counted from:
- من الآن, ago: publication. ذلك, قبلها, earlier, later: the one day that the text named before (`Story.anchor`).
- قبل that opens its sentence with فقط continues the story: from the text, or from publication if no day was named.
- وقبل that opens its sentence without فقط can be either: refused where the two differ.
- any other قبل: publication; refused behind a written date of the same paragraph where the two differ.
- بعد: only from the text, and only where it opens its sentence with و or says ذلك.

A week is seven days; several weeks are only sure to their month, months are months and years years. Counts that say
about, more than, or, and a half are refused, and so is قبل يومين من of an event.
"""

from __future__ import annotations

from datetime import date
from typing import Literal, NamedTuple

from pipeline.records.statement import DateBasis
from pipeline.text.dates.line import Line
from pipeline.text.dates.mention import Found, Reading, days_later, months_later, settle
from pipeline.text.dates.names import folded, names
from pipeline.text.dates.outlook import looks_ahead
from pipeline.text.dates.story import Story

Unit = Literal["day", "week", "month", "year"]
_Origin = Literal["publication", "text", "story", "either", "open"]

_SEVERAL_WEEKS_DOUBT = 3
_ONE_AND_TWO: dict[str, tuple[int, Unit]] = {
    "يوم": (1, "day"), "يومين": (2, "day"), "اسبوع": (1, "week"), "اسبوعين": (2, "week"), "شهر": (1, "month"),
    "شهرين": (2, "month"), "عام": (1, "year"), "عامين": (2, "year"), "سنه": (1, "year"), "سنتين": (2, "year"),
}  # fmt: skip
_UNITS: dict[str, Unit] = {
    **dict.fromkeys(folded("يوم يوما أيام"), "day"),
    **dict.fromkeys(folded("أسبوع أسبوعا أسابيع"), "week"),
    **dict.fromkeys(folded("شهر شهرا أشهر شهور"), "month"),
    **dict.fromkeys(folded("عام عاما أعوام سنة سنوات سنين"), "year"),
}
ENGLISH_UNITS: dict[str, Unit] = {
    "day": "day", "days": "day", "week": "week", "weeks": "week", "month": "month", "months": "month",
    "year": "year", "years": "year",
}  # fmt: skip
DIRECTIONS = {"قبل": -1, "وقبل": -1, "فقبل": -1, "بعد": 1, "وبعد": 1, "فبعد": 1}
PRONOUNS = {
    f"{clitic}{word}": direction
    for word, direction in (("قبلها", -1), ("قبله", -1), ("بعدها", 1), ("بعده", 1))
    for clitic in ("", "و", "ف")
}
_THAT = folded("ذلك هذا")
_FROM_NOW = frozenset(["الان", "اليوم"])
_INEXACT = folded("ونصف ونيف أو تقريبا على إلى وبضعة وأيام") | {"-", "–"}
_APPROXIMATE = folded("about around nearly almost over than least some roughly approximately or to up under every - –")


class _Amount(NamedTuple):
    number: int
    unit: Unit
    end: int


def read_counted(line: Line, i: int, story: Story) -> Found | None:
    """The count that begins at token `i` with قبل, بعد or قبلها."""
    word = line.word(i)
    that = word in DIRECTIONS and line.word(i + 1) == "ذلك"
    if word in PRONOUNS or that:
        amount = _amount(line, i + 1 + that, "ب")
        direction = PRONOUNS.get(word) or DIRECTIONS[word]
        return Found(i, amount.end, _counted(story, amount, direction, "text")) if amount else None
    amount = _amount(line, i + 1, "")
    return _arabic(line, i, amount, story) if amount else None


def read_english_count(line: Line, i: int, story: Story) -> Found | None:
    """The count whose unit is token `i`: two days ago, a day earlier."""
    unit, following = ENGLISH_UNITS.get(line.word(i)), line.word(i + 1)
    count = line.number(i - 1, 2) or names().counts.get(line.word(i - 1))
    if unit is None or count is None or following not in {"ago", "earlier", "later"}:
        return None
    exact = line.word(i - 2) not in _APPROXIMATE and line.word(i + 2) not in {"than", "or", "this", *names().weekdays}
    direction = 1 if following == "later" else -1
    origin: _Origin = "publication" if following == "ago" else "text"
    reading = _counted(story, _Amount(count, unit, i + 2), direction, origin) if exact else None
    return Found(i - 1, i + 2, reading)


def _arabic(line: Line, i: int, amount: _Amount, story: Story) -> Found | None:
    end, only = amount.end, False
    while line.word(end) in {"واحد", "واحده", "فقط"}:
        only = only or line.word(end) == "فقط"
        end += 1
    if end == amount.end and amount.number == 1 and line.word(end).startswith("ال"):
        return None
    origin: _Origin | None = None
    if line.word(end) == "من":
        origin, end = _origin_behind(line, end + 1)
        if origin is None:
            return Found(i, end, None)
    if line.word(end) in _INEXACT or line.is_number(end):
        return Found(i, end, None)
    direction = DIRECTIONS[line.word(i)]
    origin = origin or _origin(line, i, direction, story, only=only)
    return Found(i, end, _counted(story, amount, direction, origin))


def _origin_behind(line: Line, i: int) -> tuple[_Origin | None, int]:
    """من الآن, من ذلك, من هذا التاريخ; anything else is an event whose day is not known here."""
    if line.word(i) in _FROM_NOW:
        return "publication", i + 1
    if line.word(i) in _THAT:
        return "text", i + 1 + (line.word(i + 1) == "التاريخ")
    return None, i


def _origin(line: Line, i: int, direction: int, story: Story, *, only: bool) -> _Origin:
    opens = line.opens_sentence(i)
    continues = opens and line.word(i)[0] in "وف"
    if direction > 0:
        return "text" if continues and not looks_ahead(line, i + 6) else "open"
    if only and opens:
        return "story"
    return "either" if only or continues or story.here.earliest_written else "publication"


def _counted(story: Story, amount: _Amount, direction: int, origin: _Origin) -> Reading | None:
    from_publication = _from(story.published_on, amount, direction, "relative-to-publication")
    base = story.anchor("day" if amount.unit == "week" else amount.unit)
    from_text = _from(base, amount, direction, "relative-to-text")
    if from_text and story.published_on and from_text.on > story.published_on:
        from_text = None
    match origin:
        case "publication":
            return from_publication
        case "text":
            return from_text
        case "story":
            return from_text if story.has_days() else from_publication
        case "either":
            agree = from_text is not None and from_publication is not None and from_text.on == from_publication.on
            return from_publication if agree or not story.has_days() else None
        case "open":
            return None


def _from(base: date | None, amount: _Amount, direction: int, basis: DateBasis) -> Reading | None:
    if base is None:
        return None
    count = direction * amount.number
    match amount.unit:
        case "day":
            on = days_later(base, count)
            return Reading(on, "day", basis) if on else None
        case "week":
            return _weeks(base, count, basis)
        case "month":
            month = months_later(base, count)
            return Reading(month, "month", basis) if month else None
        case "year":
            year = months_later(base, 12 * count)
            return Reading(year.replace(month=1), "year", basis) if year else None


def _weeks(base: date, count: int, basis: DateBasis) -> Reading | None:
    on = days_later(base, 7 * count)
    if on is None or abs(count) == 1:
        return Reading(on, "day", basis) if on else None
    first, last = days_later(on, -_SEVERAL_WEEKS_DOUBT), days_later(on, _SEVERAL_WEEKS_DOUBT)
    return settle(first, last, basis) if first and last else None


def _amount(line: Line, i: int, clitic: str) -> _Amount | None:
    """يومين, ثلاثة أيام, 15 يوما; with `clitic` written onto its first word."""
    word = line.word(i)
    if clitic and word == clitic and line.is_number(i + 1):
        i, word = i + 1, line.word(i + 1)
    elif clitic and not word.startswith(clitic):
        return None
    else:
        word = word.removeprefix(clitic)
    if word in _ONE_AND_TWO:
        known = names().months.keys() | names().weekdays.keys()
        named = line.is_number(i + 1) or line.word(i + 1) in known or line.word(i + 1) in names().month_pairs
        return None if named else _Amount(*_ONE_AND_TWO[word], i + 1)
    count = line.number(i, 2) or names().counts.get(word)
    unit = _UNITS.get(line.word(i + 1))
    if not count or unit is None:
        return None
    return _Amount(count, unit, i + 2)
