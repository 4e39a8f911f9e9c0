"""When something was said: the date of the sentence that attributes it, never the date of the event it speaks of.

A date counts when it stands before the verb of speaking or right behind its agent. One that stands elsewhere may be the
event's, so the statement has none then. The same speaker in the next sentence speaks on the same day unless told apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from pipeline.records.statement import DateBasis, DatePrecision
from pipeline.statements.reading import Reading
from pipeline.text.dates import DateMention, find_dates
from pipeline.text.sentences import Sentence

_BEHIND = 6
"""Words behind the agent within which an adverb of time belongs to the speaking: "announced X yesterday"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidOn:
    """A date of saying; `start` and `end` are characters of the text, equal when the date is carried over."""

    on: date
    precision: DatePrecision
    basis: DateBasis
    start: int
    end: int


class Dating:
    """Dates of one text, sentence by sentence, in order."""

    def __init__(self, reading: Reading, published_on: date | None) -> None:
        self._reading = reading
        self._published_on = published_on
        self._read: dict[int, tuple[DateMention, ...]] = {}
        self._until = -1
        self._previous: date | None = None

    def said_on(self, index: int, verb: tuple[int, int]) -> SaidOn | None:
        """The date of saying in sentence `index` whose verb of speaking (or trigger) spans words `verb`."""
        self._read_until(index)
        sentence = self._reading.sentences[index]
        for mention in self._read[index]:
            if self._belongs(mention, sentence, verb):
                return SaidOn(
                    on=mention.on,
                    precision=mention.precision,
                    basis=mention.basis,
                    start=mention.start,
                    end=mention.end,
                )
        return None

    def _read_until(self, index: int) -> None:
        """Dates count from the ones before, so sentences are read in order and once."""
        for i in range(self._until + 1, index + 1):
            mentions = self._find(self._reading.sentences[i])
            self._read[i] = mentions
            days = [m.on for m in mentions if m.precision == "day"]
            self._previous = days[0] if days else self._previous
        self._until = max(self._until, index)

    def _find(self, sentence: Sentence) -> tuple[DateMention, ...]:
        start, end = self._reading.words.span(sentence.first, sentence.last)
        found = find_dates(self._reading.text[start:end], published_on=self._published_on, previous=self._previous)
        return tuple(
            DateMention(start=m.start + start, end=m.end + start, on=m.on, precision=m.precision, basis=m.basis)
            for m in found
        )

    def _belongs(self, mention: DateMention, sentence: Sentence, verb: tuple[int, int]) -> bool:
        verb_start = self._reading.words.span(*verb)[0]
        if mention.end <= verb_start:
            return True
        last = min(verb[1] + _BEHIND, sentence.last)
        return mention.start < self._reading.words.span(last - 1, last)[1] and mention.precision == "day"
