"""The engine: a text in, the statements of armed groups in it out, each with what it stands on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import reduce
from operator import or_

from pipeline.matching.lexicon import GROUP, QUOTED_GROUP, SPEAKER, SURNAME
from pipeline.matching.match import Match, by_class, find_matches
from pipeline.matching.rule import Choice
from pipeline.matching.rulebook import Rulebook
from pipeline.matching.scan import Mention, Scan, scan
from pipeline.matching.sieve import Glance, Masks, Sieve
from pipeline.records import Article, Cue, Statement
from pipeline.statements import details
from pipeline.statements.actors import ALONE, ANAPHOR, BAND, BRIGADE, MEDIA_ARM, MILITIA, ORG, Actor, ActorFinder
from pipeline.statements.agents import Agent
from pipeline.statements.clause import Clauses
from pipeline.statements.dating import Dating, SaidOn, publication_day
from pipeline.statements.english import EnglishActors, EnglishSpeech, meant
from pipeline.statements.reading import VERBAL, Reading
from pipeline.statements.speech import Source, Speech
from pipeline.statements.target import Targets
from pipeline.statements.utterance import Saying, Utterances
from pipeline.text.language import detect_language
from pipeline.text.quotes import quote_at
from pipeline.text.sentences import Sentence

_BANDS = frozenset({"band-first", "band-of", "band-last", "self-named"})
"""English words that bring in a band which no registry knows."""
_NAMING = MILITIA - {ANAPHOR, SURNAME} | {ALONE, MEDIA_ARM} | _BANDS
"""Classes that bring an armed group into a text; a surname and most of "the movement" only refer back to it."""
_SURE = _NAMING - {ALONE, BAND, BRIGADE, QUOTED_GROUP}
"""Those that are no everyday words, which bring one in only where they stand as a name does."""
_NAMERS = _NAMING | {ORG, SURNAME}
"""With those that name one only where a claim or a heading stands beside them."""
_CLAIMED = "responsibility"
"""With it any movement or organisation (ORG) may be an armed one, and without it none is by that word alone."""
_MAYBE, _SURELY, _ORGANISED, _OWNED = 1, 2, 4, 8
_HEADING = 60
"""Characters at the beginning of a post in which a surname before a colon says whose words follow."""
_STATUS = {"stable": 0.95, "experimental": 0.75}


@dataclass(frozen=True, slots=True)
class Finding:
    """A match in a sentence and who says it; `blocked_by` names what turned it off, None when it stands."""

    sentence: int
    match: Match
    actor: Actor | None
    cue: tuple[int, int] | None
    strength: float
    blocked_by: str | None


@dataclass(frozen=True, slots=True)
class Explanation:
    """All that was seen on the way: the reading, who speaks, and every finding, blocked ones too."""

    reading: Reading
    speech: Speech
    findings: tuple[Finding, ...]
    statements: tuple[Statement, ...]


class Engine:
    """Classifies texts with one rulebook. Holds no state between texts; implements the port `Classifier`."""

    def __init__(self, rulebook: Rulebook) -> None:
        self._rulebook = rulebook
        self._anybody = any(rule.voice == "anybody" for rule in rulebook.rules.values())
        self._glance = Glance(rulebook.forms, _NAMING | {_CLAIMED})
        self._naming = Masks(
            rulebook.forms,
            {
                tuple(map(Choice, _NAMING - _SURE)): _MAYBE,
                tuple(map(Choice, _SURE)): _SURELY,
                (Choice(ORG),): _ORGANISED,
                (Choice(_CLAIMED),): _OWNED,
            },
        )

    @property
    def rulebook(self) -> Rulebook:
        """What it was built with."""
        return self._rulebook

    @property
    def ruleset(self) -> str:
        """Identity of the rules and of the code that reads texts by them."""
        return self._rulebook.ruleset

    def statements(self, article: Article) -> tuple[Statement, ...]:
        """The statements of an article's body, in order; offsets count characters of the body."""
        published = publication_day(article.published_at) if article.published_at else None
        return self.classify(article.body, language=article.language, title=article.title, published_on=published)

    def classify(
        self, text: str, *, language: str | None = None, title: str | None = None, published_on: date | None = None
    ) -> tuple[Statement, ...]:
        """The statements of `text`, in order of their place; one record per span and label.

        Args:
            text: any string; offsets count its characters.
            language: `ar` or `en`; detected when None or another.
            title: the headline, which names the group that "the movement" in the first line means.
            published_on: what "yesterday" counts from.
        """
        titled = self._title_group(title)
        known = self._anybody or titled is not None
        headed = not known and self._headed(text)
        if not (known or headed or self._glance.may_hold(text)):
            return ()
        scanned = scan(text, self._rulebook.forms)
        named = _SURELY if known else self._named(scanned) | headed
        if not named:
            return ()
        reading = Reading(text, scanned, self._spoken(text, language))
        if named < _SURELY and reading.language == "en":
            return ()  # a band is an armed one only by a group that is named with it
        hopeful = self._hopeful(reading)
        if not hopeful or not (named >= _SURELY or self._may_be_said(reading)):
            return ()
        return self._explained(reading, titled, published_on, hopeful).statements

    def explain(
        self, text: str, *, language: str | None = None, title: str | None = None, published_on: date | None = None
    ) -> Explanation:
        """As `classify`, with everything that was seen on the way."""
        reading = Reading(text, scan(text, self._rulebook.forms), self._spoken(text, language))
        return self._explained(reading, self._title_group(title), published_on, range(len(reading.sentences)))

    def _named(self, scanned: Scan) -> int:
        """Whether an armed group may be named in a text, and surely is; most news ends here."""
        told = reduce(or_, map(self._naming.__getitem__, {*scanned.codes}), 0)
        organised = _MAYBE if told & _ORGANISED and told & _OWNED else 0
        return told & (_MAYBE | _SURELY) | organised

    def _headed(self, text: str) -> bool:
        """Whether a post may begin with the surname of whose words it holds, "Y: …"."""
        head = text[:_HEADING].partition(":")
        if not head[1]:
            return False
        scanned = scan(head[0], self._rulebook.forms)
        return any(m.cls == SURNAME for s in scanned.sentences for m in scanned.mentions(s))

    def _hopeful(self, reading: Reading) -> list[int]:
        """The sentences in which a rule may fire, whoever speaks."""
        sieve = self._rulebook.sieves.get(reading.language)
        if sieve is None:
            return []
        return [i for i, sentence in enumerate(reading.sentences) if self._holds_match(sieve, reading, sentence)]

    def _holds_match(self, sieve: Sieve, reading: Reading, sentence: Sentence) -> bool:
        passed = sieve.passes(reading.scan.codes_of(sentence))
        if passed != "words":
            return passed is not None
        mentions = _told(reading, reading.scan.mentions(sentence))
        found = find_matches(
            self._rulebook.index[reading.language], by_class(mentions), _light_words(reading, mentions)
        )
        return any(match.blocked_by is None for match in found)

    def _may_be_said(self, reading: Reading) -> bool:
        """Whether an armed group is among the actors where only everyday words may name one."""
        finder = ActorFinder(reading, self._rulebook.registry)
        named = (i for i, here in enumerate(reading.by_sentence) if any(m.cls in _NAMERS for m in here))
        return any(actor.kind == "militia" for i in named for actor in finder.find(i))

    def _spoken(self, text: str, language: str | None) -> str:
        return language if language and language in self._rulebook.index else detect_language(text) or "ar"

    def _explained(
        self, reading: Reading, titled: str | None, published_on: date | None, sentences: Iterable[int]
    ) -> Explanation:
        """The explanation, with the findings in some of the sentences."""
        speech = self._speech(reading, titled)
        findings = tuple(self._findings(reading, speech, sentences))
        return Explanation(reading, speech, findings, _Writer(reading, speech, published_on).write(findings))

    def _speech(self, reading: Reading, titled: str | None) -> Speech:
        if reading.language == "en":
            return EnglishSpeech(reading, EnglishActors(reading, self._rulebook.registry, title=titled))
        return Speech(reading, ActorFinder(reading, self._rulebook.registry, title=titled))

    def _title_group(self, title: str | None) -> str | None:
        if not title:
            return None
        scanned = scan(title, self._rulebook.forms)
        return next((m.ref for s in scanned.sentences for m in scanned.mentions(s) if m.cls == GROUP), None)

    def _findings(self, reading: Reading, speech: Speech, sentences: Iterable[int]) -> Iterator[Finding]:
        index = self._rulebook.index.get(reading.language)
        if index is None:
            return
        for i in sentences:
            mentions = reading.by_sentence[i]
            if not mentions:
                continue
            told = by_class(_told(reading, mentions)) if reading.language == "en" else reading.by_class[i]
            here = {**told, **by_class(_actor_mentions(speech.actors[i]))}
            for match in find_matches(index, here, _light_words(reading, mentions)):
                yield self._judge(i, match, speech)

    def _judge(self, i: int, match: Match, speech: Speech) -> Finding:
        if match.rule.voice in ("agent", "own-agent"):
            return _by_agent(i, match, speech)
        finding = _own_words(i, match, speech)
        if match.rule.voice == "own-deeds" and finding.blocked_by is None and self._of_others(finding, speech):
            return replace(finding, blocked_by="another group's deed")
        return finding

    def _of_others(self, finding: Finding, speech: Speech) -> bool:
        """Whether somebody praises or blames another group for the deed."""
        agent = speech.agent_of(finding.match.trigger)
        if agent is None or agent.how == "dropped":
            return False
        doer, speaker = agent.actor.group, finding.actor.group if finding.actor else None
        return doer is not None and speaker is not None and not self._rulebook.registry.kin(doer, speaker)


