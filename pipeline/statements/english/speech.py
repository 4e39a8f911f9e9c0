"""English speech: reported clauses, words before and after their verb, quotes, headings, continuation, communiqués."""

from __future__ import annotations

import re
from dataclasses import replace

from pipeline.matching.scan import Mention
from pipeline.statements.actors import Actor
from pipeline.statements.agents import Agent
from pipeline.statements.english.clauses import Clauses
from pipeline.statements.english.nouns import EnglishActors
from pipeline.statements.english.phrases import dateline_end, governor_of
from pipeline.statements.english.words import QUOTES, Line, meant
from pipeline.statements.reading import VERBAL, Reading
from pipeline.statements.speech import SPEECH, Source, Speech
from pipeline.text.quotes import quote_at
from pipeline.text.sentences import Sentence

_HEADING_REACH = 14
_POST = 400
_FLASH = 2
_DASH = re.compile(r"\s[-–—]\s")
_FOLLOWS = 3
_CONTACT = 8
_LONGEST_QUOTE = 400
"""Words of a quote that one reporting verb carries, so that hostile text costs no more than prose."""
_STRENGTH = {"after": 1.0, "before": 0.95, "relative": 0.9, "by": 0.95, "owner": 0.9, "dropped": 0.8}
_BEFORE_NAME = ("filler", "nationality", "pronoun", "honorific")
_AIDES = frozenset(
    {
        "aide",
        "aides",
        "spokesman",
        "spokesmen",
        "spokeswoman",
        "spokesperson",
        "representative",
        "negotiator",
        "delegate",
        "deputy",
        "statement",
        "communique",
        "communiqué",
    }
)
_DOCUMENTS = ("channel-statement", "channel-video", "footage", "role", "document")
_MEN = frozenset({"member", "members", "operative", "operatives", "cell", "cells", "unit", "units", "squad", "bomber"})
_READ = frozenset({"read", "sent"})
_CLAUSE_ENDS = frozenset(";()[]\n")
_VIA = frozenset({"on", "via"})
_STATE_LIKE = ("state", "outsider")


