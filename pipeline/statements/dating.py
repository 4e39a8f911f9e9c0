"""When something was said: the date of the clause that attributes it, never the date of the event it speaks of.

In this order, and nothing otherwise:

1. a date in the clause of saying: it opens the clause before the verb, or stands behind the verb and its agent, or with
   the communiqué (a statement dated Monday);
2. words told of today, by those who did it: nobody can have said so before, nor after it was published;
3. the date of what the same group said before, where the text goes on with it;
4. the line under a communiqué that holds a date alone;
5. the day of publication (basis `publication`), where the text opens with news of that day and names no other day
   before, and the verb tells what was said there and then.

Which words are a date, and what they count from, is known to `pipeline.text.dates`.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from functools import cached_property

from pipeline.matching.scan import Mention
from pipeline.records.statement import DateBasis, DatePrecision
from pipeline.statements.actors import Actor
from pipeline.statements.clause import Clauses
from pipeline.statements.details import Span
from pipeline.statements.reading import VERBAL, Reading
from pipeline.statements.speech import SPEECH, Speech
from pipeline.statements.utterance import Saying, Utterances, same_voice
from pipeline.text.dates import DateMention, find_dates
from pipeline.text.quotes import quote_at

OUTLETS = timezone(timedelta(hours=3))
"""By whose clock the day of publication counts: Baghdad, Kuwait, Riyadh and Sanaa keep UTC+3 all year, Beirut and
Damascus do or are an hour behind in winter. A feed's own offset says nothing: most write GMT wherever they are, and by
GMT an article of half past midnight would be of the day before, and its "yesterday" a day off."""
_STATEMENTS = frozenset({"channel-statement", "document"})
_TELLS = SPEECH | {"truce-move", "suspend", "own-up", "admit", "affirm", "urge", "demand"}
"""Verbs that are sayings: what a group says stands with them, or is done by saying it."""
_SIGNED = 12
"""Sentences within which a communiqué's own date line follows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidOn:
    """A date of saying; `start` and `end` are characters of the text, equal when no words stand for it."""

    on: date
    precision: DatePrecision
    basis: DateBasis
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class _Dated:
    """A date in words `first` to `last`, exclusive."""

    first: int
    last: int
    mention: DateMention


def publication_day(published_at: datetime) -> date:
    """The calendar day in the outlets' region; of a time without an offset the day as written."""
    try:
        return (published_at.astimezone(OUTLETS) if published_at.tzinfo else published_at).date()
    except OverflowError:  # the first and the last day of the calendar
        return published_at.date()