_LIGHT = frozenset({GROUP, SPEAKER, SURNAME, QUOTED_GROUP, "role"})
"""What a name and its titles are made of, and the day and manner of speaking."""


def _told(reading: Reading, mentions: list[Mention]) -> list[Mention]:
    """What rules may match: in English words mean only what they can where they stand."""
    return meant(mentions, reading.words.texts) if reading.language == "en" else mentions


def _light_words(reading: Reading, mentions: Iterable[Mention]) -> frozenset[int]:
    """Words that gaps do not count: in Arabic the agent with all his titles stands between a verb and its object."""
    if reading.language != "ar":
        return frozenset()
    return frozenset(word for m in mentions if m.cls in _LIGHT for word in range(m.start, m.end))


def _actor_mentions(actors: list[Actor]) -> list[Mention]:
    """Actors as mentions of the classes `@militia`, `@state`, …, so that patterns can hold them."""
    return [Mention(a.start, a.end, f"@{a.kind}", frozenset({"oblique"} if a.oblique else ()), a.group) for a in actors]


def _by_agent(i: int, match: Match, speech: Speech) -> Finding:
    agent = speech.agent_of(match.trigger)
    if agent is None:
        slot = next((m for m in match.mentions if m.cls == "@militia"), None)
        actor = next((a for a in speech.actors[i] if slot and a.start == slot.start), None)
        blocked = match.blocked_by or (None if actor else "no agent")
        return Finding(i, match, actor, None, 0.9, blocked)
    wrong = None if agent.actor.kind == "militia" else f"agent is {agent.actor.kind}"
    if wrong is None and agent.actor.group is None:
        agent = replace(agent, actor=replace(agent.actor, group=speech.signature))
    wrong = wrong or _done_by_others(match, speech)
    if match.rule.voice == "own-agent":
        wrong = wrong or _told_by_others(match, agent, speech)
    return Finding(i, match, agent.actor, None, 0.95, match.blocked_by or wrong)