class EnglishSpeech(Speech):
    """Sources of an English text, word by word; what it offers is what `Speech` offers."""

    def __init__(self, reading: Reading, actors: EnglishActors) -> None:
        self.reading = reading
        self.source: list[Source | None] = [None] * len(reading.words)
        self.agents: dict[tuple[int, str], Agent] = {}
        self.teller: dict[int, Source | None] = {}
        self.actors: list[list[Actor]] = []
        self._that = {m.end - 1 for m in reading.mentions if m.cls == "that"}
        self._it_was: dict[int, int] = {}
        self._nouns = actors
        self._spoke_last: Actor | None = None
        self._headline: Source | None = None
        self._stranger = False
        self._paragraph = -1
        self._here: list[Actor] = []
        self._signed = self._signature()
        for i, sentence in enumerate(reading.sentences):
            mentions = meant(reading.by_sentence[i], reading.words.texts)
            line = Line(reading, sentence, mentions)
            line.first = dateline_end(line)
            self._read(sentence, line, mentions)

    def _read(self, sentence: Sentence, line: Line, mentions: list[Mention]) -> None:
        self._here = self._nouns.find(line)
        self.actors.append(self._here)
        clauses = Clauses(line, self._here, self._nouns.owned, lambda word: self._refer(line, word))
        self._heading(sentence, line)
        self._inherit(sentence)
        speaker = self._reported(sentence, line, mentions, clauses)
        self._adjuncts(sentence, line, mentions, clauses)
        self._loose_quote(sentence, found=speaker is not None)
        self._others(mentions, line, clauses)
        self._next_topic(line, speaker)

    def _reported(self, sentence: Sentence, line: Line, mentions: list[Mention], clauses: Clauses) -> Actor | None:
        speaker: Actor | None = None
        for mention in mentions:
            if mention.cls not in SPEECH or VERBAL.isdisjoint(mention.tags) or line.is_noun(mention):
                continue
            if _is_only_noun(mention, line):
                continue
            if "base" in mention.tags and self._is_modal(mention.start, line):
                continue
            agent = clauses.quoted(mention) or clauses.agent_of(mention)
            if agent is None and self._only_says(mention, line, clauses):
                agent = Agent(Actor(mention.start, mention.start, "outsider"), "before")
            if agent is None:
                continue
            agent = _known_by_office(self._aide(agent, line, clauses))
            self.agents[mention.start, mention.cls] = agent
            self._attribute(mention, agent, sentence, line)
            speaker = agent.actor
        return speaker

    def _is_modal(self, word: int, line: Line) -> bool:
        """Whether words are still to be said: "would say", but not "telephoned a paper to say"."""
        if line.has(word - 1, "to-infinitive") and any(line.has(w, "contact") for w in range(word - _CONTACT, word)):
            return False
        return line.inside(word - 1) and line.has(word - 1, "modal", "auxiliary", "to-infinitive")

    def _only_says(self, mention: Mention, line: Line, clauses: Clauses) -> bool:
        """Whether somebody unknown says what follows."""
        plain = not line.has(mention.start, *(SPEECH - {"said", "announce"})) and not _is_posted(mention.start, line)
        finite = not {"past", "present"}.isdisjoint(mention.tags)
        return plain and mention.cls == "said" and finite and not clauses.is_passive(mention.start)

    def _aide(self, agent: Agent, line: Line, clauses: Clauses) -> Agent:
        """For a bare "…, an aide said" an aide of the group that the words before begin with."""
        actor = agent.actor
        named = [w for w in range(actor.start, actor.end) if line.texts[w] in _AIDES]
        start = actor.start
        while line.inside(start - 1) and line.close(start) and line.has(start - 1, "filler"):
            start -= 1
        if actor.kind not in ("person", "state") or not named or not line.comma(start):
            return agent
        whose = clauses.opener(start)
        if whose is None or whose.kind != "militia":
            return agent
        return replace(agent, actor=replace(actor, kind="militia", group=whose.group))

    def _others(self, mentions: list[Mention], line: Line, clauses: Clauses) -> None:
        for mention in mentions:
            key = (mention.start, mention.cls)
            if key in self.agents or (VERBAL.isdisjoint(mention.tags) and "noun" not in mention.tags):
                continue
            if mention.cls in _NO_ACTS or line.is_noun(mention):
                continue
            agent = clauses.agent_of(mention) or self._under_heading(mention, line) or self._having(mention, line)
            if agent:
                self.agents[key] = _known_by_office(self._one_of_them(agent, mention))

    def _having(self, mention: Mention, line: Line) -> Agent | None:
        """For "boasted of having hit …" the one who says so."""
        source, before = self.source[mention.start], mention.start - 1
        told = line.inside(before) and line.texts[before] == "having" and source is not None
        return Agent(source.actor, "before") if told and source and source.cue[0] < before else None

    def _one_of_them(self, agent: Agent, mention: Mention) -> Agent:
        """In a group's words "a member" is one of its own."""
        source, last = self.source[mention.start], self.reading.words.texts[agent.actor.end - 1]
        if agent.actor.kind != "person" or last not in _MEN or source is None or source.actor.kind != "militia":
            return agent
        return replace(agent, actor=replace(agent.actor, kind="militia", group=source.actor.group))

    def _under_heading(self, mention: Mention, line: Line) -> Agent | None:
        """For "X: struck a base" the one whose heading it is."""
        opens = "past" in mention.tags and ":" in line.marks[mention.start]
        return Agent(self._headline.actor, "before") if opens and self._headline else None

    # whose words

    def _attribute(self, mention: Mention, agent: Agent, sentence: Sentence, line: Line) -> None:
        strength = _STRENGTH.get(agent.how, 0.7)
        cue = (mention.start, mention.end)
        denied = mention.cls == "deny" or _is_negated(mention.start, line)
        source = Source(agent.actor, cue, strength, denied=denied)
        self.teller.setdefault(mention.start, self.source[mention.start])
        first = self._words_before(mention, agent, sentence, line)
        if first is not None:
            self._fill(first, mention.start, source)
        self._fill(mention.end, self._content_end(mention, sentence), source)

    def _words_before(self, mention: Mention, agent: Agent, sentence: Sentence, line: Line) -> int | None:
        """Where the words begin that stand before "…, X said", over the sentences of a quote too."""
        if agent.how == "relative":
            return None
        apart = line.has(mention.start - 1, "pronoun") or not line.inside(agent.actor.start)
        start = mention.start if apart else min(mention.start, agent.actor.start)
        while start > sentence.first and line.has(start - 1, *_BEFORE_NAME) and line.close(start):
            start -= 1
        owner = next((a for a in self._here if a.possessive and a.end == start and line.close(start)), None)
        start = owner.start if owner else start
        if start == sentence.first:
            return None
        quoted = quote_at(self.reading.quotes, start - 1) if line.parted(start, QUOTES) else None
        if quoted:
            return max(min(quoted.first, sentence.first), start - _LONGEST_QUOTE)
        if start - sentence.first <= _FOLLOWS or "," not in line.marks[start]:
            return None
        return None if self._goes_on(mention.end, line) else sentence.first

    def _goes_on(self, word: int, line: Line) -> bool:
        """Whether a clause follows the verb, so that what stands before it are circumstances."""
        for j in range(word, line.last):
            if line.comma(j) or line.parted(j, _CLAUSE_ENDS) or (j > word and line.has(j, "subordinator")):
                return False
            if line.verb(j) and (_is_posted(j, line) or line.has(j + 1, *_DOCUMENTS)):
                continue  # "a statement posted online", "an emailed statement"
            if line.has(j, "that", "auxiliary", "modal", "pronoun") or (
                line.verb(j) and "ing" not in line.verb_tags(j)
            ):
                return True
        return False

    def _content_end(self, mention: Mention, sentence: Sentence) -> int:
        quote = quote_at(self.reading.quotes, sentence.last - 1)
        if quote and quote.first >= mention.start:
            return max(min(quote.last, mention.end + _LONGEST_QUOTE), sentence.last)
        return sentence.last

    def _heading(self, sentence: Sentence, line: Line) -> None:
        """`X: …` or `X – …` at the beginning of a line."""
        if self._dash_heading(sentence, line):
            return
        begin = sentence.first
        for colon in range(sentence.first + 1, min(sentence.first + _HEADING_REACH, sentence.last)):
            if ":" not in line.marks[colon]:
                continue
            heads = [a for a in self._here if a.end <= colon and not a.possessive]
            if not heads and colon - sentence.first <= _FLASH:
                begin = colon  # "BREAKING: X: …"
                continue
            bare = not any(line.verb(w) for w in range(begin, colon) if not _inside(w, heads))
            if heads and bare and self._only_channel(heads[-1].end, colon, line):
                self._headline = Source(heads[0], (colon - 1, colon), 0.9, heading=True)
            elif bare and colon - sentence.first <= 6:
                self._headline = None
            self._message(sentence, line, colon)
            return

    def _only_channel(self, word: int, colon: int, line: Line) -> bool:
        """Whether nothing but the channel stands between a name and its colon: "X on Telegram: …"."""
        return all(line.has(w, "channel-x", "channel-telegram") or line.texts[w] in _VIA for w in range(word, colon))

    def _message(self, sentence: Sentence, line: Line, colon: int) -> None:
        """`X releases a video: "…"`, `X in a statement: …`: the words behind the colon are the communiqué's."""
        opener = next(iter(self._here), None)
        if self._headline is not None or opener is None or opener.kind != "militia":
            return
        if opener.possessive or opener.end > colon:
            return
        lead = all(line.has(w, "filler", "nationality") for w in range(line.first, opener.start))
        if lead and any(line.has(w, *_DOCUMENTS) for w in range(opener.end, colon)):
            source = Source(opener, (colon - 1, colon), 0.85)
            for word in range(colon, sentence.last):
                self.source[word] = source

    def _dash_heading(self, sentence: Sentence, line: Line) -> bool:
        """`X – …`: one dash, right behind a group; a second one would close a parenthesis."""
        marks = [w for w in range(sentence.first + 1, sentence.last) if _DASH.search(line.marks[w])]
        head = next((a for a in self._here if a.kind == "militia" and not a.possessive), None)
        if len(marks) != 1 or head is None or head.end != marks[0] or head.anaphoric:
            return False
        before = [w for w in range(sentence.first, head.start) if not line.has(w, "filler")]
        if before and ":" not in line.marks[before[-1] + 1]:
            return False
        self._headline = Source(head, (head.end - 1, head.end), 0.9, heading=True)
        return True

    def _inherit(self, sentence: Sentence) -> None:
        """The words under a heading belong to it; in a long text to the end of its paragraph."""
        if sentence.paragraph != self._paragraph:
            self._paragraph = sentence.paragraph
            begins_here = self._headline and self._headline.cue[0] >= sentence.first
            if len(self.reading.words) > _POST and not begins_here:
                self._headline = None
        if self._headline:
            self._fill_open(sentence, self._headline)

    def _adjuncts(self, sentence: Sentence, line: Line, mentions: list[Mention], clauses: Clauses) -> None:
        """`according to X`, `in a statement from X`."""
        for mention in mentions:
            if mention.cls == "according-to":
                actor = clauses.behind(mention.end)
                if actor is not None and line.has(actor.end - 1, "channel-statement", "channel-video"):
                    opener = clauses.opener(mention.start)
                    actor = opener if opener and actor.kind != "militia" else actor
                if actor is not None:
                    self._fill_open(sentence, Source(actor, (mention.start, mention.end), 0.85))

    def _loose_quote(self, sentence: Sentence, *, found: bool) -> None:
        """A sentence that is nothing but a quote goes on with the words of whoever spoke before."""
        if found or self._spoke_last is None:
            return
        quote = quote_at(self.reading.quotes, sentence.first)
        if quote and quote.first == sentence.first and quote.last >= sentence.last:
            self._fill_open(sentence, Source(self._spoke_last, (sentence.first, sentence.first + 1), 0.7))

    def _fill_open(self, sentence: Sentence, source: Source) -> None:
        for word in range(sentence.first, sentence.last):
            if self.source[word] is None:
                self.source[word] = source

    # whom short words mean

    def _refer(self, line: Line, word: int) -> Actor | None:
        """Whom a pronoun or possessive means."""
        if line.has(word, "first-person"):
            return self._first_person(word)
        source = self.source[word]
        if source is not None and source.cue[0] < word:
            return self._inside_words(line, word, source)
        if source is not None and not any(a.end <= word for a in self._here):
            return source.actor
        before = [a for a in self._here if a.end <= word and not a.possessive and a.start not in self._nouns.owned]
        outside = quote_at(self.reading.quotes, word) is None
        before = [a for a in before if not outside or quote_at(self.reading.quotes, a.start) is None]
        owner = next((a for a in self._here if a.possessive and line.has(word - 1, "relative") and a.end < word), None)
        if not before:
            return owner or self._spoke_last or self._whose(line, word)
        one = {(a.kind, a.group) for a in before}
        return before[-1] if len(one) == 1 else self._opener(line, before)

    def _whose(self, line: Line, word: int) -> Actor | None:
        """Whose "its" is where only a possessive stands before: "X's attacks will stop, its deputy leader said"."""
        owners = [a for a in self._here if a.possessive and a.kind == "militia" and a.end <= word]
        one = line.has(word, "possessor") and len({a.group for a in owners}) == 1
        return replace(owners[0], possessive=False) if one else None

    def _opener(self, line: Line, before: list[Actor]) -> Actor | None:
        """Among several, the one that opens the sentence as its subject."""
        first = before[0]
        begin = max([w for w in range(line.first, first.start + 1) if ":" in line.marks[w]], default=line.first)
        lead = [w for w in range(begin, first.start) if not line.has(w, "filler", "nationality")]
        return first if len(lead) <= 1 and not any(line.has(w, "preposition") for w in lead) else None

    def _inside_words(self, line: Line, word: int, source: Source) -> Actor | None:
        """In reported words "it" is who reports, unless another actor came between."""
        told = source.cue[1] + line.has(source.cue[1], "filler") - source.heading  # "told reporters that it …"
        between = [a for a in self._here if told < a.start < word and a.end <= word]
        others = [a for a in between if a.kind in _STATE_LIKE or (a.group and a.group != source.actor.group)]
        near = [
            a
            for a in others
            if not any(line.has(w, "preposition") for w in range(max(line.first, a.start - 3), a.start))
        ]
        if source.heading and source.actor.kind == "state":
            return next((a for a in reversed(between) if a.kind == "militia"), source.actor)  # "Mali: rebels …"
        return None if near else source.actor

    def _first_person(self, word: int) -> Actor | None:
        source = self.source[word]
        if source is not None:
            return source.actor
        signed = self.communique_source()
        return signed.actor if signed else None

    def communique_source(self) -> Source | None:
        """Whose first person the narrator's is: the group that signed the text."""
        return Source(Actor(0, 0, "militia", self._signed), (0, 0), 0.7) if self._signed else None

    @property
    def signature(self) -> str | None:
        """The group that signed the text."""
        return self._signed

    def _signature(self) -> str | None:
        """The group behind "Signed," or in the last line of a text that no outlet tells."""
        words = self.reading.words
        groups = [m for m in self.reading.mentions if m.cls == "group"]
        if not groups or not self.reading.sentences:
            return None
        last = groups[-1]
        signed = any(words.texts[w] in ("signed", "issued") for w in range(max(0, last.start - 8), last.start))
        one = len({m.ref for m in groups}) == 1 and last.end >= len(words) - 3
        if not signed and not (one and self._opens_last_line(last.start)):
            return None
        return last.ref

    def _opens_last_line(self, word: int) -> bool:
        """Whether nothing but an article stands before a word in a last line, or sentence without a verb."""
        begin = self.reading.sentences[-1].first
        start = word - (word > 0 and self.reading.words.texts[word - 1] == "the")
        verbs = any(m.start >= begin and not VERBAL.isdisjoint(m.tags) for m in self.reading.mentions)
        return "\n" in self.reading.words.marks[start] or (begin == start > 0 and not verbs)

    def _next_topic(self, line: Line, speaker: Actor | None) -> None:
        """Whom "he", "it" or "they" at the beginning of the next sentence means."""
        if speaker is not None:
            self._spoke_last = speaker
            return
        first = line.first
        while line.inside(first) and line.has(first, "filler", "adverb", "conjunction") and first not in self._begin():
            first += 1
        if line.has(first, "pronoun"):
            return
        self._spoke_last = next((a for a in self._here if a.start == first and not a.possessive), None)

    def _begin(self) -> set[int]:
        return {actor.start for actor in self._here}


