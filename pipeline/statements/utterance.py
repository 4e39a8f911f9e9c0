"""Utterances: how far back what a sentence says belongs to the same occasion of speaking.

The day and the channel of an utterance are told once, and hold while the same group goes on.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.matching.scan import Mention
from pipeline.records import Label
from pipeline.statements.actors import Actor
from pipeline.statements.clause import Clauses
from pipeline.statements.details import VAGUE_TIME, Span
from pipeline.statements.reading import Reading
from pipeline.statements.speech import Speech

_GOES_ON = frozenset({"continue"})
_REACH = 5
"""Sentences back to where an utterance began."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Saying:
    """What is said: the words of a trigger, the verb or mark that says whose they are, and who that is."""

    label: Label
    trigger: Mention
    cue: Span | None
    actor: Actor | None

    @property
    def verb(self) -> Span:
        """The words of saying."""
        return self.cue if self.cue and self.cue[0] < self.cue[1] else (self.trigger.start, self.trigger.end)


class Utterances:
    """The utterances of one text."""

    def __init__(self, reading: Reading, speech: Speech, clauses: Clauses) -> None:
        self._reading = reading
        self._speech = speech
        self._clauses = clauses
        self._firsts = [sentence.first for sentence in reading.sentences]

    def sentence_of(self, word: int) -> int:
        """The sentence that holds a word."""
        return bisect_right(self._firsts, word) - 1

    def is_apart(self, here: int, saying: Saying) -> bool:
        """Whether a sentence says of itself that it tells of another occasion: earlier, had said, which X claimed."""
        vague = (m for m in self._reading.by_sentence[here] if m.cls == VAGUE_TIME)
        if any(not self._clauses.is_reported(saying.verb[1], m.start) for m in vague):
            return True
        sentence = self._reading.sentences[here]
        if self._clauses.is_pluperfect(sentence, saying.verb[0]):
            return True
        return self._clauses.is_passing(saying.trigger, saying.verb, sentence)

    def before(self, here: int, saying: Saying) -> Iterator[int]:
        """The sentences before `here` that the same utterance may have begun in, the nearest first.

        A verb that says that it goes on (added) reaches over what others say; any other does not.
        """
        actor = saying.actor
        if actor is None or actor.group is None or saying.verb[0] > saying.trigger.end:
            return
        goes_on = any(m.cls in _GOES_ON and m.start == saying.verb[0] for m in self._reading.by_sentence[here])
        for back in range(here - 1, max(-1, here - 1 - _REACH), -1):
            yield back
            if not goes_on and not self.is_of(back, actor):
                return

    def is_of(self, here: int, actor: Actor) -> bool:
        """Whether all that is said in a sentence is said by the group of `actor`."""
        sentence = self._reading.sentences[here]
        sources = {id(s): s for s in self._speech.source[sentence.first : sentence.last] if s is not None}
        return all(same_voice(source.actor, actor) for source in sources.values())


def same_voice(one: Actor, other: Actor | None) -> bool:
    """Whether two actors speak for one group, or are one unnamed speaker."""
    if other is None or (one.group, one.kind) != (other.group, other.kind):
        return False
    return one.group is not None or one.speaker is None or other.speaker is None or one.speaker == other.speaker