def _done_by_others(match: Match, speech: Speech) -> str | None:
    """Whether what a group warns of is another's act: "X warned that Israel would attack"."""
    if match.rule.language != "en" or match.rule.label != "threat":
        return None
    for mention in match.mentions:
        agent = speech.agent_of(mention) if mention is not match.trigger and "base" in mention.tags else None
        if agent is not None and agent.how == "before" and agent.actor.kind == "state":
            return "agent is state"
    return None


def _told_by_others(match: Match, agent: Agent, speech: Speech) -> str | None:
    source = speech.teller.get(match.trigger.start, speech.source[match.trigger.start])
    if agent.how == "before" and not {",", "،"}.isdisjoint(speech.reading.words.marks[agent.actor.start]):
        return None  # "…, and X offers": another main clause
    if source is not None and source.actor.kind == "militia" and _told_by_a_state(source, speech):
        return "told by state"
    if source is None or source.actor.kind not in ("state", "outsider") or _is_outlet(source.actor, speech):
        return None
    return f"told by {source.actor.kind}"


def _is_outlet(actor: Actor, speech: Speech) -> bool:
    """Whether it is an agency or a station, which only hands on what others say."""
    return actor.kind == "outsider" and any(
        m.start == actor.start and m.cls.startswith("channel-") for m in speech.reading.mentions
    )


