"""Targets: at whom or what a threat, a claim or a truce is aimed, as a noun phrase of the text.

First the object of the act itself (the bombing of a radar station, attacks on the bases that …), then the nearest noun
that such acts are aimed at, in the same clause. A weapon, the speaker and what stands in another clause are none.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipeline.matching.match import Match
from pipeline.matching.scan import Mention
from pipeline.statements.details import Span
from pipeline.statements.reading import VERBAL, Reading

TARGET, TARGET_MORE, ENEMY = "target", "target-more", "enemy"
_ACTS = frozenset(
    {"attack", "attack-noun", "operation", "killing", "suspend", "truce", "own-ops", "launch", "civilian"}
)
_WEAPONS = frozenset({"weapon", "attack-noun", "operation"})
_AT = frozenset(["على", "ضد", "نحو", "باتجاه", "on", "against", "at", "of"])
_OUTSIDE = frozenset(
    {"preposition", "stop", "that", "relative", "clause-start", "condition", "negation", "adverb", "by", "auxiliary"}
)
_PLACES = frozenset(
    ["فوق", "قرب", "عند", "شمال", "شمالي", "جنوب", "جنوبي", "شرق", "شرقي", "غرب", "غربي", "وسط", "داخل", "قباله",
     "near", "in", "at", "outside", "inside", "with", "as", "and", "after", "before", "late"]
)  # fmt: skip
_CLAUSE_END = frozenset('.،,؛;!؟?\n»”")(:')
_OF_WHAT = frozenset({"suspend", "truce", "launch"})
"""Acts whose object is another act: the suspension of attacks."""
_LONGEST, _CONSTRUCT = 4, 3
_WHOLE = 4
"""Letters up to which a first waw or ba mostly belongs to the word: وقود."""
_ACT_REACH = 8


class Targets:
    """The target nouns of one sentence, and how far their phrases reach."""

    def __init__(self, reading: Reading, mentions: Sequence[Mention]) -> None:
        self._reading = reading
        self._mentions = mentions
        self._classes: dict[int, set[str]] = {}
        for mention in mentions:
            for word in range(mention.start, mention.end):
                self._classes.setdefault(word, set()).add(mention.cls)

    def of(self, match: Match, avoid: Sequence[Span], last: int) -> Span | None:
        """The target of a match, or None; `avoid` are words that hold none, `last` ends the sentence."""
        for act in self._acts(match):
            first = self._object(act, last)
            if first is not None and not _inside(first, avoid):
                return self._phrase(first, last)
        trigger = match.trigger
        nouns = [m for m in self._mentions if m.cls == TARGET and "poss" not in m.tags and not _inside(m.start, avoid)]
        behind = [m for m in nouns if m.start >= trigger.end and not self._parted(trigger.end, m.start)]
        before = [m for m in nouns if m.end <= trigger.start and not self._parted(m.end, trigger.start)]
        chosen = next(iter([*behind, *before]), None)
        return self._phrase(chosen.start, last) if chosen else None

    def _acts(self, match: Match) -> Iterator[Mention]:
        """Acts from the trigger on: those of the match, then those close behind it."""
        acts = [m for m in self._mentions if m.cls in _ACTS and match.trigger.start <= m.start < match.end + _ACT_REACH]
        yield from (m for m in acts if m in match.mentions)
        yield from (m for m in acts if m not in match.mentions and not self._parted(match.end, m.start))

    def _object(self, act: Mention, last: int) -> int | None:
        """Where the object of an act begins: right behind it, or behind "on" and "against"."""
        word, arabic = act.end, self._reading.language == "ar"
        while word < last and self._is_plain(word) and self._is_beside(word):
            word += 1
        if word >= last or not self._is_plain(word):
            return None
        if self._text(word) in _AT:
            return word + 1 if word + 1 < last and self._is_noun(word + 1) else None
        if not self._is_noun(word) or (word > act.end and not self._is(word, TARGET, ENEMY)):
            return None
        if arabic and VERBAL.isdisjoint(act.tags):
            construct = {"def", "poss"}.isdisjoint(act.tags) and not self._is_weapon(word) and act.cls not in _OF_WHAT
            return word if construct and ("masdar" in act.tags or self._is(word, TARGET, ENEMY)) else None
        return word if self._is(word, TARGET, ENEMY) or (not arabic and "noun" not in act.tags) else None

    def _is_weapon(self, word: int) -> bool:
        """Whether it names what is used, not what is hit; a drone that is brought down is hit."""
        return self._is(word, *_WEAPONS) and "سق" not in self._text(word - 1)

    def _is_beside(self, word: int) -> bool:
        """Whether a word between an act and its object belongs to neither: time, manner, an adjective of the act."""
        text = self._text(word)
        if self._is(word, "filler") or self._reading.language == "en":
            return self._is(word, "filler")
        return text.startswith("ال") and text.endswith(("يه", "ي")) and not self._is(word, TARGET, ENEMY)

    def _is_noun(self, word: int) -> bool:
        text = self._text(word)
        if self._is(word, *_OUTSIDE) or text in _PLACES or text.isdigit() or self._reading.verb_between(word, word + 1):
            return False
        return self._reading.language == "en" or text[0] != "ب" or self._is(word, TARGET, ENEMY)

    def _phrase(self, first: int, last: int) -> Span:
        end = first + 1
        while end < last and end - first < _LONGEST and self._continues(first, end):
            end += 1
        return first, end

    def _continues(self, first: int, word: int) -> bool:
        if self._reading.words.marks[word] != " ":
            return False
        text = self._text(word)
        if self._is(word, TARGET_MORE):
            return True
        if not self._is_noun(word) or text in _AT:
            return False
        if self._reading.language == "en":
            return not text.endswith("ing")
        if text.startswith("ال"):
            return True
        return (
            not self._text(first).startswith("ال")
            and (text[0] not in "وفبل" or len(text) <= _WHOLE)
            and word - first < _CONSTRUCT
        )

    def _parted(self, first: int, last: int) -> bool:
        """Whether a clause ends among words: a mark with a verb behind it, or a relative pronoun."""
        marked = [j for j in range(first, last + 1) if not self._is_plain(j)]
        if marked and self._reading.verb_between(marked[0], last):
            return True
        return any(self._is(j, "relative") for j in range(max(first, last - 4), last))

    def _is_plain(self, word: int) -> bool:
        return _CLAUSE_END.isdisjoint(self._reading.words.marks[word])

    def _is(self, word: int, *classes: str) -> bool:
        return not self._classes.get(word, set()).isdisjoint(classes)

    def _text(self, word: int) -> str:
        return self._reading.words.texts[word]


def _inside(word: int, spans: Sequence[Span]) -> bool:
    return any(first <= word < last for first, last in spans)