class Dating:
    """Dates of saying in one text, which is read for dates once and only when there is something to date."""

    def __init__(self, reading: Reading, speech: Speech, utterances: Utterances, published_on: date | None) -> None:
        self._reading = reading
        self._speech = speech
        self._published_on = published_on
        self._clauses = Clauses(reading, speech)
        self._utterances = utterances
        self._told: dict[int, list[tuple[Actor, SaidOn]]] = {}

    def said_on(self, saying: Saying) -> SaidOn | None:
        """When it was said, or None when the text does not tell."""
        here = self._utterances.sentence_of(saying.verb[0])
        found = self._in_clause(here, saying)
        if found is not None or self._of_another_time(here, saying):
            return found
        told = self._told_today(saying) or self._thread(here, saying)
        return told or self._signed(saying) or self._of_the_day(saying)

    @cached_property
    def _dates(self) -> list[_Dated]:
        found = find_dates(self._reading.text, published_on=self._published_on, previous=None)
        if not found:
            return []
        words = self._reading.words
        starts = [words.span(i, i + 1)[0] for i in range(len(words))]
        return [_Dated(bisect_left(starts, m.start), max(bisect_left(starts, m.end), 1), m) for m in found]

    def _dates_among(self, first: int, last: int) -> list[_Dated]:
        low = bisect_left(self._dates, first, key=lambda d: d.first)
        high = bisect_left(self._dates, last, key=lambda d: d.first)
        return self._dates[low:high]

    # the clause of saying

    def _in_clause(self, here: int, saying: Saying) -> SaidOn | None:
        own = self._attached(saying.verb, here, refers_back="obj" in saying.trigger.tags)
        if own:
            return _single(own)
        others = [said for actor, said in self._tellings(here) if same_voice(actor, saying.actor)]
        return _single(others)

    def _attached(self, verb: Span, here: int, *, refers_back: bool = False) -> list[SaidOn]:
        """The dates before and behind words of saying that belong to them."""
        sentence = self._reading.sentences[here]
        dates = self._dates_among(sentence.first, sentence.last)
        before = [d for d in dates if d.last <= verb[0]][-1:]
        behind = [d for d in dates if d.first >= verb[1]][:1]
        heads = not refers_back and any(self._verbs_at(verb[0]))
        opening = [d for d in before if heads and self._clauses.opens(d.first, d.last, verb[0], sentence)]
        following = [d for d in behind if self._clauses.runs(verb, d.first, sentence)]
        apart = quote_at(self._reading.quotes, verb[0])
        return [
            _said(d.mention)
            for d in (*opening, *following)
            if quote_at(self._reading.quotes, d.first) == apart and not self._is_to_come(d)
        ]

    def _is_to_come(self, dated: _Dated) -> bool:
        return self._published_on is not None and dated.mention.on > self._published_on

    def _tellings(self, here: int) -> list[tuple[Actor, SaidOn]]:
        """What groups say on a dated day in a sentence, whether or not it is a statement of some class."""
        if here not in self._told:
            self._told[here] = list(self._read_tellings(here)) if self._dates_in(here) else []
        return self._told[here]

    def _dates_in(self, here: int) -> list[_Dated]:
        sentence = self._reading.sentences[here]
        return self._dates_among(sentence.first, sentence.last)

    def _read_tellings(self, here: int) -> Iterator[tuple[Actor, SaidOn]]:
        for mention in self._reading.by_sentence[here]:
            agent = self._speech.agent_of(mention)
            own = agent is not None and agent.how in ("after", "before") and mention.cls in _TELLS
            actor = agent.actor if agent and own else None
            if mention.cls in _STATEMENTS:
                actor = self._clauses.owner(mention.end, self._reading.sentences[here])
            if actor is None or actor.kind != "militia":
                continue
            said = _single(self._attached((mention.start, mention.end), here, refers_back=mention.cls in _STATEMENTS))
            if said:
                yield actor, said

    # what comes from elsewhere

    def _of_another_time(self, here: int, saying: Saying) -> bool:
        """Whether the sentence says that it was another day: earlier, had said, or a day named before the verb."""
        if self._utterances.is_apart(here, saying):
            return True
        if any(d.first < saying.verb[0] for d in self._dates_in(here)):
            return True
        behind = [d for d in self._dates_in(here) if d.first >= saying.verb[1] and not self._is_published_day(d)]
        return any(not self._clauses.is_reported(saying.verb[1], d.first) for d in behind if not self._is_to_come(d))

    def _is_published_day(self, dated: _Dated) -> bool:
        return dated.mention.precision == "day" and dated.mention.on == self._published_on

    def _told_today(self, saying: Saying) -> SaidOn | None:
        """A deed of today that its doers tell was told today."""
        tags = saying.trigger.tags
        if saying.label != "admission" or "perfect" not in tags:
            return None
        sentence = self._reading.sentences[self._utterances.sentence_of(saying.trigger.start)]
        near = self._dates_among(saying.trigger.start, sentence.last)[:1]
        return next((_said(d.mention) for d in near if self._is_published_day(d)), None)

    def _thread(self, here: int, saying: Saying) -> SaidOn | None:
        """The same group goes on in this sentence with what it said on a day that the text told."""
        for back in self._utterances.before(here, saying):
            same = [said for other, said in self._tellings(back) if same_voice(other, saying.actor)]
            if same:
                said = _single(same)
                return said and SaidOn(on=said.on, precision=said.precision, basis="relative-to-text")
            if not all(self._is_to_come(d) for d in self._dates_in(back)):
                return None
        return None

    def _signed(self, saying: Saying) -> SaidOn | None:
        """The date that stands alone, or with the group's name, under words in the first person."""
        if "we" not in saying.trigger.tags:
            return None
        here = self._utterances.sentence_of(saying.trigger.start)
        for sentence in self._reading.sentences[here + 1 : here + 1 + _SIGNED]:
            dates = [d for d in self._dates_among(sentence.first, sentence.last) if d.mention.basis == "text"]
            if dates and self._clauses.is_signature(sentence, dates[0].first):
                return _single([_said(d.mention) for d in dates if d.mention.precision == "day"])
        return None

    def _of_the_day(self, saying: Saying) -> SaidOn | None:
        """The day of publication, in news that opens with it."""
        verb = next((m for m in self._verbs_at(saying.verb[0])), None)
        if self._published_on is None or verb is None or not {"perfect", "past"} & verb.tags:
            return None
        first, last = self._day_of_publication
        if not first <= saying.verb[0] < last:
            return None
        return SaidOn(on=self._published_on, precision="day", basis="publication")

    @cached_property
    def _day_of_publication(self) -> Span:
        """The words of which the day of publication is the only day named, from the lead's first date on."""
        days = [d for d in self._dates if not self._is_to_come(d)]
        if not days or days[0].first >= self._reading.sentences[0].last or not self._is_published_day(days[0]):
            return (0, 0)
        others = (d.first for d in days if not (self._is_published_day(d) or self._is_background(d)))
        return days[0].first, next(others, len(self._reading.words))

    def _is_background(self, dated: _Dated) -> bool:
        return self._clauses.is_relative(
            dated.first, self._reading.sentences[self._utterances.sentence_of(dated.first)]
        )

    def _verbs_at(self, word: int) -> Iterator[Mention]:
        here = self._reading.by_sentence[self._utterances.sentence_of(word)]
        return (m for m in here if m.start == word and not VERBAL.isdisjoint(m.tags))


def _said(mention: DateMention) -> SaidOn:
    return SaidOn(on=mention.on, precision=mention.precision, basis=mention.basis, start=mention.start, end=mention.end)


def _single(found: list[SaidOn]) -> SaidOn | None:
    """The one date that was found; None when two disagree."""
    return found[0] if len({(said.on, said.precision) for said in found}) == 1 else None