def _own_words(i: int, match: Match, speech: Speech) -> Finding:
    source: Source | None = speech.source[match.trigger.start]
    if source is not None and source.actor.kind == "militia" and source.cue[0] == match.trigger.start:
        source = speech.teller.get(match.trigger.start) or source  # who orders is told of by another
    if source is None and _first_person(match, speech):
        source = _we_of(match, speech) or speech.communique_source()
    source = source or speech.signed_source
    if source is None:
        return Finding(i, match, None, None, 0.0, match.blocked_by or "nobody speaks")
    blocked = match.blocked_by or _not_theirs(match, source, speech)
    actor = source.actor
    agent = speech.agent_of(match.trigger)
    if actor.group is None and agent and agent.actor.kind == "militia" and agent.actor.group:
        actor = replace(actor, group=agent.actor.group)
    return Finding(i, match, actor, source.cue, source.strength, blocked)


def _we_of(match: Match, speech: Speech) -> Source | None:
    """The group of "we of X declare"."""
    agent = speech.agent_of(match.trigger)
    if agent is None or agent.actor.kind != "militia" or "we" not in match.trigger.tags:
        return None
    return Source(agent.actor, (match.trigger.start, match.trigger.end), 0.9)


def _first_person(match: Match, speech: Speech) -> bool:
    """Whether the narrator says "we" or "our" in a match, outside quotation marks."""
    ours = any("we" in m.tags for m in match.mentions)
    return ours and quote_at(speech.reading.quotes, match.trigger.start) is None


def _not_theirs(match: Match, source: Source, speech: Speech) -> str | None:
    if source.actor.kind != "militia":
        return f"{source.actor.kind} speaks"
    if source.denied:
        return "denied"
    if match.rule.label == "truce" and _told_by_a_state(source, speech):
        return "told by state"
    if match.rule.voice == "heading" and not source.heading:
        return "under no heading"
    return _not_their_act(match, speech)


def _not_their_act(match: Match, speech: Speech) -> str | None:
    """Why an act told in a group's words is another's."""
    agent = speech.agent_of(match.trigger)
    if agent and agent.actor.kind in ("state", "outsider"):
        return f"agent is {agent.actor.kind}"
    if match.rule.voice == "own-deeds" and "we" not in match.trigger.tags:
        return _another_deed(match.trigger, agent, speech)
    return None


def _told_by_a_state(source: Source, speech: Speech) -> bool:
    """Whether the group's words reach the reader through a state's: "the office said that X told it"."""
    teller = speech.teller.get(source.cue[0])
    return teller is not None and teller.actor.kind == "state"


def _another_deed(trigger: Mention, agent: Agent | None, speech: Speech) -> str | None:
    """Why a deed told in a group's words is not shown to be its own."""
    if not VERBAL.isdisjoint(trigger.tags):
        if agent is None:
            return "agent unknown"
        opens = "and" in trigger.tags or speech.opens_words(trigger.start)
        return None if agent.how != "dropped" or opens else "agent left out"
    return None