_NO_ACTS = frozenset({"role", "armed", "state", "outsider", "own-men", "channel-statement"})


def _is_posted(word: int, line: Line) -> bool:
    """Whether a form in -ed goes with a communiqué that a preposition governs: "in a video posted on the Internet"."""
    j = word - 1
    while line.inside(j) and line.has(j, "adverb") and line.close(j + 1):
        j -= 1
    if line.texts[word] not in _READ and not line.texts[word].endswith("ed"):
        return False
    document = line.inside(j) and line.close(j + 1) and line.has(j, *_DOCUMENTS)
    behind = line.inside(word + 1) and line.has(word + 1, "preposition")
    return document and (behind or governor_of(line, j) is not None)


def _is_only_noun(mention: Mention, line: Line) -> bool:
    """Whether a bare form is the noun that it mostly is: "an army post"."""
    bare = mention.tags == {"base"} and line.has(mention.start, "noun-too")
    return bare and not line.has(mention.start - 1, "pronoun", "to-infinitive", "modal")


def _is_negated(word: int, line: Line) -> bool:
    """Whether it is told that somebody does not say something: "without saying", "has not said"."""
    before = word - 1 - (line.inside(word - 1) and line.has(word - 1, "adverb") and not line.has(word - 1, "negation"))
    return line.inside(before) and line.has(before, "negation") and line.close(word)


def _known_by_office(agent: Agent) -> Agent:
    """An official of nobody known is no armed group's."""
    if agent.actor.kind != "person":
        return agent
    return replace(agent, actor=replace(agent.actor, kind="outsider"))


def _inside(word: int, actors: list[Actor]) -> bool:
    return any(a.start <= word < a.end for a in actors)
