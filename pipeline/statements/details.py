"""The particulars of a statement that stand around its trigger: channel, target, condition, quotation marks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pipeline.matching.lexicon import CONTEXTUAL, GROUP, QUOTED_GROUP
from pipeline.matching.scan import Mention
from pipeline.records import Cue
from pipeline.statements.reading import Reading
from pipeline.text.quotes import quote_at, quotes_within
from pipeline.text.sentences import Sentence

CHANNEL = "channel-"
"""Lexicon classes `channel-telegram`, `channel-x`, …: what follows the hyphen is the channel's name in the record."""
_RANK = {"telegram": 0, "x": 1, "facebook": 2, "agency": 3, "website": 4, "television": 5, "video": 6, "statement": 8}
_OTHER = 7
CONDITION, NO_CONDITION, VAGUE_TIME = "condition", "no-condition", "vague-time"
SAYING = frozenset({"said", "announce", "continue", "warn", "affirm", "that"})
_SAYING_REACH, _ROOT = 12, 3
_LONGEST_CONDITION, _SHORTEST_CONDITION = 30, 2
_CONSEQUENCE = ("فلن", "فسوف", "فست", "فسي", "فسن", "فان", "فهي", "فهو")
"""What begins the main clause behind a condition: "then we shall not …"."""
_SHORTEST_QUOTE = 3
"""Words: below this, quotation marks hold a name or a distanced word, not somebody's words."""
_CLAUSE_END = frozenset('.،,؛;!؟?\n»”")')

Span = tuple[int, int]
"""First word and the word behind the last."""


def find_channel(reading: Reading, mentions: Iterable[Mention]) -> tuple[str, Span] | None:
    """The channel named in a sentence outside quotation marks: a network beats a medium, both the bare "statement"."""
    found = [
        (m.cls.removeprefix(CHANNEL), (m.start, m.end))
        for m in mentions
        if m.cls.startswith(CHANNEL) and not is_inside_quote(reading, m.start)
    ]
    return min(found, key=lambda one: _RANK.get(one[0], _OTHER), default=None)


def is_definite(reading: Reading, span: Span) -> bool:
    """Whether words stand with the Arabic article or the English one: something named before."""
    words = reading.words.texts
    first = words[span[0]].removeprefix("ب")
    return first.startswith("ال") or words[max(span[0] - 1, 0)] == "the"


def is_inside_quote(reading: Reading, word: int) -> bool:
    """Whether a word stands among words that somebody says, in quotation marks."""
    quote = quote_at(reading.quotes, word)
    return quote is not None and quote.last - quote.first >= _SHORTEST_QUOTE


def find_condition(reading: Reading, mentions: Sequence[Mention], sentence: Sentence, near: int) -> Span | None:
    """A clause of "if …" or "until …", a deadline: from its marker on; the one nearest to word `near`."""
    none = [m for m in mentions if m.cls == NO_CONDITION]
    markers = [
        (m.start, m.end)
        for m in mentions
        if m.cls == CONDITION
        and not any(n.start <= m.start < n.end for n in none)
        and not _is_of_time(reading, mentions, m)
        and (reading.words.texts[m.start] != "should" or m.start == sentence.first)
    ]
    markers += _ifs(reading, mentions, sentence)
    if not markers:
        return None
    start, opened = min(markers, key=lambda marker: (marker[0] < near, abs(marker[0] - near)))
    end, stop = opened, min(sentence.last, start + _LONGEST_CONDITION)
    while end < stop and (end - opened < _SHORTEST_CONDITION or not _ends_condition(reading, end)):
        end += 1
    return start, end


def _ends_condition(reading: Reading, word: int) -> bool:
    """Whether a clause ends before a word, or what follows from the condition begins there."""
    return not _CLAUSE_END.isdisjoint(reading.words.marks[word]) or reading.words.texts[word].startswith(_CONSEQUENCE)


def _is_of_time(reading: Reading, mentions: Sequence[Mention], marker: Mention) -> bool:
    """Whether a word of limits only orders events: "until they claimed it", "before they withdrew"."""
    first = reading.words.texts[marker.start].lstrip("وف")
    if first == "حتي":
        return any(m.start == marker.end and "perfect" in m.tags for m in mentions)
    return first == "قبل" and not any(m.cls == "negation" and m.end <= marker.start for m in mentions)


def _ifs(reading: Reading, mentions: Sequence[Mention], sentence: Sentence) -> list[Span]:
    """The "if" that is written like "that": only before a verb in the perfect, and not behind a verb of saying."""
    words = reading.words
    found = []
    for word in range(sentence.first, sentence.last - 1):
        if words.texts[word] not in ("ان", "وان", "فان") or "إن" not in _written(reading, word):
            continue
        perfect = any(m.start == word + 1 and "perfect" in m.tags for m in mentions)
        before = [m for m in mentions if m.cls in SAYING and word - _SAYING_REACH <= m.start < word]
        opens_speech = bool(before) and before[-1].cls != "that"  # the one "that" of a verb of saying stood already
        if (perfect or _looks_perfect(words.texts[word + 1])) and not opens_speech:
            found.append((word, word + 1))
    return found


def _looks_perfect(word: str) -> bool:
    """Whether an unknown word has the shape of a verb in the perfect: three letters, t- and three, -at, -tum, -ū."""
    if not word.isalpha() or word.startswith("ال"):
        return False
    stem = len(word) == _ROOT or (len(word) == _ROOT + 1 and word[0] == "ت")
    return stem or word.endswith(("تم", "وا")) or (word.endswith("ت") and word[-2] != "ا")


def _written(reading: Reading, word: int) -> str:
    start, end = reading.words.span(word, word + 1)
    return reading.text[start:end]


def is_quoted(reading: Reading, sentence: Sentence, mentions: Sequence[Mention]) -> bool:
    """Whether somebody's words, and not a name, stand in quotation marks in a sentence."""
    names = {m.start: m.end for m in mentions if m.cls in (GROUP, QUOTED_GROUP, CONTEXTUAL)}
    return any(
        quote.last - quote.first >= _SHORTEST_QUOTE and names.get(quote.first, 0) < quote.last
        for quote in quotes_within(reading.quotes, sentence.first, sentence.last)
    ) or (is_inside_quote(reading, sentence.first) and is_inside_quote(reading, sentence.last - 1))


def cue(reading: Reading, span: Span, role: str) -> Cue:
    """Words as a cue in characters of the text."""
    start, end = reading.words.span(*span)
    return Cue(start=start, end=end, role=role)  # type: ignore[arg-type]
