"""English clauses: the subject of a verb, the doer of a passive, the owner of a noun. An unknown subject is None."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from pipeline.matching.scan import Mention
from pipeline.statements.actors import Actor
from pipeline.statements.agents import Agent
from pipeline.statements.english.phrases import governor_of, opens_clause
from pipeline.statements.english.words import QUOTES, STOPS, Line

Refer = Callable[[int], Actor | None]
"""Whom a pronoun or possessive at a word means, None when that is open."""
_REACH = 40
_UNKNOWN = 5
_BY = 6
_BY_NOUN = 9
_WITH = frozenset({"with", "of", "amid", "despite", "by"})
_WHO = frozenset({"who", "which"})
_WRITTEN = ("role", "document", "channel-statement", "channel-video")
_BESIDE_VERBS = ("auxiliary", "adverb", "negation", "modal")


class Clauses:
    """Agents inside one sentence.

    Args:
        line: the sentence.
        actors: its actors.
        owned: first word of an actor such as "its fighters" → the possessive.
        refer: resolves pronouns and possessives.
    """

    def __init__(self, line: Line, actors: Sequence[Actor], owned: dict[int, int], refer: Refer) -> None:
        self._line = line
        self._starts = {actor.start: actor for actor in actors}
        self._ends = {actor.end: actor for actor in actors}
        self._owned = owned
        self._refer = refer

    def agent_of(self, trigger: Mention) -> Agent | None:
        """Whose act a verb or a noun is."""
        if "noun" in trigger.tags:
            return (
                self._by(trigger.end, _BY_NOUN)
                or self._owner(trigger.start)
                or self._from(trigger.end)
                or self._supported(trigger.start)
            )
        if "past" in trigger.tags and self.is_passive(trigger.start):
            return self._by(trigger.end, _BY)
        if "past" in trigger.tags:
            by = self._by(trigger.end, 2)
            if by:
                return by
        if "ing" in trigger.tags and not self._behind_be(trigger.start):
            return self._of_participle(trigger.start)
        return self._inverted(trigger) or self.subject(trigger.start)

    def quoted(self, verb: Mention) -> Agent | None:
        """Who speaks where an outlet "quoted X as saying", or "X was quoted as saying"."""
        line = self._line
        if not line.texts[verb.start].startswith("quot"):
            return None
        if "past" in verb.tags and self.is_passive(verb.start):
            return self.subject(verb.start)
        for j in range(verb.end, min(verb.end + _BY, line.last)):
            actor = self._starts.get(j)
            if actor:
                return None if actor.possessive else Agent(actor, "relative")
            if not line.has(j, "filler", "nationality", "honorific") or not line.close(j):
                return None
        return None

    def _of_participle(self, word: int) -> Agent | None:
        """`with X threatening to …`, `X sent a fax claiming …`."""
        actor = self._ends.get(word)
        if actor and self._line.close(word) and not self._is_document(actor):
            governor = governor_of(self._line, actor.start)
            if governor is None or self._line.texts[governor] in _WITH:
                return self._as_subject(actor)
        spoken = self._speech_before(word, 0) if self._line.comma(word) and self._line.has(word, "said") else None
        found = spoken or self._coordinated(word, 0)
        return found or (self._behind_lead(word) if actor else None)

    def _behind_lead(self, word: int) -> Agent | None:
        """The subject behind the comma that ends what opens a sentence: "in a statement claiming the raid, X named"."""
        line = self._line
        comma = next((k for k in range(word + 1, line.last) if line.comma(k)), line.last)
        while line.inside(comma) and comma not in self._starts and line.has(comma, "filler"):
            comma += 1
        actor = self._starts.get(comma)
        return self._as_subject(actor) if actor else None

    def _is_document(self, actor: Actor) -> bool:
        """Whether it is a message of nobody named, which its sender's participle goes on behind."""
        words = ("channel-statement", "channel-video", "document")
        return actor.kind not in ("militia", "state") and any(
            self._line.has(w, *words) for w in (actor.start, actor.end - 1)
        )

    def _behind_be(self, word: int) -> bool:
        j = word - 1
        while self._line.inside(j) and self._line.has(j, "adverb", "negation") and not self._line.has(j, "be"):
            j -= 1
        return self._line.inside(j) and self._line.has(j, "be")

    def is_passive(self, word: int) -> bool:
        """Whether a past participle stands behind a form of "be"."""
        return self._behind_be(word)

    def behind(self, word: int) -> Actor | None:
        """The actor that a preposition before `word` governs."""
        for j in range(word, min(word + _BY, self._line.last)):
            if j in self._starts:
                actor = self._resolved(self._starts[j])
                return actor if actor and not actor.possessive else None
            if self._line.comma(j) or not (
                self._line.has(j, "filler", "role", "by", "channel-statement", "of-whom", "nationality")
                or not self._line.known(j)
            ):
                return None
        return None

    def _by(self, word: int, reach: int) -> Agent | None:
        for j in range(word, min(word + reach, self._line.last)):
            if self._line.parted(j, STOPS) and j > word:
                return None
            if self._line.verb(j) and not self._line.has(j, "by", "come-from", "noun-too"):
                return None
            if self._line.has(j, "by"):
                actor = self._militia_of(self.behind(j + 1))
                return Agent(actor, "by") if actor else None
            if self._line.texts[j] == "in" and self._line.has(word - 1, "said"):
                return self._by_letter(j + 1)
        return None

    def _by_letter(self, word: int) -> Agent | None:
        """Whose letter it is: "were told in leaflets signed by X"."""
        actor = self.behind(word)
        written = actor and actor.kind == "militia" and self._line.has(actor.start, *_WRITTEN)
        return Agent(actor, "by") if actor and written else None

    def _militia_of(self, actor: Actor | None) -> Actor | None:
        """Of two that "and" joins, the armed group."""
        if actor is None or actor.kind == "militia" or not self._line.has(actor.end, "conjunction"):
            return actor
        other = self.behind(actor.end + 1)
        return other if other and other.kind == "militia" else actor

    def _from(self, word: int) -> Agent | None:
        if word >= self._line.last or self._line.texts[word] != "from":
            return None
        actor = self.behind(word + 1)
        return Agent(actor, "owner") if actor else None

    def _owner(self, word: int) -> Agent | None:
        """`X's repeated threats`, `its threats`, `Hamas claims`."""
        for j in range(word, max(word - 4, self._line.first), -1):
            if j < word and not self._line.close(j):
                return None
            actor = self._ends.get(j)
            if actor:
                found = self._resolved(actor) if actor.possessive or j == word else None
                return Agent(found, "owner") if found else None
            if self._line.has(j - 1, "possessor"):
                found = self._refer(j - 1)
                return Agent(found, "owner") if found else None
            if self._line.verb(j - 1):
                return None
        return None

    def _supported(self, word: int) -> Agent | None:
        """`X renewed its threats`, `X issued a warning`: the subject of the verb that the noun goes with."""
        for j in range(word - 1, max(word - 4, self._line.first - 1), -1):
            if not self._line.close(j + 1):
                return None
            if self._line.has(j, "support"):
                return self.subject(j)
            if self._line.verb(j) and not self._line.has(j, "filler"):
                return None
        return None

    def _inverted(self, trigger: Mention) -> Agent | None:
        """`"…", said X`."""
        line = self._line
        if trigger.start == line.first or not (line.parted(trigger.start, QUOTES) or line.comma(trigger.start)):
            return None
        closed = line.parted(trigger.start, QUOTES) and "," in line.marks[trigger.start]
        if (trigger.start in self._ends and not closed) or line.has(trigger.start, "urge"):
            return None
        for j in range(trigger.end, min(trigger.end + 4, line.last)):
            actor = self._starts.get(j)
            if actor:
                goes_on = line.has(actor.end, "modal", "auxiliary") or line.verb(actor.end)
                found = None if actor.possessive or goes_on else self._resolved(actor)
                return Agent(found, "after") if found else None
            owned = j > trigger.end and not line.known(j) and line.has(trigger.end, "possessor")
            if not (line.has(j, "filler", "nationality") or owned) or not line.close(j):
                return None
        return None

    def subject(self, word: int, depth: int = 0) -> Agent | None:
        """The subject of the finite verb or participle at `word`, looked for to its left."""
        line = self._line
        j, unknown, crossed = word - 1, 0, False
        while j >= max(line.first, word - _REACH) and unknown <= _UNKNOWN:
            actor = self._before_bracket(j + 1)
            if actor is None and not line.parted(j + 1, STOPS) and not line.comma(j + 1):
                actor = self._ends.get(j + 1)
            governor = governor_of(self._line, actor.start) if actor else None
            if actor and governor is None:
                holder = self._holder(actor) or self._past_relative(actor)
                if holder:
                    return holder
                return self._as_subject(actor) if unknown == 0 or self._has_participle(actor) else None
            if governor is not None:
                j, unknown, crossed = governor - 1, 0, True
                continue
            message = self._message_before(j)
            if message:
                return self._as_subject(message)
            owned = unknown in (1, 2) and not crossed and line.has(j, "possessor") and line.close(j + 1)
            if owned and "past" in line.verb_tags(word):
                return self._pronoun(j)  # "its columns attacked"
            if self._ends_search(j, crossed=crossed):
                if unknown:
                    return self._whose_clause(j) or self._participle_of(j)
                return self._at_edge(j, word, depth, crossed=crossed)
            if line.has(j, "preposition"):
                unknown, crossed = 0, True
            elif not line.has(j, "auxiliary", "adverb", "negation", "modal") and not (
                (crossed or unknown) and line.has(j, "filler", "quantity")
            ):
                unknown += 1
            j -= 1
        return None

    def _message_before(self, word: int) -> Actor | None:
        """The message whose second participle stands at a word: "a statement attributed to X and posted online said"."""
        line = self._line
        if not (line.texts[word].endswith("ed") and line.inside(word - 1) and line.has(word - 1, "conjunction")):
            return None
        actor = self._ends.get(word - 1)
        return actor if actor and line.has(actor.start, *_WRITTEN) else None

    def _before_bracket(self, word: int) -> Actor | None:
        """The actor before a bracket that closes before `word`: "the Army of the South (ASA) said"."""
        line = self._line
        if line.marks[word].strip() != ")":
            return None
        for k in range(word - 1, max(line.first, word - _BY), -1):
            if "(" in line.marks[k]:
                inside = self._ends.get(word)
                return inside if inside and inside.kind == "militia" else self._ends.get(k)
        return None

    def _ends_search(self, j: int, *, crossed: bool) -> bool:
        """Whether a word, or the mark behind it, bounds the phrase in which a subject may stand."""
        line = self._line
        if line.parted(j + 1, STOPS) or line.comma(j + 1) or line.has(j, "pronoun", "conjunction", "to-infinitive"):
            return True
        if line.has(j, "relative") and not line.has(j - 1, "said"):
            return True
        if line.verb(j) and not line.has(j, "participle-too"):
            return True
        return crossed and line.has(j, "auxiliary") and not line.has(j, "preposition")

    def _at_edge(self, j: int, word: int, depth: int, *, crossed: bool) -> Agent | None:
        """The subject at the bound of a phrase: over a mark, a pronoun, or that of the verb before."""
        line = self._line
        if line.parted(j + 1, STOPS):
            return None if crossed else self._across_quote(j + 1)
        if line.comma(j + 1):
            return self._before_comma(j, word, depth)
        if line.has(j, "pronoun"):
            return self._pronoun(j)
        if line.has(j, "conjunction") and line.comma(j) and line.has(word, "said"):
            return self._speech_before(j, depth) or self._coordinated(j, depth)
        if crossed or line.verb(j):
            return self._reduced(j) if crossed and not line.has(j, "said") else None
        return self._antecedent(j) if line.has(j, "relative") else self._coordinated(j, depth)

    def _holder(self, actor: Actor) -> Agent | None:
        """The one that goes with the participle whose object `actor` is: "militants holding two men"."""
        j = actor.start - 1
        while self._line.inside(j) and self._line.close(j + 1) and self._line.has(j, "filler", "nationality", "number"):
            j -= 1
        participle = self._line.inside(j) and self._line.texts[j].endswith("ing") and self._line.close(j + 1)
        if not participle or self._line.has(j, "said"):
            return None
        return self._reduced(j)

    def _past_relative(self, actor: Actor) -> Agent | None:
        """For the object in a relative clause the one it goes with: the gunmen of "gunmen who seized two men"."""
        line = self._line
        j = actor.start - 1
        while line.inside(j) and line.close(j + 1) and not line.verb(j) and actor.start - j < _UNKNOWN:
            if line.has(j, "preposition", "that", "relative", "conjunction") and not line.has(j, "filler"):
                return None
            j -= 1
        return self._whose_clause(j) if line.inside(j) and line.close(j + 1) else None

    def _whose_clause(self, verb: int) -> Agent | None:
        """Whom the "who" before a verb means."""
        line, j = self._line, verb
        if not line.verb(j):
            return None
        while line.inside(j - 1) and line.close(j) and line.has(j - 1, *_BESIDE_VERBS):
            j -= 1
        return self._antecedent(j - 1) if line.inside(j - 1) and line.texts[j - 1] in _WHO else None

    def _participle_of(self, verb: int) -> Agent | None:
        """The actor right before the participle at `verb`: the rebels of "rebels holding three geologists said"."""
        return self._reduced(verb) if self._line.verb_tags(verb) == {"ing"} else None

    def _reduced(self, word: int) -> Agent | None:
        """The actor right before a participle that goes on with it: "fighters based in X"."""
        actor = self._ends.get(word)
        plain = actor is not None and self._line.close(word) and governor_of(self._line, actor.start) is None
        return self._as_subject(actor) if actor and plain else None

    def _has_participle(self, actor: Actor) -> bool:
        """Whether "holding …" or the like goes with an actor."""
        return self._line.texts[actor.end].endswith("ing") and self._line.close(actor.end)

    def _as_subject(self, actor: Actor) -> Agent | None:
        found = None if actor.possessive else self._resolved(actor)
        return Agent(found, "before") if found else None

    def _resolved(self, actor: Actor) -> Actor | None:
        """For "its fighters" those whom the possessive means."""
        at = self._owned.get(actor.start)
        if at is None:
            return actor
        owner = self._refer(at)
        return replace(actor, kind=owner.kind, group=owner.group) if owner else None

    def _pronoun(self, word: int) -> Agent | None:
        actor = self._refer(word)
        return Agent(actor, "dropped" if actor.start == actor.end else "before") if actor else None

    def _antecedent(self, word: int) -> Agent | None:
        """Whom "who" or "which" at `word` refers to: the phrase right before it."""
        actor = self._ends.get(word)
        return Agent(actor, "relative") if actor and not actor.possessive else None

    def _before_comma(self, j: int, word: int, depth: int) -> Agent | None:
        """Over a parenthesis between commas back to the subject, or on to the verb that this one is joined to."""
        line = self._line
        if line.has(j + 1, "conjunction") or (j + 1 == word and "ing" in line.verb_tags(word)):
            spoken = self._speech_before(j + 1, depth) if line.has(word, "said") else None
            return spoken or self._coordinated(j + 1, depth)
        actor = self._ends.get(j + 1)
        governor = governor_of(self._line, actor.start) if actor else None
        if actor and governor is not None and line.texts[governor] == "including":
            return self._as_subject(actor)
        if actor and governor is None and opens_clause(self._line, actor.start):
            return self._as_subject(actor)
        for k in range(j, max(line.first, j - _REACH), -1):
            if line.parted(k, STOPS):
                return None
            if line.comma(k):
                return self._before_parenthesis(k) or self._holding(k) or self._described(k)
        return self._coordinated(j + 1, depth)

    def _holding(self, comma: int) -> Agent | None:
        """The actor that a comma belongs to: X Y of "X Y, who heads the council in the valley, said"."""
        actor = next((a for a in self._starts.values() if a.start < comma < a.end), None)
        return self._as_subject(actor) if actor and governor_of(self._line, actor.start) is None else None

    def _described(self, comma: int) -> Agent | None:
        """For a name that nobody knows the armed group that its apposition calls it: "X, a shadowy outfit, said"."""
        word = comma
        while self._line.inside(word) and word < comma + _BY and word not in self._starts:
            if word > comma and not self._line.close(word):
                return None
            word += 1
        actor = self._starts.get(word)
        apposed = actor and actor.kind == "militia" and not actor.possessive and self._line.capital(comma - 1)
        return self._as_subject(actor) if actor and apposed and governor_of(self._line, word) is None else None

    def _before_parenthesis(self, word: int) -> Agent | None:
        """The actor or pronoun that stands right before the comma at `word`."""
        if self._line.has(word - 1, "pronoun"):
            return self._pronoun(word - 1)
        actor = self._ends.get(word) or self._with_place(word)
        return self._as_subject(actor) if actor and governor_of(self._line, actor.start) is None else None

    def _with_place(self, word: int) -> Actor | None:
        """The actor before a phrase that ends at `word`: "a militant leader in the delta, X Y, said"."""
        line = self._line
        for k in range(word - 1, max(line.first, word - _BY) - 1, -1):
            if line.verb(k) or line.comma(k) or line.parted(k, STOPS):
                return None
            if k in self._ends and line.has(k, "preposition"):
                return self._ends[k]
        return None

    def _across_quote(self, word: int) -> Agent | None:
        """`X said it "will strike"`, `X would "burn" …`: a quotation mark between subject and verb."""
        if not self._line.parted(word, QUOTES) or "," in self._line.marks[word]:
            return None
        actor = self._ends.get(word)
        if actor and governor_of(self._line, actor.start) is None:
            return self._as_subject(actor)
        return self._pronoun(word - 1) if self._line.has(word - 1, "pronoun") else None

    def _coordinated(self, word: int, depth: int) -> Agent | None:
        """The subject of the verb before, which "and", "to" or a participle goes on with."""
        if depth > 4:
            return None
        line = self._line
        for k in range(word - 1, max(line.first - 1, word - _REACH), -1):
            if line.verb(k) and not line.verb_tags(k) <= {"ing"} and not line.has(k, "participle-too"):
                if line.has(word, "to-infinitive") and self._somebody_else(k, word):
                    return None
                if line.has(k, "noun-too") or line.has(k - 1, "to-infinitive"):
                    continue
                if "past" in line.verb_tags(k) and self.is_passive(k) and not line.has(k, "said"):
                    return None
                return self.subject(k, depth + 1)
        return self._first_subject(word)

    def _speech_before(self, word: int, depth: int) -> Agent | None:
        """The subject of the verb of saying before: of "said" for the vow of "X said drones hit it, and vowed more"."""
        if depth > 4:
            return None
        for k in range(word - 1, max(self._line.first - 1, word - _REACH), -1):
            if self._line.parted(k + 1, STOPS):
                return None
            if self._line.has(k, "said") and self._line.verb(k) and not self._line.verb_tags(k) <= {"ing"}:
                return self.subject(k, depth + 1)
        return None

    def _somebody_else(self, verb: int, word: int) -> bool:
        """Whether the infinitive at `word` is not the subject's: "urged X to …", but "telephoned X to …"."""
        if self._line.has(verb, "contact"):
            return False
        return self._line.has(verb, "urge") or self._has_object(verb, word)

    def _has_object(self, verb: int, word: int) -> bool:
        """Whether an actor stands between a verb and an infinitive, and is the one who shall act."""
        return any(verb < start < word and governor_of(self._line, start) is None for start in self._starts)

    def _first_subject(self, word: int) -> Agent | None:
        """The one actor or the pronoun that opens a sentence whose verbs are unknown."""
        first = self.opener(word)
        if first is None and self._line.has(self._line.first, "pronoun") and self._line.first < word:
            return self._pronoun(self._line.first)
        return self._as_subject(first) if first else None

    def opener(self, word: int) -> Actor | None:
        """The first actor before `word` that is free to be a subject, if it opens a clause."""
        before = [a for a in self._starts.values() if a.end <= word]
        free = [a for a in before if not a.possessive and governor_of(self._line, a.start) is None]
        return free[0] if free and opens_clause(self._line, free[0].start) else None
