"""Days named by their distance: أمس, اليوم, أول من أمس, today; and by a day of the text: في اليوم التالي, that day.

أمس and اليوم count from publication, the second kind from the one day that the text named before (`Story.anchor`).
الليلة الماضية and last night are not read: they lie on two days.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from typing import NamedTuple

from pipeline.text.dates.line import Line
from pipeline.text.dates.mention import Found, Reading, days_later
from pipeline.text.dates.names import folded
from pipeline.text.dates.story import Story
from pipeline.text.dates.weekdays import PARTS_OF_DAY, corrected
from pipeline.text.dates.written import begins_written
from pipeline.text.folding import fold_word

_FROM_PUBLICATION = (
    "-2 أول من أمس|الأول من أمس|أول أمس|أمس الأول|أول البارحة|the day before yesterday|day before yesterday",
    "-1 أمس|البارحة|بالأمس|الأمس|yesterday",
    "0 اليوم|today",
    "1 غدا|يوم غد|tomorrow",
    "2 بعد غد|the day after tomorrow|day after tomorrow",
)
_FROM_TEXT = (
    "-1 اليوم السابق|اليوم الذي سبقه|the previous day|the day before",
    "0 اليوم نفسه|اليوم ذاته|نفس اليوم|ذات اليوم|ذلك اليوم|the same day|that same day|that day",
    "1 اليوم التالي|باليوم التالي|لليوم التالي|اليوم الموالي|اليوم الذي يليه|اليوم الذي تلاه|the next day|"
    "the following day|the day after",
)
_DEFINES_IT = frozenset(["من", "الذي", "when", "of"])
"""ذلك اليوم الذي … is told by what follows and not by what went before."""
_NEED_A_STOP = frozenset(["before", "after"])
_TANWEEN = "\u064b"

_BEFORE_NO_TODAY = folded(
    "حتى في ذلك طوال طيلة خلال نهاية بداية منتصف منذ لغاية بعد قبل كل من إلى",
    "صحيفة جريدة موقع قناة وكالة مجلة برنامج أخبار عين روسيا المصري العراق سوريا لبنان فلسطين القدس اليمن مصر إيران",
    "عالم العالم عرب الخليج رأي usa russia until till by of world",
)
"""Words before اليوم and today with which they are a bound, a stretch of time or a newspaper."""
_AFTER_NO_YESTERDAY = folded("القريب الحاجة")
"""بالأمس القريب is the recent past, and أمسّ الحاجة the direst need."""
_AFTER_NO_TODAY = folded(
    "السابع الأول الثاني الثالث الرابع الخامس السادس الثامن التاسع العاشر",
    "الأخير الأسود الذي الموعود المذكور الواحد",
)


class _Phrase(NamedTuple):
    words: tuple[str, ...]
    days: int
    published: bool
    """Counts from publication; else from the text."""


@cache
def day_phrases() -> Mapping[str, tuple[_Phrase, ...]]:
    """Phrases by their first word, the longest first."""
    table: dict[str, list[_Phrase]] = {}
    for source, published in ((_FROM_PUBLICATION, True), (_FROM_TEXT, False)):
        for line in source:
            days, _, phrases = line.partition(" ")
            for phrase in phrases.split("|"):
                for clitic in ("",) if phrase.isascii() else ("", "و", "ف"):
                    words = tuple((clitic + fold_word(phrase)).split())
                    table.setdefault(words[0], []).append(_Phrase(words, int(days), published))
    return {first: tuple(sorted(entries, key=lambda entry: -len(entry.words))) for first, entries in table.items()}


def read_day(line: Line, i: int, story: Story) -> Found | None:
    """The phrase at token `i`; None where a written date follows that says more (أمس السبت 3 أبريل)."""
    for phrase in day_phrases().get(line.word(i), ()):
        end = i + len(phrase.words)
        if tuple(line.words[i:end]) == phrase.words and _stands(line, i, end, phrase):
            if not phrase.published:
                return Found(i, end, from_anchor(story, phrase.days))
            return None if begins_written(line, i + 1) else _from_publication(line, Found(i, end, None), phrase, story)
    return None


def from_anchor(story: Story, days: int) -> Reading | None:
    """The day that many days from the anchor, unless it would lie behind publication."""
    anchor = story.anchor("day")
    on = days_later(anchor, days) if anchor else None
    late = on and story.published_on and on > story.published_on
    return Reading(on, "day", "relative-to-text") if on and not late else None


def _from_publication(line: Line, found: Found, phrase: _Phrase, story: Story) -> Found:
    day = days_later(story.published_on, phrase.days) if story.published_on else None
    if day is None:
        return found
    on, end = corrected(day, line, found.end)
    return Found(found.first, end, Reading(on, "day", "relative-to-publication") if on else None)


def _stands(line: Line, i: int, end: int, phrase: _Phrase) -> bool:
    """Whether the words mean the day here."""
    if phrase.words in _ALONE:
        return _ALONE[phrase.words](line, i)
    if not phrase.published and line.word(end) in _DEFINES_IT:
        return False
    return phrase.words[-1] not in _NEED_A_STOP or line.is_closed(end)


def _is_today(line: Line, i: int) -> bool:
    before, following = line.word(i - 1), line.word(i + 1)
    nisba = following.startswith("ال") and following.endswith("ي")
    return before not in _BEFORE_NO_TODAY and following not in _AFTER_NO_TODAY and not nisba


def _is_english_today(line: Line, i: int) -> bool:
    """Today and not a newspaper's."""
    return line.word(i - 1) not in _BEFORE_NO_TODAY and (not line.is_capital(i) or line.opens_sentence(i))


def _is_yesterday(line: Line, i: int) -> bool:
    return line.word(i + 1) not in _AFTER_NO_YESTERDAY


_ALONE: Mapping[tuple[str, ...], Callable[[Line, int], bool]] = {
    ("اليوم",): _is_today,
    ("واليوم",): lambda line, i: corrected(date.min, line, i + 1)[1] > i + 1,
    ("فاليوم",): lambda line, i: corrected(date.min, line, i + 1)[1] > i + 1,
    ("today",): _is_english_today,
    ("امس",): _is_yesterday,
    ("بالامس",): _is_yesterday,
    ("الامس",): lambda line, i: line.word(i - 1) in PARTS_OF_DAY,
    ("غدا",): lambda line, i: _TANWEEN in line.original(i),
}
"""What else has to hold where one word alone is the phrase: واليوم without a weekday is nowadays, غدا may be a verb."""
