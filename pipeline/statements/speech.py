"""Arabic speech: which words are somebody's, and whose. Reported clauses, quotes, "X: …", continuation, communiqués."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

from pipeline.matching.lexicon import SPEAKER
from pipeline.matching.scan import Mention
from pipeline.statements.actors import Actor, ActorFinder, agrees
from pipeline.statements.agents import Agent, AgentFinder
from pipeline.statements.reading import VERBAL, Reading
from pipeline.text.quotes import quote_at
from pipeline.text.sentences import Sentence

SPEECH = frozenset(
    [
        "said",
        "said-on",
        "threaten",
        "vow",
        "warn",
        "claim",
        "announce",
        "deny",
        "accuse",
        "continue",
        "relay",
        "appears",
    ]
)
"""Classes of verbs whose agent speaks; `continue` ones carry on the speech of the sentence before."""
_HEAD_REACH = 6
_SHORTEST_QUOTE = 3
_LONGEST_SIGNATURE = 9
_MORE_THAN_A_NAME = 2
_SIGNS = frozenset("-–—|,،.")
"""Before the name of the one who signs at the end of a line."""
_PAUSES = frozenset(',،»”"')
_POST = 400
_MEANWHILE = frozenset(["كما", "بينما", "فيما", "حيث"])
_GOVERNING = frozenset(
    ["في", "علي", "عن", "الي", "بعد", "قبل", "بين", "ضد", "رغم", "خلال", "عقب", "اثر", "دون", "بدون", "بسبب"]
)
"""Prepositions, folded, behind which a form that may be a verb is its verbal noun; not those before verbs too."""


@dataclass(frozen=True, slots=True)
class Source:
    """Whose words: an actor, the verb or mark that says so, and how sure that is (from 0 to 1)."""

    actor: Actor
    cue: tuple[int, int]
    strength: float
    denied: bool = False
    heading: bool = False


class Speech:
    """Sources of a text, word by word.

    Attributes:
        source: for each word whose it is, or None for the narrator's.
        agents: the agent of each verb or verbal noun, by (first word, class).
        teller: in whose words a verb of speaking stands, by its first word.
    """

    def __init__(self, reading: Reading, actors: ActorFinder) -> None:
        self.reading = reading
        self.source: list[Source | None] = [None] * len(reading.words)
        self.agents: dict[tuple[int, str], Agent] = {}
        self.actors: list[list[Actor]] = []
        self._focus: Actor | None = None
        self._subject: Actor | None = None
        self._speakers: dict[bool, Actor] = {}
        self.teller: dict[int, Source | None] = {}
        self._finder = actors
        self._headline: Source | None = None
        self._stranger = False
        self._paragraph = -1
        self._that = {m.end - 1 for m in reading.mentions if m.cls == "that"}
        self._it_was = {m.end: m.start for m in reading.mentions if m.cls == "it-was"}
        for i, sentence in enumerate(reading.sentences):
            self._sentence(i, sentence, actors.find(i))

    def opens_words(self, word: int) -> bool:
        """Whether a verb stands right behind "that" or at the beginning of the words that somebody says."""
        if word - 1 in self._that or ":" in self.reading.words.marks[word] or self._it_was_they(word):
            return True
        before = self.source[word - 1] if word else None
        return before is not self.source[word]

    def _it_was_they(self, word: int) -> bool:
        """Whether "who it was that" stands right before a verb, behind "that they" or an armed group."""
        first = self._it_was.get(word)
        if first is None:
            return False
        ours = self.reading.words.texts[first].removeprefix("و") in ("انا", "نحن")
        return (
            ours
            or first - 1 in self._that
            or any(actor.end == first and actor.kind == "militia" for here in self.actors for actor in here)
        )

    def communique_source(self) -> Source | None:
        """Whose first person the narrator's is: the one who signs, or the one group which the text begins with."""
        return self._communique

    @cached_property
    def _communique(self) -> Source | None:
        named = {actor.group for actors in self.actors for actor in actors if actor.group}
        signed = self.signature
        first = next((actor for actors in self.actors for actor in actors if not actor.oblique), None)
        opens = first is not None and first.kind == "militia" and first.start <= _HEAD_REACH
        if signed is None and (len(named) != 1 or not opens or self._stranger):
            return None
        return Source(Actor(0, 0, "militia", signed or named.pop()), (0, 0), 0.8 if signed else 0.7)

    @cached_property
    def signed_source(self) -> Source | None:
        """Whose all words of a communiqué are whose last line is a group's name, at most with a date or "issued by"."""
        last = self.reading.sentences[-1]
        signed = next((a for a in self.actors[-1] if a.group and not a.oblique), None)
        if signed is None or len(self.actors) == 1 or self._stranger:
            return None
        more = (last.last - last.first) - (signed.end - signed.start)
        if more > _MORE_THAN_A_NAME or self.reading.verb_between(last.first, last.last):
            return None
        return Source(Actor(0, 0, "militia", signed.group), (0, 0), 0.8, heading=True)

    @cached_property
    def signature(self) -> str | None:
        """The group whose name is nearly all that one of the last three lines, or the first, holds."""
        lines = list(enumerate(self.reading.sentences))
        for i, line in [*reversed(lines[-3:]), *lines[:1]]:
            if line.last - line.first > _LONGEST_SIGNATURE or self.reading.verb_between(line.first, line.last):
                continue
            signed = [actor.group for actor in self.actors[i] if actor.group and not actor.oblique]
            if len(signed) == 1:
                return signed[0]
        return self._signed_at_the_end()

    def _signed_at_the_end(self) -> str | None:
        """The group whose name ends the text behind a dash or a comma: "… – X"."""
        last = next((a for a in reversed(self.actors[-1]) if a.group and not a.oblique), None) if self.actors else None
        if last is None or last.end != len(self.reading.words):
            return None
        return last.group if _SIGNS & set(self.reading.words.marks[last.start]) else None

    def agent_of(self, mention: Mention) -> Agent | None:
        """The agent of a verb or verbal noun of the text."""
        return self.agents.get((mention.start, mention.cls))

    def _sentence(self, i: int, sentence: Sentence, actors: list[Actor]) -> None:
        self.actors.append(actors)
        mentions = self.reading.by_sentence[i]
        finder = AgentFinder(self.reading, i, actors)
        self._headings(sentence, actors)
        self._inherit(sentence)
        speaking: Actor | None = None
        self._speakers = {}
        ours = {(m.start, m.cls) for m in mentions if "we" in m.tags}
        speakers = self.reading.by_class[i].get(SPEAKER, ())
        names = {word for m in speakers for word in range(m.start, m.end)}
        for mention in filter(_acts, mentions):
            if "we" not in mention.tags and (mention.start, mention.cls) in ours and self.source[mention.start]:
                continue  # in somebody's words "informed us" is "we informed"
            if mention.start in names:
                continue  # a name that has the shape of a verb
            if (mention.start, mention.cls) in self.agents and VERBAL.isdisjoint(mention.tags):
                continue  # the verb has its subject; the noun that it might be is not asked
            agent = self._agent(mention, finder, self._going_on(mention) or speaking, sentence)
            if mention.cls == "relay":
                relayed = finder.relayed(mention)
                agent = agent if relayed and _is_groups_own(agent) else relayed
            if agent is None:
                continue
            self.agents[mention.start, mention.cls] = agent
            self._finder.learn(agent.actor)
            if mention.cls in SPEECH or not VERBAL.isdisjoint(mention.tags):
                speaking = agent.actor
            if mention.cls in SPEECH and "future" not in mention.tags and not self._only_spreads(mention, finder):
                if agent.how == "relative":
                    self._speakers["fem" in mention.tags] = agent.actor  # "who said …, adding"
                elif agent.how != "dropped":
                    self._speakers.setdefault("fem" in mention.tags, agent.actor)
                self._paint(mention, agent, sentence)
                self._paint_before(mention, agent, finder, i)
        self._verbless(sentence, mentions, finder)
        self._close(sentence, speaking)

    def _only_spreads(self, mention: Mention, finder: AgentFinder) -> bool:
        """Whether somebody publishes another's document ("a clarification that the agency carried"), or a noun of
        speaking stands among words that a heading gives to somebody else already.
        """
        if "obj" in mention.tags:
            return finder.holds(mention.start - 1, "document") or finder.holds(mention.start, "show")
        named = "masdar" in mention.tags and mention.start > 0
        return named and self.source[mention.start - 1] is self._headline is not None

    def _going_on(self, mention: Mention) -> Actor | None:
        """Who spoke first in the sentence, before "and added" (of the same gender) or ", adding"."""
        if mention.cls not in SPEECH:
            return None
        if "participle" in mention.tags and not _PAUSES.isdisjoint(self.reading.words.marks[mention.start]):
            return next(iter(self._speakers.values()), None)
        return self._speakers.get("fem" in mention.tags) if {"and", "perfect"} <= mention.tags else None

    def _agent(self, mention: Mention, finder: AgentFinder, speaking: Actor | None, sentence: Sentence) -> Agent | None:
        if finder.holds(mention.start - 1, "makes-noun") or self._is_noun(mention, finder):
            return None
        going_on = self._going_on(mention) if "participle" in mention.tags else None
        found = Agent(going_on, "dropped") if going_on else finder.agent_of(mention)
        return found or self._unnamed(mention, finder, speaking, sentence)

    def _is_noun(self, mention: Mention, finder: AgentFinder) -> bool:
        """Whether a form that is a verb and a verbal noun is the noun here: behind a preposition, or joined to one."""
        before = mention.start - 1
        if VERBAL.isdisjoint(mention.tags) or not finder.names_act(mention.start) or before < 1:
            return False
        if self.reading.words.texts[before] in _GOVERNING:
            return True
        if "and" not in mention.tags and (finder.follows_verb(mention.start) or finder.follows_that(mention.start)):
            return True
        joined = "and" in mention.tags and (finder.names_act(before) or finder.holds(before, "killing", "attack-noun"))
        return joined and self.reading.words.texts[before - 1] in _GOVERNING

    def _unnamed(
        self, mention: Mention, finder: AgentFinder, speaking: Actor | None, sentence: Sentence
    ) -> Agent | None:
        """Who acts where the sentence names nobody for it."""
        if "we" in mention.tags and not VERBAL.isdisjoint(mention.tags):
            return self._ourselves(mention)
        if mention.cls == "appears":
            return self._topical(mention, finder)
        if VERBAL.isdisjoint(mention.tags) and {"poss", "participle"}.isdisjoint(mention.tags):
            return None
        return self._left_out(mention, finder, speaking, sentence)

    def _ourselves(self, mention: Mention) -> Agent | None:
        """Who says "we": the one whose words these are, never somebody whom he named."""
        source = self.source[mention.start]
        return Agent(source.actor, "dropped") if source else None

    def _left_out(
        self, mention: Mention, finder: AgentFinder, speaking: Actor | None, sentence: Sentence
    ) -> Agent | None:
        """The agent of a verb that names none: who has been speaking, unless some unknown noun stands there."""
        if self._subject_follows(mention) or finder.in_relative_clause(mention.start):
            return None
        if finder.has_unknown_agent(mention):
            return Agent(Actor(mention.start, mention.end, "unknown"), "after")
        if (
            {"poss", "masdar"} <= mention.tags
            and "and" not in mention.tags
            and (owner := finder.adjacent_owner(mention.start))
        ):
            return owner
        if "and" in mention.tags and not VERBAL.isdisjoint(mention.tags) and self.source[mention.start]:
            another = finder.subject_of_reported(mention.start)
            if another:
                return another
        actor = speaking or self._carried(mention, sentence)
        if actor is None and "participle" in mention.tags:
            subject = finder.main_subject(mention)
            if subject:
                return subject
        actor = actor or self._topic(mention, finder)
        return Agent(actor, "dropped") if actor else None

    def _topical(self, mention: Mention, finder: AgentFinder) -> Agent | None:
        """Whose the communiqué is in which words "stand": the author of the one named before, or the topic."""
        for word in range(mention.start - 1, max(-1, mention.start - 2 * _HEAD_REACH), -1):
            if finder.holds(word, "document"):
                author = finder.author(word + 1)
                if author and author.actor.start < mention.start:
                    return author
        topic = self._topic(mention, finder)
        return Agent(topic, "dropped") if topic else None

    def _subject_follows(self, mention: Mention) -> bool:
        """Whether an unknown definite noun stands where a verb that governs by bi- has its subject."""
        if mention.cls != "threaten" or "imperfect" not in mention.tags or mention.end >= len(self.reading.words):
            return False
        return self.reading.words.texts[mention.end].startswith("ال")

    def _topic(self, mention: Mention, finder: AgentFinder) -> Actor | None:
        """The actor named last before a verb without subject, where no actor of another kind was named before it."""
        before = [
            actor
            for actor in self.actors[-1]
            if actor.end <= mention.start and not actor.oblique and not finder.holds(actor.start - 1, "preposition")
        ]
        if not before or before[0].kind != "militia" or any(a.kind not in ("militia", "person") for a in before):
            return None
        if before[-1].kind != "militia" or self._behind_plural(before[-1]):
            return None
        first = self.reading.sentences[len(self.actors) - 1].first
        if mention.cls in SPEECH and before[-1].start - first > _HEAD_REACH:
            return None  # a group somewhere in the sentence is not the one who speaks
        return before[-1]

    def _behind_plural(self, actor: Actor) -> bool:
        """Whether a verb in the plural stands right before an actor: its subject precedes it, so this is its object."""
        here = self.reading.by_sentence[len(self.actors) - 1]
        return any(m.end == actor.start and "plural" in m.tags and not VERBAL.isdisjoint(m.tags) for m in here)

    def _carried(self, mention: Mention, sentence: Sentence) -> Actor | None:
        """A verb without a subject at the beginning of a sentence continues the one before."""
        heads = "participle" in mention.tags and mention.start == sentence.first and mention.cls in SPEECH
        if not heads and not {"noun", "participle"}.isdisjoint(mention.tags):
            return None
        if mention.start - sentence.first > 3:
            return None
        going_on = self._focus or (self._subject if mention.cls in SPEECH else None)
        if going_on and mention.cls in SPEECH and not self._may_go_on(going_on, mention):
            return None
        return going_on

    def _may_go_on(self, actor: Actor, mention: Mention) -> bool:
        """Whether "and added" may be the actor's of the sentence before: it agrees with him, or with his communiqué."""
        if actor.end > len(self.reading.words) or agrees(actor, mention, self.reading):
            return True
        before = self.reading.by_sentence[max(0, len(self.actors) - 2)]
        return "fem" not in mention.tags and any(m.cls in ("document", "channel-statement") for m in before)

    def _paint(self, mention: Mention, agent: Agent, sentence: Sentence) -> None:
        source = Source(
            agent.actor, (mention.start, mention.end), _STRENGTH.get(agent.how, 0.7), denied=mention.cls == "deny"
        )
        teller = self.source[mention.start]
        self.teller.setdefault(mention.start, teller)
        last = self._content_end(mention, sentence)
        if mention.cls == "said" and teller and teller.actor.kind in ("state", "outsider"):
            last = self._next_clause(mention.end, last)
        self._fill(mention.start, last, source)

    def _next_clause(self, first: int, last: int) -> int:
        """Where words end that a witness or an official hands on: his own go on behind "while", "as also"."""
        texts = self.reading.words.texts
        return next((word for word in range(first, last) if texts[word] in _MEANWHILE), last)

    def _paint_before(self, mention: Mention, agent: Agent, finder: AgentFinder, i: int) -> None:
        """Arabic words before the verb: a quote that ends there, or what "thus" or "this is what" points back to."""
        here = self.reading.sentences[i]
        lead = mention.start
        while lead > here.first and mention.start - lead < _HEAD_REACH and finder.holds(lead - 1, "thus"):
            lead -= 1
        quote = quote_at(self.reading.quotes, lead - 1) if lead else None
        if quote and quote.last == lead and lead - quote.first >= _SHORTEST_QUOTE and "and" not in mention.tags:
            first = quote.first
        elif lead < mention.start:
            first = here.first if lead > here.first else self.reading.sentences[max(0, i - 1)].first
        elif self._is_parenthesis(mention, finder, here):
            first = here.first
        else:
            return
        source = Source(agent.actor, (mention.start, mention.end), 0.85, denied=mention.cls == "deny")
        for word in range(first, lead):
            if self.source[word] is None or self.source[word] is self._headline:
                self.source[word] = source

    def _is_parenthesis(self, mention: Mention, finder: AgentFinder, here: Sentence) -> bool:
        """Whether "as it wrote" stands in the middle of a sentence, behind a comma: all before it are its words."""
        before = mention.start - 1
        if before <= here.first or VERBAL.isdisjoint(mention.tags) or not finder.holds(before, "as"):
            return False
        first = before if self.reading.words.marks[before].strip() else before - 1
        return first > here.first and not {",", "،"}.isdisjoint(self.reading.words.marks[first])

    def _content_end(self, mention: Mention, sentence: Sentence) -> int:
        """The end of the sentence, or of a quote that runs on over it."""
        quote = quote_at(self.reading.quotes, sentence.last - 1)
        if quote and quote.first >= mention.start:
            return max(quote.last, sentence.last)
        return sentence.last

    def _fill(self, first: int, last: int, source: Source) -> None:
        for word in range(first, min(last, len(self.source))):
            self.source[word] = source

    def _headings(self, sentence: Sentence, actors: list[Actor]) -> None:
        """Headings, "X: …", at the beginning of a line; an unknown name before a colon ends the words of X."""
        words = self.reading.words
        titled = next((a for a in actors if a.start == sentence.first and a.group and not a.oblique), None)
        alone = titled is not None and titled.end >= sentence.last and sentence.first == 0
        if titled and (alone or not {"–", "—", "|"}.isdisjoint(words.marks[titled.end])):
            self._headline = Source(titled, (titled.end - 1, titled.end), 0.85, heading=True)
            return
        for colon in range(sentence.first + 1, min(sentence.first + 14, sentence.last)):
            if ":" not in words.marks[colon]:
                continue
            heads = [a for a in actors if a.end <= colon and not a.oblique]
            near = [a for a in heads if colon - a.end <= 6 or a.speaker]
            if near and not self.reading.verb_between(sentence.first, colon):
                self._headline = Source(_merged(heads), (colon - 1, colon), 0.9, heading=True)
            elif colon - sentence.first <= _HEAD_REACH and not self.reading.verb_between(sentence.first, colon):
                self._headline = None
                self._stranger = True
            return

    def _inherit(self, sentence: Sentence) -> None:
        """The words under a heading belong to it until another heading."""
        if sentence.paragraph != self._paragraph:
            self._paragraph = sentence.paragraph
            if len(self.reading.words) > _POST:
                begins_here = self._headline and self._headline.cue[0] >= sentence.first
                self._headline = self._headline if begins_here else None
        if self._headline:
            open_words = [w for w in range(sentence.first, sentence.last) if self.source[w] is None]
            for word in open_words:
                self.source[word] = self._headline

    def _verbless(self, sentence: Sentence, mentions: list[Mention], finder: AgentFinder) -> None:
        """Attribution without a verb: "according to X", "in a statement of X"."""
        for mention in mentions:
            if mention.cls not in ("according-to", "we-of"):
                continue
            agent = finder.behind(mention.end) or finder.written_onto(mention.end)
            if agent is None:
                continue
            issued = any(m.cls == "we-of" and 0 <= m.start - mention.end <= 1 for m in mentions)
            heading = issued or mention.cls == "we-of"
            source = Source(agent.actor, (mention.start, mention.end), 0.8, heading=heading)
            if source.heading and agent.actor.end >= sentence.last:
                self._headline = source  # "communiqué issued by X" stands over the lines that follow
            for word in range(sentence.first, sentence.last):
                if self.source[word] is None:
                    self.source[word] = source

    def _close(self, sentence: Sentence, speaking: Actor | None) -> None:
        last = self.source[sentence.last - 1]
        if last is not None:
            self._focus = last.actor
        elif speaking is not None:
            self._focus = speaking
        else:
            self._focus = None
        self._subject = self._first_actor(sentence)

    def _first_actor(self, sentence: Sentence) -> Actor | None:
        """The armed group that a sentence begins with, behind its verb, when no actor of another kind stands in it."""
        actors = [actor for actor in self.actors[-1] if not actor.oblique]
        if not actors or actors[0].kind != "militia" or actors[0].start - sentence.first > _HEAD_REACH:
            return None
        return actors[0] if all(actor.kind in ("militia", "person") for actor in actors) else None


_STRENGTH = {"after": 1.0, "before": 0.95, "relative": 0.9, "by": 0.95, "owner": 0.9, "dropped": 0.75}


def _is_groups_own(agent: Agent | None) -> bool:
    """Whether the outlet that quotes somebody is a group's own: its sources are the group too."""
    return agent is not None and agent.actor.kind == "militia" and agent.how == "after"


def _acts(mention: Mention) -> bool:
    """Whether somebody does what a mention says: verbs, verbal nouns, participles, nouns of saying."""
    return mention.cls in SPEECH or not _ACTS.isdisjoint(mention.tags)


_ACTS = VERBAL | {"masdar", "participle"}


def _merged(heads: list[Actor]) -> Actor:
    """One actor of a heading such as "the leader in X, Y:"; an armed group decides, unless a state stands before it."""
    first = heads[0]
    if first.kind in ("state", "outsider"):
        return first
    for actor in heads[1:]:
        if first.group is None and actor.kind in ("state", "outsider"):
            return actor
        if first.group is None and actor.group:
            first = replace(first, group=actor.group, kind="militia")
        if first.speaker is None and actor.speaker:
            first = replace(first, speaker=actor.speaker)
    return first
