"""English subjects: who does what a verb says, looked for to its left. An unknown subject is None.

Passives, nouns and their owners stand in clauses.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from pipeline.statements.actors import Actor
from pipeline.statements.agents import Agent
from pipeline.statements.english.phrases import governor_of, opens_clause
from pipeline.statements.english.words import QUOTES, STOPS, Line

Refer = Callable[[int], Actor | None]
"""Whom a pronoun or possessive at a word means, None when that is open."""
WRITTEN = ("role", "document", "channel-statement", "channel-video")
"""What bears words."""
_REACH = 40
_UNKNOWN = 5
_APPOSED = 6
_WHO = frozenset({"who", "which"})
_BESIDE_VERBS = ("auxiliary", "adverb", "negation", "modal")


class Subjects:
    """The subjects of one sentence.

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
                return self._of_phrase(actor, plain=unknown == 0)
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
                in_clause = self._whose_clause(j) or self._participle_of(j) if unknown else None
                return in_clause if unknown else self._at_edge(j, word, depth, crossed=crossed)
            if line.has(j, "preposition"):
                unknown, crossed = 0, True
            elif not line.has(j, "auxiliary", "adverb", "negation", "modal") and not (
                (crossed or unknown) and line.has(j, "filler", "quantity")
            ):
                unknown += 1
            j -= 1
        return None

    def _of_phrase(self, actor: Actor, *, plain: bool) -> Agent | None:
        """The subject where an actor stands before a verb: itself, or the one whose object it is."""
        holder = self._holder(actor) or self._past_relative(actor)
        return holder or (self._as_subject(actor) if plain or self._has_participle(actor) else None)

    def _message_before(self, word: int) -> Actor | None:
        """The message whose second participle stands at a word: "a statement attributed to X and posted online"."""
        line = self._line
        if not (line.texts[word].endswith("ed") and line.inside(word - 1) and line.has(word - 1, "conjunction")):
            return None
        actor = self._ends.get(word - 1)
        return actor if actor and line.has(actor.start, *WRITTEN) else None

    def _before_bracket(self, word: int) -> Actor | None:
        """The actor before a bracket that closes before `word`: "the Army of the South (ASA) said"."""
        line = self._line
        if line.marks[word].strip() != ")":
            return None
        for k in range(word - 1, max(line.first, word - _APPOSED), -1):
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
        """Whether "holding …" or "based in …" goes with an actor."""
        line = self._line
        based = line.texts[actor.end].endswith("ed") and line.inside(actor.end + 1) and not line.verb(actor.end)
        goes_on = line.texts[actor.end].endswith("ing") or (based and line.has(actor.end + 1, "preposition"))
        return goes_on and line.close(actor.end)

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
        if actor is None and self._line.has(word - 1, "pronoun") and self._line.close(word):
            return self._pronoun(word - 1)  # "it was he who ordered it"
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
        while self._line.inside(word) and word < comma + _APPOSED and word not in self._starts:
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
        for k in range(word - 1, max(line.first, word - _APPOSED) - 1, -1):
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

    def _behind_be(self, word: int) -> bool:
        j = word - 1
        while self._line.inside(j) and self._line.has(j, "adverb", "negation") and not self._line.has(j, "be"):
            j -= 1
        return self._line.inside(j) and self._line.has(j, "be")

    def is_passive(self, word: int) -> bool:
        """Whether a past participle stands behind a form of "be"."""
        return self._behind_be(word)
