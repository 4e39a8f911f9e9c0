"""Actors: noun phrases that can speak or act, and whether an armed group stands behind them.

"The military spokesman of the movement X, Y" is one actor. A state, an army, an official, an outlet or an analyst is an
actor too, of another kind: knowing them keeps their words from being taken for a group's.
"""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

from pipeline.matching.lexicon import CONTEXT, CONTEXTUAL, GROUP, QUOTED_GROUP, SPEAKER, SURNAME
from pipeline.matching.registry import Registry
from pipeline.matching.scan import Mention
from pipeline.statements.reading import Reading
from pipeline.text.folding import fold_word
from pipeline.text.quotes import quote_at

Kind = Literal["militia", "state", "outsider", "person", "unknown"]

ROLE, ARMED, ANAPHOR, STATE, OUTSIDER, FILLER = "role", "armed", "anaphor", "state", "outsider", "filler"
OWN_FIGHTERS, THAT, ARM = "own-fighters", "that", "arm"
NATIONALITY, BRIGADE, BAND, ALONE, MEDIA_ARM = "nationality", "brigade", "band", "alone", "media-arm"
ORG = "org"
_UNKNOWN_BANDS = frozenset({BRIGADE, BAND, ORG})
_KIND: dict[str, Kind] = {
    GROUP: "militia", QUOTED_GROUP: "militia", SPEAKER: "militia", SURNAME: "militia", ARMED: "militia",
    ANAPHOR: "militia", CONTEXTUAL: "militia", BRIGADE: "militia", BAND: "militia",
    OWN_FIGHTERS: "militia", STATE: "state", OUTSIDER: "outsider",
}  # fmt: skip
_NAMERS = frozenset({*_KIND, ROLE, ORG})
MILITIA = frozenset(cls for cls, kind in _KIND.items() if kind == "militia")
"""Classes of mentions without any of which a text holds no armed group's words."""
_SAYING = frozenset(
    {"said", "announce", "claim", "own-up", "threaten", "vow", "warn", "deny", "boast-verb", "truce-move"}
)
"""Behind a verb of these an everyday word is a group's name; behind a verb of attacking it is what was attacked."""
_REPORTS = _SAYING | {"continue"}
_TIGHT = frozenset([" ", "» ", "» «", " «", '" ', '"', "” ", " #"])
_HAD = frozenset({"سبق", "وسبق", "يسبق"})
"""With li-, "X had (already done)": the actor is the subject."""
_NAMES_TOO = frozenset(["صباح", "فجر"])
_PLACES = frozenset(["شمال", "شمالي", "جنوب", "جنوبي", "شرق", "شرقي", "غرب", "غربي", "وسط", "قرب", "داخل", "عند"])
"""What stands behind "a leader in X" in place of his name: where he leads."""
_FEMININE = frozenset(
    ["كتايب", "سرايا", "قوات", "عصايب", "الويه", "مصادر", "فصايل", "ميليشيا", "مليشيا", "ميليشيات", "مليشيات"]
)
_MASCULINE = frozenset(
    [
        "تنظيم", "حزب", "جيش", "لواء", "فيلق", "مجلس", "تيار", "قايد", "زعيم", "ناطق", "متحدث", "امير", "مسوول",
        "مسيول", "قيادي", "عضو", "مصدر", "نايب", "مكتب", "ريىس", "رييس", "امين", "مركز", "فصيل", "جناح", "بيان",
    ]
)  # fmt: skip
"""Heads of names, folded, that tell the gender of a verb that agrees with them; others in -a are feminine."""
_INSIDE = frozenset(["في", "داخل", "ضمن", "من", "لدى", "وسط"])
_REACH = 5
_SHORTEST_NAME, _LONGEST_NAME = 2, 4
_SHORTEST_SURNAME = 4
"""Words between a role and what it is a role of: "the official military spokesman in the name of the movement"."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Words `start` to `end` (exclusive).

    Attributes:
        kind: `militia` only when an armed group is named or described as one.
        group: id of the registry, or None.
        speaker: id of the registry or the name as written, or None.
        oblique: a preposition is written onto it (to X, for X): it is no agent.
        anaphoric: "the movement", "the group", a surname: what it refers to stands earlier.
    """

    start: int
    end: int
    kind: Kind
    group: str | None = None
    speaker: str | None = None
    oblique: bool = False
    anaphoric: bool = False
    possessive: bool = False


