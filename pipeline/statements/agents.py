"""Agents: whose act a verb or a verbal noun is. Arabic puts the agent behind the verb, its headlines before it.

When the text leaves it open the agent is None, or the one who has been speaking; an agent is never guessed past another
actor.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipeline.matching.scan import Mention
from pipeline.statements.actors import Actor, agrees
from pipeline.statements.reading import VERBAL, Reading
from pipeline.text.quotes import quote_at

_CLAUSE_MARKS = frozenset(',،:;؛-–—|()[]«»“”"#!؟?.\n')
_DATELINE = frozenset(")]")
"""Before a verb, ends a dateline: "(agency) – X warned"."""
_OPENING = frozenset('«“"')
_LONGEST_QUOTED_NAME = 7
_NAME_REACH = 8
_RELATIVE_REACH = 6
_SHORTEST_PLURAL = 6
_DOCUMENT_REACH = 6
_RESUMING = frozenset(["فيها", "فيه", "خلالها", "خلاله"])
_RELATIVES = frozenset(["الذي", "التي", "الذين", "اللذين", "اللتين", "والتي", "والذي", "والذين", "ممن"])
_WHEN = frozenset(["بعد", "قبل", "منذ", "سبق", "الي", "غير", "الا"])
_JUSSIVE = frozenset(["لم", "لن"])
_PLAIN_THAT = frozenset(["ان", "بان", "فان", "وان"])
_OWN_THINGS = ("own-forces", "own-fighters", "followers", "operation", "attack-noun", "own-ops", "firepower", "anaphor")
_NEW_MATTER = ("condition", "negation", "relative", "document", "footage")
_ABOUT_REACH = 12
_MAIN_REACH = 4
_LEADS_TO_AUTHOR = ("preposition", "from-whom", "document", "role")
_REPORTING = frozenset({"said", "continue", "announce", "warn", "relay"})
_NO_AGENT = ("that", "stop", "object", "negation", "condition", "responsibility", "said", "preposition", "clause-start")


@dataclass(frozen=True, slots=True)
class Agent:
    """An agent and how it was found: `after`, `before`, `relative`, `by`, `owner`, `dropped`."""

    actor: Actor
    how: str


class AgentFinder:
    """Agents inside one sentence."""

    def __init__(self, reading: Reading, sentence: int, actors: Sequence[Actor]) -> None:
        self._reading = reading
        self._sentence = reading.sentences[sentence]
        self._starts = {actor.start: actor for actor in actors}
        self._ends = {actor.end: actor for actor in actors}
        self._classes = reading.classes[sentence]
        mentions = reading.by_sentence[sentence]
        self._masdars = {mention.start for mention in mentions if "masdar" in mention.tags}
        self._governed = {mention.start for mention in mentions if not {"b", "l"}.isdisjoint(mention.tags)}

    def agent_of(self, trigger: Mention) -> Agent | None:
        """The agent that the sentence itself names; None when it names none."""
        if "passive" in trigger.tags:
            return None
        if not VERBAL.isdisjoint(trigger.tags):
            return self._finite(trigger)
        if "participle" in trigger.tags:
            return self._before(trigger.start)
        return self._owner(trigger)

    def relayed(self, trigger: Mention) -> Agent | None:
        """Whom an outlet quotes: "the agency quoted X as saying"."""
        for j in range(trigger.end, min(trigger.end + 8, self._sentence.last - 1)):
            if self._is(j, "from-whom"):
                for k in range(j + 1, min(j + 4, self._sentence.last)):
                    if k in self._starts:
                        return Agent(self._starts[k], "after")
                return self._named_behind(j + 1)
        return None

    def has_unknown_agent(self, trigger: Mention) -> bool:
        """Whether a word that is no particle stands where a finite Arabic verb of speaking has its agent."""
        word = trigger.end
        if VERBAL.isdisjoint(trigger.tags) or trigger.cls not in _REPORTING:
            return False
        if word >= self._sentence.last or not _CLAUSE_MARKS.isdisjoint(self._reading.words.marks[word]):
            return False
        if self._reading.words.texts[word].endswith(("ها", "هم")):
            return False  # with a possessive of the subject it is an object
        if word in self._governed or not {"obj", "we", "plural"}.isdisjoint(trigger.tags):
            return False
        return not (self._skippable(word) or self._is(word, *_NO_AGENT, "document", "footage"))

    def _finite(self, trigger: Mention) -> Agent | None:
        fronted = self._as_for(trigger) or (None if "and" in trigger.tags else self._adjacent(trigger.start))
        if fronted:
            return fronted
        if "we" in trigger.tags and "obj" not in trigger.tags:
            return self._we_of(trigger.end)
        pluperfect = self._pluperfect(trigger.start)
        if pluperfect or "plural" in trigger.tags:
            # A verb agrees in number only with a subject before it.
            return pluperfect or self._before(trigger.start) or self._across(trigger)
        # "that they killed the ambassador": the pronoun is the subject, what follows is the object.
        behind = None if self._is(trigger.start - 1, "that-it", "it-was") else self.behind(trigger.end)
        if (
            behind
            and not {"imperfect", "future"}.isdisjoint(trigger.tags)
            and "and" not in trigger.tags
            and self._has_unknown_subject(trigger.start)
        ):
            return None
        if behind or "and" in trigger.tags:
            return behind  # a verb joined by "and" goes on with the subject before, not with the nearest noun
        found = self._before(trigger.start) or self._across(trigger)
        taken_up = found is not None and found.how == "relative" and self._resumes(trigger.end)
        return None if found and taken_up and not self._is(found.actor.start - 1, "document") else found

    def _across(self, trigger: Mention) -> Agent | None:
        """The actor that opens the clause, with words about him before his verb: "the resistance in Tihama claimed"."""
        for j in range(trigger.start - 1, max(self._sentence.first, trigger.start - _ABOUT_REACH) - 1, -1):
            actor = self._starts.get(j)
            if actor is None or actor.oblique or actor.end >= trigger.start or not self._is_topic(j):
                continue
            fits = self._only_about(actor.end, trigger.start, had=self._is(j - 1, "auxiliary"))
            return Agent(actor, "before") if fits and agrees(actor, trigger, self._reading) else None
        return None

    def _is_topic(self, word: int) -> bool:
        """Whether a clause begins at a word, by what stands before it; a closing quotation mark begins none."""
        first = word == self._sentence.first or not set(",،:").isdisjoint(self._reading.words.marks[word])
        return first or self._is(word - 1, "that", "clause-start", "auxiliary")

    def _only_about(self, first: int, last: int, *, had: bool) -> bool:
        """Whether words say where or what an actor is: adjectives, "in …", "had already"; no verb, no other clause."""
        if not (self._is(first, "preposition", "auxiliary", "filler") or self._is_definite(first)):
            return False
        for word in range(first, last):
            marks = self._reading.words.marks[word]
            stops = _CLAUSE_MARKS - set("،,") if had else _CLAUSE_MARKS
            if not stops.isdisjoint(marks) or self._is(word, *_NEW_MATTER):
                return False
            if self._is(word, "that") and not self._is(word - 1, "auxiliary"):
                return False
            if self._is_verb(word) and not self._is(word, "auxiliary", "preposition", "filler"):
                return False
        return True

    def _is_definite(self, word: int) -> bool:
        return self._reading.words.texts[word].startswith("ال")

    def main_subject(self, participle: Mention) -> Agent | None:
        """The actor that the sentence begins with, behind at most one verb, for ", announcing": they must agree."""
        marks = self._reading.words.marks
        if not {",", "،"} & set(marks[participle.start]):
            return None
        first = self._sentence.first
        while first < self._sentence.last - 1 and ":" in marks[first + 1]:
            first += 1
        for j in range(first, min(first + _MAIN_REACH, participle.start)):
            actor = self._starts.get(j)
            if actor:
                ours = not actor.oblique and agrees(actor, participle, self._reading)
                return Agent(actor, "before") if ours else None
        return None

    def subject_of_reported(self, word: int) -> Agent | None:
        """The subject behind the "that" whose clause goes on with "and …" at `word`, when it is not who speaks."""
        for j in range(word - 1, self._sentence.first, -1):
            if not self._is(j, "that"):
                continue
            actor = self._starts.get(j + 1)
            if self._reading.words.texts[j] not in _PLAIN_THAT:
                return None
            if actor:
                return Agent(actor, "after") if actor.kind in ("state", "outsider") else None
            return Agent(Actor(j + 1, j + 2, "unknown"), "after") if self._is_stranger(j + 1) else None
        return None

    def _is_stranger(self, word: int) -> bool:
        named = not _OPENING.isdisjoint(self._reading.words.marks[word])
        return self._is_definite(word) and not named and not self._is(word, *_OWN_THINGS)

    def _resumes(self, word: int) -> bool:
        """Whether "in it" behind a verb takes up the antecedent again: "in which eight were killed"."""
        return word < self._sentence.last and self._reading.words.texts[word] in _RESUMING

    def in_relative_clause(self, word: int) -> bool:
        """Whether a relative pronoun opens the clause of a verb, so that its subject is the noun before."""
        j = word - 1
        while j > self._sentence.first and (self._is(j, "auxiliary", "adverb") or self._is_verb(j)):
            j -= 1
        return self._reading.words.texts[j] in _RELATIVES and not self._is(j, "it-was")

    def _we_of(self, word: int) -> Agent | None:
        """The group of "we declare, we of (nahnu fi) X"; any other noun behind a first person is no agent."""
        for j in range(word, min(word + 3, self._sentence.last - 1)):
            if self._reading.words.texts[j] == "في":
                actor = self._starts.get(j + 1)
                return Agent(actor, "after") if actor and actor.kind == "militia" else None
        return None

    def _as_for(self, trigger: Mention) -> Agent | None:
        """The topic of "as for (amma) X, he (fa-) said"."""
        words = self._reading.words.texts
        if "and" not in trigger.tags or not words[trigger.start].startswith("ف"):
            return None
        for j in range(trigger.start - 1, max(self._sentence.first, trigger.start - 2 * _NAME_REACH), -1):
            if words[j - 1] in ("اما", "واما"):
                return Agent(self._starts[j], "before") if j in self._starts else None
        return None

    def _pluperfect(self, word: int) -> Agent | None:
        """The subject between the two verbs of "X had (kana … qad) threatened"."""
        if word == self._sentence.first or self._reading.words.texts[word - 1] != "قد":
            return None
        for j in range(word - 2, max(self._sentence.first, word - _NAME_REACH) - 1, -1):
            actor = self._starts.get(j)
            if actor and not actor.oblique and j > self._sentence.first and self._is(j - 1, "auxiliary"):
                return Agent(actor, "before")
        return None

    def _adjacent(self, word: int) -> Agent | None:
        """The actor that opens the clause right before its verb, as headlines have it."""
        actor = self._ends.get(word)
        if actor is None or actor.oblique or set(",،:.;؛|-–—") & set(self._reading.words.marks[word]):
            return None
        return Agent(actor, "before") if self._opens_clause(actor.start) else None

    def _has_unknown_subject(self, word: int) -> bool:
        """Whether a word that is no particle stands right before a verb: headlines put names there."""
        j = word - 1
        if j < self._sentence.first or not _CLAUSE_MARKS.isdisjoint(self._reading.words.marks[word].replace("#", "")):
            return False
        if any(self._is(k, "preposition", "stop") for k in range(max(self._sentence.first, j - 2), j)):
            return False
        return not (
            self._skippable(j)
            or self._is(j, "document", "auxiliary", "that", "clause-start", "stop", "negation", "future")
        )

    def behind(self, word: int) -> Agent | None:
        """The actor behind an Arabic verb: directly, past adverbs, or past a name that an apposition explains."""
        for j in range(word, min(word + 5, self._sentence.last)):
            if self._begins_words(j):
                return None
            actor = self._starts.get(j)
            if actor:
                return None if actor.oblique or self._is_accusative(actor) else self._explained(actor)
            if self._is(j, "document"):
                return self.author(j + 1)
            if not self._skippable(j) and not self._is(j, "responsibility"):
                return self._named_behind(j)
        return None

    def _explained(self, actor: Actor) -> Agent:
        """An actor behind his verb; a title such as "Sheikh" is whoever the words behind the name say he is."""
        if actor.kind == "outsider" and actor.end < self._sentence.last and self._holds_title(actor):
            named = self._named_behind(actor.end)
            if named and named.actor.kind == "militia":
                return named
        return Agent(actor, "after")

    def _holds_title(self, actor: Actor) -> bool:
        return actor.end - actor.start == 1 and self._is(actor.start, "filler")

    def _begins_words(self, word: int) -> bool:
        """Whether somebody's words begin: behind a colon, or in quotation marks that hold more than a name."""
        marks = self._reading.words.marks[word]
        if ":" in marks:
            return True
        quote = quote_at(self._reading.quotes, word) if _OPENING & set(marks) else None
        return quote is not None and quote.first == word and quote.last - quote.first > _LONGEST_QUOTED_NAME

    def written_onto(self, word: int) -> Agent | None:
        """The actor whom a preposition is written onto: "according to-the spokesman of X"."""
        actor = self._starts.get(word)
        return Agent(replace(actor, oblique=False), "after") if actor and actor.oblique else None

    def author(self, word: int) -> Agent | None:
        """Whose a communiqué is: "a statement of X", "a message in the name of X", "leaflets that X signed"."""
        unknown = 0
        for j in range(word, min(word + _DOCUMENT_REACH, self._sentence.last)):
            actor = self._starts.get(j)
            if actor:
                return Agent(replace(actor, oblique=False), "owner")
            if self._is(j, "that") or not {":", "؛"}.isdisjoint(self._reading.words.marks[j]):
                return None
            unknown += not (self._skippable(j) or self._is(j, *_LEADS_TO_AUTHOR) or self._is_verb(j))
            if unknown > 1:
                return None  # one adjective may be unknown; a second noun is another thing
        return None

    def _is_accusative(self, actor: Actor) -> bool:
        """A plural in -in behind a verb is what it is done to."""
        first = self._reading.words.texts[actor.start]
        return first.startswith("ال") and first.endswith("ين") and len(first) > _SHORTEST_PLURAL

    def _named_behind(self, word: int) -> Agent | None:
        """A name unknown to the registry, then what he is: "Saad al-Saadi, a senior official in …"."""
        if self._is(word, "that", "object", "stop", "self"):
            return None
        comma = word
        for j in range(word + 1, min(word + _NAME_REACH, self._sentence.last)):
            comma = comma if {",", "،", "("}.isdisjoint(self._reading.words.marks[j]) else j
            actor = self._starts.get(j)
            if actor:
                reach = 2 if self._is(comma, "who-is") else 1
                explained = actor.kind != "unknown" and (comma == word or j - comma <= reach)
                if actor.oblique or not explained or not self._explains(word, j):
                    return None
                return Agent(_named(actor, self._name(word, j)), "after")
            ends = self._is(j, "that", "stop") and not self._is(j - 1, "who-is")
            if ends or self._is_verb(j):
                return None
        return None

    def _explains(self, first: int, word: int) -> bool:
        """Whether a comma or a "who is" stands between a name and its explanation, or a role begins it."""
        marks = "".join(self._reading.words.marks[first + 1 : word + 1])
        return not {",", "،", "("}.isdisjoint(marks) or self._is(word, "role") or self._is(word - 1, "who-is")

    def _name(self, first: int, last: int) -> str | None:
        stop = first
        while stop < last and not self._is(stop, "who-is", "role", "filler"):
            stop += 1
            if not {",", "،", "("}.isdisjoint(self._reading.words.marks[stop]):
                break
        if not 1 <= stop - first <= 4:
            return None
        start, end = self._reading.words.span(first, stop)
        return self._reading.text[start:end]

    def _before(self, word: int) -> Agent | None:
        """The actor before a verb: headline order, or the antecedent of a relative pronoun."""
        relative = it_was = False
        unknown = 0
        if not _DATELINE.isdisjoint(self._reading.words.marks[word]):
            return None
        j = word - 1
        while j >= self._sentence.first:
            actor = self._ends.get(j + 1)
            if actor:
                return self._subject(actor, relative=relative)
            it_was = it_was or self._is(j, "it-was")
            if it_was and self._is(j, "that"):
                return None  # "that the soldiers are those who": another than who says so
            if self._is(j, "relative"):
                relative = True
                if self._is_event(j - 1):
                    return None  # "the operation which hit the base": the operation did
            elif not self._skippable(j) and not self._is(j, "auxiliary"):
                unknown += 1
                if not relative or unknown > _RELATIVE_REACH or self._is_verb(j):
                    return None
            j -= 1
        return None

    def _is_event(self, word: int) -> bool:
        """Whether a word, or the noun that it describes, is an attack and no part of an actor's name."""
        noun = word - 1 if self._skippable(word) and not self._is(word, "operation", "attack-noun") else word
        return noun + 1 not in self._ends and self._is(noun, "operation", "attack-noun")

    def _subject(self, actor: Actor, *, relative: bool) -> Agent | None:
        if relative:
            return Agent(actor, "relative")
        if actor.oblique or (actor.start > self._sentence.first and self._is(actor.start - 1, "preposition")):
            return None
        return Agent(actor, "before") if self._opens_clause(actor.start) else None

    def _opens_clause(self, word: int) -> bool:
        if (
            word == self._sentence.first
            or self._after_date(word)
            or not _CLAUSE_MARKS.isdisjoint(self._reading.words.marks[word])
        ):
            return True
        if self._is(word - 1, "that", "clause-start", "auxiliary", "filler"):
            return True
        return self._reading.words.texts[word][:1] in "وف"

    def _after_date(self, word: int) -> bool:
        return self._reading.words.texts[word - 1].isdigit()

    def _owner(self, trigger: Mention) -> Agent | None:
        """The actor in the genitive behind a verbal noun: "the threats of X"."""
        if "def" in trigger.tags or "poss" in trigger.tags:
            return None
        for j in range(trigger.end, min(trigger.end + 4, self._sentence.last)):
            actor = self._starts.get(j)
            if actor:
                return None if actor.oblique else Agent(actor, "owner")
            if self._is(j, "document"):
                return self.author(j + 1)
            if not self._skippable(j):
                return self._named_behind(j) if self._is(j, "role") else None
        return None

    def follows_verb(self, word: int) -> bool:
        """Whether a finite verb that may be nothing else stands right before: what follows is its object."""
        before = word - 1
        if before <= self._sentence.first or word in self._ends:
            return False  # words of a name are no verbs
        if self._reading.words.texts[before - 1] in _JUSSIVE:
            return True
        return self._is_verb(before) and not self._is(before, "auxiliary") and before not in self._masdars

    def follows_that(self, word: int) -> bool:
        """Whether "that" stands right before, which only a noun may follow, but for "after (that) he struck"."""
        before = word - 1
        texts = self._reading.words.texts
        if before <= self._sentence.first or texts[before] not in ("ان", "بان", "فان"):
            return False
        return texts[before - 1] not in _WHEN

    def adjacent_owner(self, word: int) -> Agent | None:
        """Whose "its" is that is written onto a verbal noun right behind an actor: "the state by its adopting"."""
        actor = self._ends.get(word)
        return Agent(actor, "owner") if actor and not actor.oblique else None

    def names_act(self, word: int) -> bool:
        """Whether a word may be a verbal noun."""
        return word in self._masdars

    def holds(self, word: int, *classes: str) -> bool:
        """Whether a word was taken for a form of one of `classes`."""
        return self._is(word, *classes)

    def _skippable(self, word: int) -> bool:
        return self._is(word, "filler", "adverb", "relative", "who-is")

    def _is(self, word: int, *classes: str) -> bool:
        return word in self._classes and not self._classes[word].isdisjoint(classes)

    def _is_verb(self, word: int) -> bool:
        return self._reading.verb_between(word, word + 1)


def _named(actor: Actor, name: str | None) -> Actor:
    if actor.speaker or actor.kind != "militia" or name is None:
        return actor
    return Actor(actor.start, actor.end, actor.kind, actor.group, name)
