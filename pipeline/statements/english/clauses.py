"""English clauses: whose act a verb or noun is, the doer of a passive, the owner of a noun. Subjects stand apart."""

from __future__ import annotations

from pipeline.matching.scan import Mention
from pipeline.statements.actors import Actor
from pipeline.statements.agents import Agent
from pipeline.statements.english.phrases import governor_of
from pipeline.statements.english.subjects import WRITTEN, Subjects
from pipeline.statements.english.words import QUOTES, STOPS

_BY = 6
_BY_NOUN = 9
_WITH = frozenset({"with", "of", "amid", "despite", "by"})
_ITS = frozenset({"its", "our", "their"})


class Clauses(Subjects):
    """Agents inside one sentence."""

    def agent_of(self, trigger: Mention) -> Agent | None:
        """Whose act a verb or a noun is."""
        if "noun" in trigger.tags:
            return (
                self._by(trigger.end, _BY_NOUN)
                or self._owner(trigger.start)
                or self._from(trigger.end)
                or self._supported(trigger.start)
                or self._accompanied(trigger.start)
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
                actor = self._militia_of(self.behind(j + 1)) or self._own(j + 1)
                return Agent(actor, "by") if actor else None
            if self._line.texts[j] == "in" and self._line.has(word - 1, "said"):
                return self._by_letter(j + 1)
        return None

    def _own(self, word: int) -> Actor | None:
        """Whose "its divers" are, whatever the noun."""
        line = self._line
        if (
            not line.inside(word + 1)
            or line.texts[word] not in _ITS
            or not line.close(word + 1)
            or line.known(word + 1)
        ):
            return None
        return self._refer(word)

    def _by_letter(self, word: int) -> Agent | None:
        """Whose letter it is: "were told in leaflets signed by X"."""
        actor = self.behind(word)
        written = actor and actor.kind == "militia" and self._line.has(actor.start, *WRITTEN)
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

    def _accompanied(self, word: int) -> Agent | None:
        """`X painted walls with warnings`: the subject of the sentence."""
        line = self._line
        return self._first_subject(word) if line.inside(word - 1) and line.texts[word - 1] == "with" else None

    def _inverted(self, trigger: Mention) -> Agent | None:
        """`"…", said X`."""
        line = self._line
        if trigger.start == line.first or not (line.parted(trigger.start, QUOTES) or line.comma(trigger.start)):
            return None
        closed = line.parted(trigger.start, QUOTES) and "," in line.marks[trigger.start]
        says = line.has(trigger.start, "said") and not line.has(trigger.start, "urge")
        if (trigger.start in self._ends and not closed) or not says:
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