class _Writer:
    """Turns findings that stand into statements: one for each sentence, label and group."""

    def __init__(self, reading: Reading, speech: Speech, published_on: date | None) -> None:
        self._reading = reading
        self._speech = speech
        self._utterances = Utterances(reading, speech, Clauses(reading, speech))
        self._dating = Dating(reading, speech, self._utterances, published_on)

    def write(self, findings: tuple[Finding, ...]) -> tuple[Statement, ...]:
        grouped: dict[tuple[int, str], list[Finding]] = {}
        for finding in findings:
            if finding.blocked_by is None:
                grouped.setdefault((finding.sentence, finding.match.rule.label), []).append(finding)
        return tuple(self._statement(grouped[key]) for key in sorted(grouped))

    def _statement(self, findings: list[Finding]) -> Statement:
        best = max(findings, key=lambda f: (f.actor is not None and f.actor.group is not None, f.strength))
        actor = best.actor
        sentence = self._reading.sentences[best.sentence]
        mentions = self._reading.by_sentence[best.sentence]
        start, end = self._reading.words.span(sentence.first, sentence.last)
        trigger = best.match.trigger
        rule = best.match.rule
        saying = Saying(label=rule.label, trigger=trigger, cue=best.cue, actor=actor)
        condition = details.find_condition(self._reading, mentions, sentence, trigger.start)
        avoid = [(actor.start, actor.end) if actor else (0, 0), condition or (0, 0)]
        target = Targets(self._reading, mentions).of(best.match, avoid, sentence.last)
        said_on = self._dating.said_on(saying)
        channel = self._channel(best.sentence, saying, said_on)
        return Statement(
            label=rule.label, text=self._reading.text[start:end], start=start, end=end,
            group=actor.group if actor else None, speaker=actor.speaker if actor else None,
            said_on=said_on.on if said_on else None,
            said_on_precision=said_on.precision if said_on else None,
            said_on_basis=said_on.basis if said_on else None,
            channel=channel[0] if channel else None,
            target=self._text(target), condition=self._text(condition),
            quoted=details.is_quoted(self._reading, sentence, mentions),
            confidence=round(_STATUS.get(rule.status, 0.5) * best.strength, 3),
            cameo=rule.cameo, rules=tuple(sorted({f.match.rule.rule_id for f in findings})),
            cues=self._cues(
                best, {"channel": channel[1] if channel else None, "target": target, "condition": condition}, said_on
            ),
        )  # fmt: skip

    def _channel(self, here: int, saying: Saying, said_on: SaidOn | None) -> tuple[str, details.Span] | None:
        """The channel of the sentence, or of where the utterance began; "the statement" is one named before."""
        own = details.find_channel(self._reading, self._reading.by_sentence[here])
        told = self._utterances.sentence_of(saying.verb[0])
        apart = self._utterances.is_apart(told, saying) or (said_on is not None and said_on.start < said_on.end)
        if own and (own[0] != "statement" or not details.is_definite(self._reading, own[1])):
            return own
        before = self._utterances.before(told, saying) if saying.actor and not apart else ()
        earlier = [told, *(i for i in before if saying.actor and self._utterances.is_of(i, saying.actor))]
        found = [details.find_channel(self._reading, self._reading.by_sentence[i]) for i in earlier]
        named = [channel for channel in found if channel]
        special = next((channel for channel in named if channel[0] != "statement"), None)
        return special or own or next(iter(named), None)

    def _text(self, span: details.Span | None) -> str | None:
        if span is None:
            return None
        start, end = self._reading.words.span(*span)
        return self._reading.text[start:end]

    def _cues(self, finding: Finding, spans: dict[str, details.Span | None], said_on: SaidOn | None) -> tuple[Cue, ...]:
        trigger = finding.match.trigger
        spans = {**spans, "trigger": (trigger.start, trigger.end), "reporting": finding.cue}
        if finding.actor and finding.actor.end <= len(self._reading.words):
            role = "speaker" if finding.actor.speaker else "group"
            spans[role] = (finding.actor.start, finding.actor.end)
        cues = [details.cue(self._reading, span, role) for role, span in spans.items() if span and span[0] < span[1]]
        if said_on and said_on.start < said_on.end:
            cues.append(Cue(start=said_on.start, end=said_on.end, role="date"))
        return tuple(sorted(cues, key=lambda c: (c.start, c.end, c.role)))
