"""The particulars of a statement that stand around its trigger: channel, target, condition, quotation marks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pipeline.matching.scan import Mention
from pipeline.records import Cue
from pipeline.statements.reading import Reading
from pipeline.text.quotes import quotes_within
from pipeline.text.sentences import Sentence

CHANNEL = "channel-"
"""Lexicon classes `channel-telegram`, `channel-x`, …: what follows the hyphen is the channel's name in the record."""
TARGET, TARGET_MORE = "target", "target-more"
CONDITION, NO_CONDITION, VAGUE_TIME = "condition", "no-condition", "vague-time"
_LONGEST_CONDITION = 30
_SHORTEST_QUOTE = 4
"""Words: below this, quotation marks hold a name or a distanced word, not somebody's words."""
_CLAUSE_END = frozenset('.،,؛;!؟?\n»”")')

Span = tuple[int, int]
"""First word and the word behind the last."""


def find_channel(mentions: Iterable[Mention]) -> tuple[str, Span] | None:
    """The channel named in a sentence: a network beats the broad "statement"."""
    found = [(m.cls.removeprefix(CHANNEL), (m.start, m.end)) for m in mentions if m.cls.startswith(CHANNEL)]
    special = [one for one in found if one[0] != "statement"]
    return next(iter(special or found), None)


def find_target(reading: Reading, mentions: Sequence[Mention], trigger: Mention, avoid: Span) -> Span | None:
    """At whom it is aimed: the first target noun behind the trigger with its adjectives, or else before it."""
    targets = [m for m in mentions if m.cls == TARGET and not avoid[0] <= m.start < avoid[1]]
    behind = [m for m in targets if m.start >= trigger.end]
    chosen = next(iter(behind or targets), None)
    if chosen is None:
        return None
    more = {m.start: m.end for m in mentions if m.cls in (TARGET, TARGET_MORE)}
    end = chosen.end
    while end in more and _CLAUSE_END.isdisjoint(reading.words.marks[end]):
        end = more[end]
    return chosen.start, end


def find_condition(reading: Reading, mentions: Sequence[Mention], sentence: Sentence, near: int) -> Span | None:
    """A clause of "if …" or "until …", a deadline: from its marker on; the one nearest to word `near`."""
    none = [m for m in mentions if m.cls == NO_CONDITION]
    markers = [m for m in mentions if m.cls == CONDITION and not any(n.start <= m.start < n.end for n in none)]
    if not markers:
        return None
    marker = min(markers, key=lambda m: (m.start < near, abs(m.start - near)))
    end = marker.end
    marks = reading.words.marks
    stop = min(sentence.last, marker.start + _LONGEST_CONDITION)
    while end < stop and (end == marker.end or _CLAUSE_END.isdisjoint(marks[end]) or end - marker.end < 2):
        end += 1
    return marker.start, end


def is_vaguely_dated(mentions: Iterable[Mention]) -> bool:
    """Whether a sentence says of itself that it is of some other time: "in that period", "earlier"."""
    return any(m.cls == VAGUE_TIME for m in mentions)


def is_quoted(reading: Reading, first: int, last: int) -> bool:
    """Whether somebody's words stand in quotation marks among these words."""
    return any(quote.last - quote.first >= _SHORTEST_QUOTE for quote in quotes_within(reading.quotes, first, last))


def cue(reading: Reading, span: Span, role: str) -> Cue:
    """Words as a cue in characters of the text."""
    start, end = reading.words.span(*span)
    return Cue(start=start, end=end, role=role)  # type: ignore[arg-type]
