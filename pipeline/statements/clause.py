"""Clauses of saying: whether words stand in the same clause as a verb of saying, before what is said begins.

Told by which words may stand between them: names, titles, adverbs, the communiqué or channel, and a few unknown words,
which Arabic names are. A verb, an event, "that", a colon or a relative pronoun ends the clause.
"""

from __future__ import annotations

from bisect import bisect_right

from pipeline.matching.lexicon import CONTEXTUAL, GROUP, QUOTED_GROUP, SPEAKER, SURNAME
from pipeline.matching.scan import Mention
from pipeline.statements.actors import Actor
from pipeline.statements.details import CHANNEL, Span
from pipeline.statements.reading import Reading
from pipeline.statements.speech import Speech
from pipeline.text.sentences import Sentence

_LIGHT = frozenset(
    {
        GROUP, SPEAKER, SURNAME, QUOTED_GROUP, CONTEXTUAL, "role", "armed", "anaphor", "own-fighters", "filler",
        "adverb", "auxiliary", "who-is", "responsibility", "preposition", "document", "clause-start", "we-of",
    }
)  # fmt: skip
_HEAVY = frozenset({"that", "condition", "relative", "negation"})
_ENDS = frozenset(".:;؛!؟?\n")
_BOUNDS = frozenset(["حتى", "قبل", "بعد", "منذ", "بحلول", "لغايه", "until", "till", "before", "after", "since", "by"])
_HAD = frozenset(["كان", "كانت", "كانوا"])
_LEADS = frozenset(
    ["في", "من", "ثم", "مساء", "صباح", "يوم", "فجر", "on", "in", "late", "early", "and", "then"]
)  # fmt: skip
_UNKNOWN = {"ar": 4, "en": 1}
"""Unknown words between a verb of saying and its date: an Arabic agent of unknown name stands there."""
_LEAD = 2
"""Words before the date that opens a clause: "and in the evening of"."""


class Clauses:
    """The clauses of one text."""

    def __init__(self, reading: Reading, speech: Speech) -> None:
        self._reading = reading
        self._speech = speech
        self._firsts = [sentence.first for sentence in reading.sentences]
        self._read = -1
        self._classes: dict[int, set[str]] = {}
        self._actors: dict[int, Actor] = {}

    def runs(self, verb: Span, last: int, sentence: Sentence) -> bool:
        """Whether nothing between the verb and word `last` ends the clause; a comma ends one that begins with "who"."""
        first = verb[1]
        if first < last and self._text(last - 1) in _BOUNDS:
            return False
        if any(self._comma(word) for word in range(first, last + 1)) and self.is_relative(verb[0], sentence):
            return False
        return self._light(first, last, _UNKNOWN[self._reading.language])

    def opens(self, first: int, last: int, verb: int, sentence: Sentence) -> bool:
        """Whether the date in words `first` to `last` opens the clause of the verb at `verb`."""
        start = first
        while start > sentence.first and _ENDS.isdisjoint(self._marks(start)) and not self._comma(start):
            start -= 1
        lead = [self._text(word) for word in range(start, first)]
        plain = [word for word in lead if word not in _BOUNDS and self._is_lead(word)]
        return len(plain) == len(lead) <= _LEAD and self._light(last, verb, _UNKNOWN["ar"])

    def is_pluperfect(self, sentence: Sentence, verb: int) -> bool:
        """Whether "had" stands before the verb: "كانت … قد أعلنت", "had claimed"."""
        words = self._reading.words.texts[max(sentence.first, verb - 8) : verb]
        if self._reading.language == "en":
            return "had" in words[-3:]
        had = next((i for i, word in enumerate(words) if word.lstrip("وف") in _HAD), None)
        return had is not None and "قد" in words[had:]

    def is_passing(self, trigger: Mention, verb: Span, sentence: Sentence) -> bool:
        """Whether what is said is told in passing of something else: "which X claimed", "claimed by X"."""
        if "obj" in trigger.tags and trigger.start == verb[0]:
            return True
        if self.is_relative(verb[0], sentence):
            return True
        agent = self._speech.agent_of(trigger)
        return trigger.start == verb[0] and agent is not None and agent.how in ("by", "relative", "owner")

    def is_relative(self, word: int, sentence: Sentence) -> bool:
        """Whether a relative pronoun stands shortly before a word, as in "who was killed on Saturday"."""
        self._look_up(word)
        before = range(max(sentence.first, word - 3), word)
        return any("relative" in self._classes.get(j, ()) for j in before)

    def is_reported(self, first: int, last: int) -> bool:
        """Whether what is said has begun among words `first` to `last`: behind "that", a colon, a quotation mark."""
        self._look_up(first)
        opened = any("that" in self._classes.get(word, ()) for word in range(first, last))
        return opened or any(not {":", "«", "“", '"'}.isdisjoint(self._marks(word)) for word in range(first, last + 1))

    def is_signature(self, sentence: Sentence, first: int) -> bool:
        """Whether a line holds a date from word `first` on, and before it at most a name."""
        self._look_up(sentence.first)
        return all(word in self._actors for word in range(sentence.first, first))

    def owner(self, word: int, sentence: Sentence) -> Actor | None:
        """Whose communiqué it is that ends before `word`: an actor right behind, or else the one who speaks there."""
        self._look_up(sentence.first)
        for j in range(word, min(word + 2, sentence.last)):
            if j in self._actors:
                return self._actors[j]
        source = self._speech.source[word - 1]
        return source.actor if source else None

    def _light(self, first: int, last: int, unknown: int) -> bool:
        if first < last:
            self._look_up(first)
        for word in range(first, last):
            if not _ENDS.isdisjoint(self._marks(word)):
                return False
            known = self._classes.get(word, set())
            acts = self._reading.verb_between(word, word + 1) and "auxiliary" not in known
            if acts or not known.isdisjoint(_HEAVY):
                return False
            if word in self._actors or not known.isdisjoint(_LIGHT) or any(cls.startswith(CHANNEL) for cls in known):
                continue
            unknown -= 1
            if known or unknown < 0:
                return False
        return first == last or _ENDS.isdisjoint(self._marks(last))

    def _look_up(self, word: int) -> None:
        """What each word of the sentence of `word` is; sentences come in order mostly, so one is kept."""
        here = bisect_right(self._firsts, word) - 1
        if here == self._read:
            return
        self._read = here
        self._classes = {}
        for mention in self._reading.by_sentence[here]:
            for covered in range(mention.start, mention.end):
                self._classes.setdefault(covered, set()).add(mention.cls)
        actors = self._speech.actors[here]
        self._actors = {covered: actor for actor in actors for covered in range(actor.start, actor.end)}

    def _is_lead(self, word: str) -> bool:
        return word in _LEADS or (word[:1] in ("و", "ف") and word[1:] in _LEADS)

    def _comma(self, word: int) -> bool:
        return not {",", "،", "—", "–"}.isdisjoint(self._marks(word))

    def _marks(self, word: int) -> str:
        return self._reading.words.marks[word]

    def _text(self, word: int) -> str:
        return self._reading.words.texts[word]
