"""English noun phrases that can speak or act: "X's military spokesman, Y", "Y, a member of the group's council".

An actor here is a whole phrase with its apposition. Whose words or deeds follow is asked in clauses and speech.
"""

from __future__ import annotations

import re
from dataclasses import replace

from pipeline.matching.lexicon import GROUP, SPEAKER, SURNAME
from pipeline.matching.registry import Registry
from pipeline.matching.scan import Mention
from pipeline.statements.actors import Actor, Kind
from pipeline.statements.english.names import band_end, behind_titles, is_headline, name_end, title_end
from pipeline.statements.english.phrases import ARTICLES, governor_of
from pipeline.statements.english.words import QUOTES, Line
from pipeline.statements.reading import Reading

_ORDER = (SPEAKER, GROUP, "anaphor", "armed", "band", "state", "outlet", "outsider", SURNAME, "own-men", "role")
_KIND: dict[str, Kind] = {"armed": "militia", "state": "state", "outlet": "unknown", "outsider": "outsider"}
_HEADS = frozenset({"role", "armed", "own-men", "band"})
_BETWEEN_OWNER_AND_ROLE = 4
_BEFORE_OWNER = 6


class EnglishActors:
    """Finds the actors of a text, sentence by sentence, and remembers whom later short forms refer to.

    Attributes:
        owned: first word of an actor such as "its fighters" → the possessive that says whose they are.
    """

    def __init__(self, reading: Reading, registry: Registry, *, title: str | None = None) -> None:
        self._reading = reading
        self._registry = registry
        self._named: set[str | None] = set()
        self._learned: dict[str, Actor] = {}
        self._last_group: str | None = title
        self._seen_group = title is not None
        self._only = _only_group(reading)
        self._naming = True
        self.owned: dict[int, int] = {}

    def find(self, line: Line) -> list[Actor]:
        """The actors of one sentence, in order; call sentence after sentence."""
        self._naming = not is_headline(line)
        actors: list[Actor] = []
        word = line.first
        while word < line.last:
            actor = self._named_first(line, word) or self._titled(line, word) or self._phrase(line, word)
            if actor is None:
                word += 1
                continue
            if not _is_where(line, actor):
                actors.append(actor)
                self._remember(actor)
            word = actor.end
        return actors

    def _remember(self, actor: Actor) -> None:
        if actor.kind == "militia" and not actor.anaphoric:
            self._last_group, self._seen_group = actor.group, True
        self._named.add(actor.speaker)
        if actor.speaker and actor.speaker not in self._registry.speakers:
            self._learned[re.split(r"[\s-]", actor.speaker)[-1].lower()] = actor

    def _titled(self, line: Line, word: int) -> Actor | None:
        """A group that the registry does not know, and what is its: "Sons of the Valley", "a Valley Martyrs cell"."""
        end = band_end(line, word) if self._naming and not self._known_name(line, word) else word
        if end == word:
            return None
        actor = Actor(
            word, end, "militia", possessive=line.texts[end - 1].endswith(("'s", "’s")) or line.marks[end][:1] == "’"
        )
        return self._owned_role(line, actor) or actor

    def _known_name(self, line: Line, word: int) -> bool:
        return any(m.cls in (GROUP, SPEAKER) for m in line.starting.get(word, []))

    # phrases

    def _phrase(self, line: Line, word: int, depth: int = 0) -> Actor | None:
        """A noun phrase that begins with its first known noun at `word`."""
        head = self._head(line, word)
        if head is None or self._is_adjective(line, word, head[0]):
            return None
        actor, is_role = head
        if actor.kind == "state" and line.has(word, "role") and line.has(actor.end, "of-whom"):
            theirs = self._of_whom(line, replace(actor, kind="person"), depth)
            actor = theirs if theirs.kind == "militia" else actor  # "a lawmaker of X"
        if is_role and depth < _BEFORE_OWNER:
            actor = self._of_whom(line, actor, depth)
        elif actor.possessive and actor.kind == "militia" and self._is_named_after(line, actor.end):
            return self._with_name(line, replace(actor, possessive=False))
        elif not is_role:
            owned = self._owned_role(line, actor)
            is_role, actor = owned is not None, owned or actor
        actor = self._of_named_group(line, actor) if line.has(word, "armed") else actor
        if actor.possessive and (line.has(word, "armed") or actor.start < actor.end - 1):
            owned = self._owned_role(line, actor)
            is_role, actor = owned is not None, owned or actor
        if actor.possessive:
            return actor
        named = is_role or line.texts[actor.end - 1] in _LEADERS or line.has(actor.end - 1, "role")
        if named and actor.speaker is None:
            actor = self._with_name(line, actor)
        if actor.kind == "state" and line.inside(actor.end) and line.close(actor.end):
            actor = replace(actor, end=self._name_end(line, actor.end))  # "President X said"
        return self._with_apposition(line, actor, depth)

    def _is_named_after(self, line: Line, word: int) -> bool:
        """Whether a person's name follows a group's possessive: "Boko Haram's Shekau said", or a colon."""
        if not line.inside(word):
            return False
        begin = behind_titles(line, word)
        end = self._name_end(line, begin)
        speaks = line.has(end, "said") and line.verb(end)
        heads = end < len(line.marks) and ":" in line.marks[end]
        known = any(m.cls == SPEAKER for m in line.starting.get(begin, []))
        return (begin > word and (end > begin or known)) or (end > word and (speaks or heads))

    def _is_adjective(self, line: Line, word: int, actor: Actor) -> bool:
        """Whether it is the "military" of "the military wing of X"; what the wing is of tells whose it is."""
        behind = actor.end
        if actor.kind != "state" or actor.possessive or not line.has(word, "filler") or not line.inside(behind):
            return False
        return line.close(behind) and line.has(behind, "role", "hostilities") and not line.verb(behind)

    def _head(self, line: Line, word: int) -> tuple[Actor, bool] | None:
        found = {m.cls: m for m in reversed(line.starting.get(word, []))}
        own = "own-men" in found and line.has(word - 1, "possessor") and line.inside(word - 1)
        if GROUP in found and "anaphor" not in found and "armed" in found and found["armed"].end > found[GROUP].end:
            del found[GROUP]  # "an al-Qaeda-linked group" is another one
        for cls in ("own-men", *_ORDER) if own else _ORDER:
            if cls in found:
                actor = self._from_mention(line, found[cls])
                if actor is not None:
                    return actor, cls == "role" and actor.start not in self.owned
        return self._surname(line, word)

    def _from_mention(self, line: Line, m: Mention) -> Actor | None:
        apostrophe = line.marks[m.end][:1] in "'’" and line.marks[m.end][:1] != ""
        base = Actor(m.start, m.end, _KIND.get(m.cls, "militia"), possessive="poss" in m.tags or apostrophe)
        if m.cls == GROUP:
            return replace(base, group=m.ref)
        if m.cls == SURNAME and m.ref not in self._named:
            return None
        if m.cls in (SPEAKER, SURNAME) and m.ref:
            return replace(base, group=self._registry.speakers[m.ref].group, speaker=m.ref)
        if m.cls in ("role", "own-men") and any(n.cls == "self-named" for n in line.starting.get(m.end, [])):
            return replace(base, end=self._called(line, m.end))  # "a cell calling itself …"
        return self._common_noun(line, m, base)

    def _common_noun(self, line: Line, m: Mention, base: Actor) -> Actor | None:
        match m.cls:
            case "role":
                return self._own_men(line, base) or replace(base, kind="person")
            case "own-men":
                return self._own_men(line, base) or self._men_of(line, base)
            case "anaphor":
                return self._anaphor(line, base)
            case "band":
                return self._band(line, base)
            case "armed" if line.has(m.start - 1, "possessor"):
                own = line.texts[m.start - 1] in _OWN or line.texts[m.start] not in _CAPTORS
                return self._own_men(line, base) if own else replace(base, kind="person")  # "her captors"
        return base

    def _anaphor(self, line: Line, base: Actor) -> Actor | None:
        """The group named before; "the group" may stand before the only name, too."""
        if self._seen_group:
            return replace(base, group=self._last_group, anaphoric=True)
        short = line.texts[base.end - 1].removesuffix("'s").removesuffix("’s") in _SHORT
        armed = self._only or any(m.cls == "armed" for m in self._reading.mentions)
        return replace(base, group=self._only, anaphoric=True) if armed and short else None

    def _band(self, line: Line, base: Actor) -> Actor | None:
        """For "a group linked to X", or "the umbrella group" behind a group's name."""
        named = self._of_named_group(line, base)
        if named.group or any(m.cls == "self-named" for m in line.starting.get(base.end, [])):
            return named
        for j in range(base.start - 1, max(base.start - 4, line.first) - 1, -1):
            if self._seen_group and (line.texts[j] == "the" or line.comma(base.start)):
                return replace(base, group=self._last_group, anaphoric=True)
            if not line.close(j + 1) or line.verb(j) or line.has(j, "preposition", "that"):
                return None
        return None

    def _own_men(self, line: Line, base: Actor) -> Actor | None:
        """Men, forces, units: somebody's only behind a possessive."""
        for j in range(base.start - 1, max(base.start - 4, line.first - 1), -1):
            if line.has(j, "possessor"):
                self.owned[base.start] = j
                return replace(base, anaphoric=True)
            if not line.close(j + 1) or line.has(j, *_NO_ADJECTIVES) or line.verb(j):
                break
        behind = base.end + 1
        if line.inside(behind + 1) and line.texts[base.end] == "under" and line.has(behind, "possessor"):
            self.owned[base.start] = behind  # "men under his command"
            return replace(base, end=behind + 2, anaphoric=True)
        return None

    def _men_of(self, line: Line, base: Actor) -> Actor | None:
        """Those of whom a name behind tells whose they are: "fighters of X", "men loyal to X"."""
        if not line.has(base.end - 1, "fighting-men") or not line.inside(base.end) or not line.close(base.end):
            return None
        word = max([m.end for m in line.starting.get(base.end, []) if m.cls == "naming"], default=base.end)
        if word == base.end and line.texts[word] not in _OF_THEM:
            return None
        word += word == base.end
        word += line.inside(word) and line.texts[word] in ARTICLES
        owner = (self._titled(line, word) or self._phrase(line, word, depth=1)) if line.inside(word) else None
        if owner is None or owner.kind != "militia" or owner.possessive:
            return None
        return replace(owner, start=base.start, speaker=None, anaphoric=False)

    def _surname(self, line: Line, word: int) -> tuple[Actor, bool] | None:
        bare = line.texts[word].removesuffix("'s").removesuffix("’s")
        known = self._learned.get(bare)
        if known is None or not line.capital(word):
            return None
        possessive = bare != line.texts[word]
        start = word - 1 if word > line.first and line.texts[word - 1] == "al" else word
        return replace(known, start=start, end=word + 1, anaphoric=True, possessive=possessive), True

    def _of_whom(self, line: Line, role: Actor, depth: int) -> Actor:
        """What a role is a role of: "a spokesman for the group's military wing"."""
        word = role.end
        steps = 0
        governed = False
        while line.inside(word) and steps < _BEFORE_OWNER and not line.parted(word, QUOTES):
            if line.comma(word) and line.texts[word] not in _SIGNED:
                break
            owner = self._titled(line, word) or self._phrase(line, word, depth + 1) if governed else None
            if owner is not None:
                if owner.kind == "state" and (line.has(role.start, "armed") or self._is_place(line, role, word)):
                    return role
                return replace(owner, start=role.start, anaphoric=False, speaker=role.speaker or owner.speaker)
            if line.has(word, "of-whom"):
                governed = True
            elif line.has(word, "adverb"):
                pass
            elif (not line.has(word, "filler", "role") and not (governed and line.has(word, "nationality"))) or (
                line.verb(word) and not governed
            ):
                break
            word += 1
            steps += 1
        if self._nationality_before(line, role.start):
            return replace(role, kind="state")
        return role

    def _is_place(self, line: Line, role: Actor, word: int) -> bool:
        """Whether what stands behind "in" tells where somebody's people are: "its followers in France"."""
        return line.texts[word - 1] == "in" and line.has(role.end - 1, "own-men")

    def _nationality_before(self, line: Line, word: int) -> bool:
        j = word - 1
        while line.inside(j) and j > word - 4 and line.close(j + 1) and not line.verb(j):
            if line.has(j, "nationality", "state"):
                return True
            j -= 1
        return False

    def _owned_role(self, line: Line, owner: Actor) -> Actor | None:
        """A role or fighters that a name in front belongs to: "a Hamas spokesman", "the group's chief negotiator"."""
        for word in range(owner.end, min(owner.end + _BETWEEN_OWNER_AND_ROLE, line.last)):
            if not (line.close(word) or (owner.possessive and word == owner.end)):
                return None
            head = next((m for m in line.starting.get(word, []) if m.cls in _HEADS), None)
            if head is not None and ("poss" in head.tags or not self._role_goes_on(line, head.end)):
                return self._owned_by(line, owner, head)
            if line.has(word, "possessor", "that") or (line.verb(word) and not line.has(word, "filler")):
                return None
            if line.texts[word] in ARTICLES:  # "told Reuters the group …"
                return None
            named = line.capital(word) and not line.has(word, *_NO_ADJECTIVES)
            if not line.has(word, "filler", "role") and not (owner.possessive and (named or not line.known(word))):
                return None
        return None

    def _owned_by(self, line: Line, owner: Actor, head: Mention) -> Actor:
        """`head` with its owner's group; "Iraq's rebels" are no state's."""
        if owner.kind == "state" and head.cls == "armed":
            known = self._last_group if line.texts[head.end - 1] == "group" else None
            return Actor(owner.start, head.end, "militia", known, possessive="poss" in head.tags)
        possessive = "poss" in head.tags
        anaphoric = owner.anaphoric and possessive
        return replace(owner, end=head.end, possessive=possessive, anaphoric=anaphoric, speaker=None)

    def _role_goes_on(self, line: Line, word: int) -> bool:
        """Whether another role follows: "security chief", "political bureau member"."""
        return line.inside(word) and line.close(word) and line.has(word, "role", "own-men") and not line.verb(word)

    def _of_named_group(self, line: Line, armed: Actor) -> Actor:
        """Which one: "the militant group X", "a little-known outfit calling itself X", "rebels of X"."""
        word = armed.end
        while line.inside(word) and word < armed.end + _BEFORE_OWNER:
            named = next((m for m in line.starting.get(word, []) if m.cls in (GROUP, SPEAKER)), None)
            if line.comma(word) and not line.has(word, "naming") and not self._set_off(line, named):
                break
            if named is not None:
                actor = self._from_mention(line, named)
                return replace(actor, start=armed.start) if actor else armed
            if not line.has(word, "naming", "filler", "of-whom", "nationality", "armed", "honorific"):
                break
            if line.texts[word] in ARTICLES and not line.has(word - 1, "naming", "of-whom"):
                break  # "on a rebel site the PKK said"
            word += 1
        return replace(armed, end=self._called(line, armed.end)) if self._naming else armed

    def _called(self, line: Line, word: int) -> int:
        """The word behind the unknown name that a group gives itself: "calling itself the Sons of the South"."""
        naming = max([m.end for m in line.starting.get(word, []) if m.cls in ("naming", "self-named")], default=word)
        if naming == word and line.texts[word - 1] not in _NAMES_ITSELF:
            return word
        end = title_end(line, naming)
        return end if end > naming else word

    def _set_off(self, line: Line, named: Mention | None) -> bool:
        """Whether a name stands alone between commas: "an unknown group, X, …"."""
        return named is not None and (named.end >= line.last or line.marks[named.end][:1] in ",.)")

    # names

    def _with_name(self, line: Line, actor: Actor) -> Actor:
        """The name behind a title: "spokesman Abu X", "its chief negotiator, X Y, …"."""
        begin = actor.end
        if not line.inside(begin) or not (line.close(begin) or line.marks[begin] == ", "):
            return actor
        set_off = not line.close(begin)
        if set_off and line.has(begin - 1, *_DOCUMENTS):
            return actor  # "in the recording, X Y said"
        begin = behind_titles(line, begin)
        known = next((m for m in line.starting.get(begin, []) if m.cls == SPEAKER), None)
        if known is not None:
            named = self._from_mention(line, known)
            return replace(named, start=actor.start) if named else actor
        end = self._name_end(line, begin)
        if end == begin or (set_off and (end - begin < 2 or (line.inside(end) and not line.comma(end)))):
            return actor
        return replace(actor, end=end, speaker=line.written(begin, end))

    def _named_first(self, line: Line, word: int) -> Actor | None:
        """A name and then what he is: "X Y, a member of the group's council"."""
        end = self._name_end(line, behind_titles(line, word))
        if end - word < 2 or not line.inside(end):
            return None
        begin = end
        if line.marks[end] not in (", ", " (", " - ", " – ") and not line.has(end, "of-whom"):
            return None
        apposed = line.close(end)
        while line.inside(begin) and begin < end + _BEFORE_OWNER + 1 and not self._head(line, begin):
            if not line.has(begin, "filler", "of-whom", "role") or (begin > end and not line.close(begin)):
                return None
            begin = max([m.end for m in line.starting.get(begin, []) if m.cls == "of-whom"], default=begin + 1)
        actor = self._phrase(line, begin, depth=1) if line.inside(begin) else None
        if actor is None or actor.possessive or (actor.anaphoric and actor.speaker):
            return None
        # "… of X Y, the group's leader said": who speaks is the leader
        speaks = line.close(actor.end) and line.verb(actor.end) and (word > line.first or line.has(actor.end, "said"))
        described = any(line.has(w, "role", "armed", "relative") for w in range(end, actor.end))
        governed = line.marks[end] == ", " and governor_of(line, word) is not None and not line.comma(actor.end)
        if not apposed and (speaks or governed or not described):
            return None
        return replace(actor, start=word, speaker=line.written(word, end), anaphoric=False)

    def _name_end(self, line: Line, word: int) -> int:
        return name_end(line, word) if self._naming else word

    def _with_apposition(self, line: Line, actor: Actor, depth: int) -> Actor:
        """A phrase between commas or brackets that says who it is: "X, the armed wing of Y, …"."""
        begin = actor.end
        if depth or not line.inside(begin) or line.marks[begin] not in (", ", " (", ", #"):
            return actor
        word = begin
        while (
            line.inside(word) and word < begin + 5 and line.has(word, "filler") and (word == begin or line.close(word))
        ):
            word += 1
        if not line.inside(word) or (word > begin and not line.close(word)):
            return actor
        other = self._phrase(line, word, depth=1)
        if other is None or other.possessive or other.kind != actor.kind or other.end >= line.last:
            return actor
        described = any(line.has(w, "role", "armed") for w in range(word, other.end)) or other.speaker
        if not described or line.marks[other.end].strip()[:1] not in (",", ")"):
            return actor
        return replace(actor, end=other.end, group=actor.group or other.group, speaker=actor.speaker or other.speaker)