class ActorFinder:
    """Finds the actors of a text, sentence by sentence, and remembers whom later short forms refer to."""

    def __init__(self, reading: Reading, registry: Registry, *, title: str | None = None) -> None:
        self._reading = reading
        self._registry = registry
        self._named: set[str] = set()
        self._learned: dict[str, tuple[str | None, str]] = {}
        self._plain: dict[str, tuple[str | None, str]] = {}
        self._here: list[Mention] = []
        self._known: Container[int] = ()
        self._that: set[int] = set()
        self._outsiders: set[int] = set()
        self._fillers: set[int] = set()
        self._nationalities: set[int] = set()
        self._alone: set[int] = set()
        self._operations: set[int] = set()
        self._last_group: str | None = title

    @cached_property
    def _contexts(self) -> set[str | None]:
        """What the text names somewhere that makes names of everyday words."""
        return {m.ref for m in self._reading.mentions if m.cls == CONTEXT}

    def find(self, sentence: int) -> list[Actor]:
        """The actors of one sentence, in order; call sentence after sentence."""
        self._here = self._reading.by_sentence[sentence]
        self._known = self._reading.classes[sentence]
        of = self._reading.by_class[sentence]
        self._that = {m.start for m in of.get(THAT, ())}
        self._outsiders = {m.start for m in of.get(OUTSIDER, ())}
        self._fillers = {word for cls in (FILLER, ARM) for m in of.get(cls, ()) for word in range(m.start, m.end)}
        self._nationalities = {m.start for m in of.get(NATIONALITY, ())}
        self._alone = {m.start for m in of.get(ALONE, ())}
        self._operations = {m.start for m in of.get("operation", ())}
        mentions = [m for m in self._here if m.cls in _NAMERS]
        mentions.sort(key=lambda m: (m.start, m.cls == ORG, m.cls != BAND))
        taken = -1
        actors: list[Actor] = []
        for i, mention in enumerate(mentions):
            if mention.start < taken:
                continue
            if mention.cls == OUTSIDER and any(m.start == mention.end and m.cls == SPEAKER for m in mentions):
                continue  # a title before a name that is known
            if mention.cls == OUTSIDER and (self._inside_group(mention, mentions) or self._is_groups_channel(mention)):
                continue  # "informed sources in the movement X", "the channel of X" are the movement's
            by_name = self._from_name(mention) if mention.cls != ROLE else None
            actor = self._from_role(mentions, i) if mention.cls == ROLE else by_name
            if actor is None:
                continue
            actor = self._with_adjectives(self._with_apposition(self._with_adjectives(actor), mentions, i))
            actor = self._with_name(actor, mention)
            if actor.oblique and self._reading.words.texts[actor.start - 1] in _HAD:
                actor = replace(actor, oblique=False)
            taken = actor.end
            actors.append(actor)
            self._remember(actor)
        return self._with_learned(actors, sentence)

    def _inside_group(self, mention: Mention, mentions: list[Mention]) -> bool:
        """Whether a source, which is a role too, is said to be "in" or "inside" an armed group."""
        role = any(m.start == mention.start and m.cls == ROLE for m in mentions)
        inside = mention.end < len(self._reading.words) and self._reading.words.texts[mention.end] in _INSIDE
        return role and inside and any(m.start == mention.end + 1 and m.cls in (GROUP, CONTEXTUAL) for m in mentions)

    def _is_groups_channel(self, mention: Mention) -> bool:
        """Whether an outlet is named by the group right behind: "the channel of X"."""
        outlet = any(m.start == mention.start and m.cls.startswith("channel-") for m in self._here)
        return outlet and any(m.start == mention.end and m.cls == GROUP for m in self._here)

    def _with_name(self, actor: Actor, first: Mention) -> Actor:
        """The unknown words behind a title are its bearer's name; the last of them refers back to him later."""
        if first.cls != ROLE or actor.kind != "militia" or actor.speaker:
            return actor
        words = self._reading.words
        end = actor.end
        while end < min(actor.end + _LONGEST_NAME, len(words)) and (
            self._is_name(end, tight=end > actor.end) or (end > actor.end and self._is_origin(end))
        ):
            end += 1
        if end - actor.end < _SHORTEST_NAME:
            return self._named_inside(actor, first)
        return replace(actor, end=end, speaker=self._learn_name(actor, actor.end, end))

    def _learn_name(self, actor: Actor, first: int, last: int) -> str:
        words = self._reading.words
        start, stop = words.span(first, last)
        name = self._reading.text[start:stop]
        self._learned[words.texts[last - 1]] = (actor.group, name)
        return name

    def _named_inside(self, actor: Actor, first: Mention) -> Actor:
        """The name between a rank and what its bearer is: "Brigadier Y, the spokesman of X"."""
        end = first.end
        while end < actor.end and self._is_name(end, tight=end > first.end):
            end += 1
        if end == actor.end or end - first.end < _SHORTEST_NAME:
            return actor
        return replace(actor, speaker=self._learn_name(actor, first.end, end))

    def learn(self, actor: Actor) -> None:
        """Remember a name that an apposition explained, by its last word: "Y, a leader in X, said … Y added"."""
        if actor.kind != "militia" or not actor.speaker or actor.speaker in self._registry.speakers:
            return
        last = fold_word(actor.speaker.split()[-1])
        if " " not in actor.speaker or len(last) < _SHORTEST_SURNAME:
            return
        if last.startswith("ال") and len(last) > _SHORTEST_SURNAME:
            self._learned.setdefault(last, (actor.group, actor.speaker))
        else:
            self._plain.setdefault(last, (actor.group, actor.speaker))

    def _is_name(self, word: int, *, tight: bool) -> bool:
        words = self._reading.words
        text = words.texts[word]
        known = word in self._known and not (text in _NAMES_TOO and self._is_surname(word + 1))
        if known or text in _PLACES or not text.isalpha() or len(text) < _SHORTEST_NAME:
            return False
        return words.marks[word] in (_TIGHT if tight else _TIGHT | {"، ", ", "})

    def _is_origin(self, word: int) -> bool:
        """Whether a word that means an origin too can end a name: جمال الهندي."""
        text = self._reading.words.texts[word]
        long = len(text) > _SHORTEST_SURNAME
        return long and text.startswith("ال") and text.endswith("ي") and self._reading.words.marks[word] == " "

    def _is_surname(self, word: int) -> bool:
        """Whether a word has the shape of a family name of origin, al-…-i: صباح الركابي is no morning."""
        words = self._reading.words
        if word >= len(words) or word in self._known or words.marks[word] != " ":
            return False
        return words.texts[word].startswith("ال") and words.texts[word].endswith("ي")

    def _with_learned(self, actors: list[Actor], sentence: int) -> list[Actor]:
        if not (self._learned or self._plain):
            return actors
        words, here = self._reading.words, self._reading.sentences[sentence]
        covered = {word for actor in actors for word in range(actor.start, actor.end)}
        for word in range(here.first, here.last):
            known = self._learned.get(words.texts[word]) or self._called(word)
            if known and word not in covered:
                actors.append(Actor(word, word + 1, "militia", known[0], known[1], anaphoric=True))
        return sorted(actors, key=lambda actor: actor.start)

    def _called(self, word: int) -> tuple[str | None, str] | None:
        """Who is meant by a name that might be any word: only behind a verb of saying, where no lexicon has it."""
        known = self._plain.get(self._reading.words.texts[word])
        if known is None or word in self._known:
            return None
        return known if any(m.end == word and m.cls in _REPORTS for m in self._here) else None

    def _with_adjectives(self, actor: Actor) -> Actor:
        """Definite adjectives of origin or kind that follow belong to the actor: "the army the Israeli"."""
        words = self._reading.words
        end = actor.end
        while end < min(actor.end + 3, len(words)) and self._is_adjective(end) and words.marks[end] in _TIGHT:
            end += 1
        adjectives = words.texts[actor.end : end]
        if self._armed_forces(actor) and adjectives and not adjectives[0].startswith("اليمن"):
            return replace(actor, end=end, kind="state", group=None)
        return actor if end == actor.end else replace(actor, end=end)

    def _is_adjective(self, word: int) -> bool:
        return _is_adjective(self._reading.words.texts[word]) and word not in self._operations

    def _armed_forces(self, actor: Actor) -> bool:
        """Whether it is "the armed forces", a group's own only where no state is named with them."""
        return actor.kind == "militia" and self._reading.words.texts[actor.end - 1] == "المسلحه"

    def _remember(self, actor: Actor) -> None:
        if actor.group:
            self._last_group = actor.group
        if actor.speaker:
            self._named.add(actor.speaker)

    def _from_name(self, mention: Mention) -> Actor | None:
        kind = _KIND.get(mention.cls, "militia")
        oblique = not {"b", "l"}.isdisjoint(mention.tags)
        base = Actor(mention.start, mention.end, kind, oblique=oblique, possessive="poss" in mention.tags)
        if mention.cls in _UNKNOWN_BANDS:
            return self._unknown_band(base, mention)
        if not self._counts(mention):
            return None
        if mention.cls in (GROUP, QUOTED_GROUP, CONTEXTUAL):
            placed = mention.cls != CONTEXTUAL or mention.ref in self._contexts
            return replace(base, group=mention.ref if placed else None)
        if mention.cls in (SPEAKER, SURNAME) and mention.ref:
            return replace(base, group=self._registry.speakers[mention.ref].group, speaker=mention.ref)
        return self._anaphor(base, mention) if mention.cls in (ANAPHOR, OWN_FIGHTERS) else base

    def _unknown_band(self, base: Actor, mention: Mention) -> Actor | None:
        """An armed band that the registry does not know."""
        if mention.cls == BRIGADE:
            return self._unregistered(base)
        if mention.cls == BAND:
            return self._band(base)
        return base if self._claims(mention) else None

    def _unregistered(self, base: Actor) -> Actor | None:
        """An armed band that the registry does not know, by the quotation marks around its whole name."""
        quote = quote_at(self._reading.quotes, base.start) or quote_at(self._reading.quotes, base.end)
        if quote is None or quote.first not in (base.start, base.end):
            return None
        if (
            not (quote.first == base.end or quote.last - quote.first > 1)
            or quote.last - quote.first > _LONGEST_NAME + 1
        ):
            return None
        named = any(m.cls == GROUP and quote.first <= m.start < quote.last for m in self._here)
        return None if named or self._verb_between(base.end, quote.last - 1) else replace(base, end=quote.last)

    def _band(self, base: Actor) -> Actor | None:
        """An armed band that the registry does not know, by a noun that only such bands bear and the name behind it."""
        words = self._reading.words
        end = base.end
        while end < min(base.end + _LONGEST_NAME - 1, len(words)) and words.marks[end] in _TIGHT:
            if end in self._known or not words.texts[end].isalpha() or words.texts[end] in _PLACES:
                break
            end += 1
        return replace(base, end=end) if end > base.end else None

    def _claims(self, mention: Mention) -> bool:
        """Whether "a movement" stands right behind a claim of responsibility: only armed ones make that."""
        if any(m.cls in (GROUP, STATE, OUTSIDER) and 0 <= m.start - mention.start <= 1 for m in self._here):
            return False
        claim = any(m.end == mention.start and m.cls == "own-up" for m in self._here)
        return claim and any(m.cls == "responsibility" and m.start > mention.start for m in self._here)

    def _counts(self, mention: Mention) -> bool:
        """A surname counts after the full name, an everyday word only when it is set apart."""
        if mention.cls == QUOTED_GROUP:
            return self._set_apart(mention)
        return mention.cls != SURNAME or mention.ref in self._named or self._is_introduced(mention)

    def _is_introduced(self, mention: Mention) -> bool:
        """Whether a surname alone heads its owner's words, "Y: …", or has his rank before it."""
        words = self._reading.words
        heads = mention.start == 0 and mention.end < len(words) and ":" in words.marks[mention.end]
        return heads or any(m.cls == ROLE and m.end == mention.start for m in self._here)

    def _set_apart(self, mention: Mention) -> bool:
        """Whether a name that is an everyday word too stands in quotation marks or right behind a verb of saying."""
        words = self._reading.words
        if not set(words.marks[mention.start]).isdisjoint("«“”\"'("):
            return True
        return any(m.end == mention.start and m.cls in _SAYING for m in self._here)

    def _anaphor(self, base: Actor, mention: Mention) -> Actor | None:
        if mention.cls == OWN_FIGHTERS:
            return self._own_fighters(base)
        if self._last_group is None and not (base.start in self._alone and self._acts_or_is_spoken_for(base.start)):
            return None
        return replace(base, group=self._last_group, anaphoric=True)

    def _acts_or_is_spoken_for(self, word: int) -> bool:
        """Whether a verb or "in the name of" stands before: only there is "the movement" of no name an armed group."""
        return self._reading.verb_between(word - 1, word) or self._reading.words.texts[word - 1] == "باسم"

    def _own_fighters(self, base: Actor) -> Actor:
        """Whose "the heroes of X" are; "our men" are those of the group named last."""
        inside = (m for m in self._here if m.cls == GROUP and base.start < m.start < base.end)
        named = next(inside, None)
        if named is None:
            return replace(base, group=self._last_group)
        return replace(base, end=max(base.end, named.end), group=named.ref)

    def _from_role(self, mentions: list[Mention], i: int) -> Actor | None:
        """A role takes its kind from what it is a role of; without that it is a person of unknown allegiance."""
        role = mentions[i]
        oblique = not {"b", "l"}.isdisjoint(role.tags)
        if "def" in role.tags and role.start in self._outsiders:
            return Actor(role.start, role.end, "outsider", oblique=oblique)
        for other in mentions[i + 1 :]:
            if other.start - role.end > _REACH or self._verb_between(role.end, other.start):
                break
            if other.cls == ROLE or other.start < role.end:
                continue
            if self._another_clause(role.end, other.start) or self._quoted_between(role.end, other):
                break
            actor = self._from_name(other)
            if actor is not None:
                return replace(actor, start=role.start, oblique=oblique, anaphoric=False, possessive=actor.possessive)
        if any(m.cls == MEDIA_ARM and m.start == role.start for m in self._here):
            return Actor(role.start, role.end, "militia", self._last_group, oblique=oblique)
        return Actor(role.start, role.end, "state" if role.end in self._nationalities else "person", oblique=oblique)

    def _quoted_between(self, first: int, other: Mention) -> bool:
        """Whether somebody's words begin between a role and a name, or the name is joined by "and"."""
        marks = self._reading.words.marks
        return "and" in other.tags or any(not {"«", "“"}.isdisjoint(marks[j]) for j in range(first, other.start))

    def _another_clause(self, first: int, last: int) -> bool:
        """Whether "that" stands between a role and a name, or "in the name of" is followed by somebody else."""
        if not self._that.isdisjoint(range(first, last)):
            return True
        names = [word for word in range(first, last) if self._reading.words.texts[word] == "باسم"]
        return bool(names) and not self._fillers.issuperset(range(names[0] + 1, last))

    def _verb_between(self, first: int, last: int) -> bool:
        marks = self._reading.words.marks
        if any(not set(marks[j]).isdisjoint(".:;؛\n") for j in range(first, last + 1)):
            return True
        return self._reading.verb_between(first, last)

    def _with_apposition(self, actor: Actor, mentions: list[Mention], i: int) -> Actor:
        """Names and roles that follow directly belong to the same actor: a wing's parent, a movement's spokesman."""
        for other in mentions[i + 1 :]:
            if other.start < actor.end:
                continue
            gap = other.start - actor.end
            if gap > (2 if other.cls in (SPEAKER, ROLE) else 1) or self._verb_between(actor.end, other.start):
                break
            if not self._joins(actor, other, gap):
                break
            named = self._from_name(other) if other.cls != ROLE else None
            actor = replace(
                actor,
                end=other.end,
                speaker=actor.speaker or (named.speaker if named else None),
                group=actor.group or (named.group if named else None),
            )
        return actor

    def _joins(self, actor: Actor, other: Mention, gap: int) -> bool:
        if "and" in other.tags or actor.kind not in ("militia", "person"):
            return False
        if other.cls in (SPEAKER, SURNAME):
            return True
        bracketed = not set(self._reading.words.marks[other.start]).isdisjoint("(،,—-")
        if other.cls == ROLE:
            return bracketed and gap <= 1
        return other.cls == GROUP and bracketed and gap == 0 and "(" in self._reading.words.marks[other.start]


def agrees(actor: Actor, verb: Mention, reading: Reading) -> bool:
    """Whether a verb or participle may be an actor's by its gender, as far as the head of his name tells it."""
    gender = _gender(actor, reading)
    if gender is None or "plural" in verb.tags or "we" in verb.tags:
        return True
    if "participle" in verb.tags:
        return (gender == "fem") == reading.words.texts[verb.start].endswith("ه")
    return (gender == "fem") == ("fem" in verb.tags)


def _gender(actor: Actor, reading: Reading) -> Literal["fem", "masc"] | None:
    head = reading.words.texts[actor.start].removeprefix("و")
    head = head.removeprefix("ال")
    if head in _FEMININE or head.endswith("ه"):
        return "fem"
    return "masc" if head in _MASCULINE else None


def _is_adjective(word: str) -> bool:
    return word.startswith("ال") and len(word) > 5 and word.endswith(("ي", "يه", "يين", "يون"))