_NO_ADJECTIVES = (
    "preposition", "relative", "that", "pronoun", "auxiliary", "group", "speaker", "state", "outsider",
    "anaphor", "negation",
)  # fmt: skip
_DOCUMENTS = ("channel-statement", "channel-video", "document", "footage")
_OWN = frozenset({"its", "our"})
_OF_THEM = frozenset({"of", "from"})
_CAPTORS = frozenset({"captor", "captors", "kidnapper", "kidnappers", "abductor", "abductors", "hijackers"})
_LEADERS = frozenset({"leader", "commander", "chief", "warlord", "militant"})
_SHORT = frozenset({"group", "movement", "militia", "organisation", "organization", "faction"})
_NAMES_ITSELF = frozenset({"itself", "themselves", "martyr", "martyrs"})
_WHERE = frozenset({"in", "near", "inside", "outside"})
_SIGNED = frozenset({"signed", "issued", "released", "posted", "published", "attributed"})


def _is_where(line: Line, actor: Actor) -> bool:
    """Whether a state or capital only tells where something is: "a delegation in Cairo"."""
    plain = actor.kind == "state" and actor.end == actor.start + 1 and not actor.possessive
    before = line.texts[actor.start - 1] if line.inside(actor.start - 1) else ""
    return plain and before in _WHERE and line.capital(actor.start) and not line.has(actor.end, "role", "armed")


def _only_group(reading: Reading) -> str | None:
    """The one group that a text names, None when it names several or none."""
    named = {m.ref for m in reading.mentions if m.cls == GROUP}
    return named.pop() if len(named) == 1 else None
