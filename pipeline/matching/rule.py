"""The rule model: what a linguist writes, parsed. Reading files stays in `pipeline.adapters.rulepack`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from pipeline.records import Label

Status = Literal["experimental", "stable", "deprecated"]
Voice = Literal["agent", "own-words", "own-deeds", "heading", "own-agent", "anybody"]
"""Who must say it.

`agent`: an armed group is the grammatical agent of the trigger ("X threatened to …").
`own-agent`: the same, and no state or outlet tells it of the group ("a minister said that X accepted …").
`own-words`: the trigger stands in words attributed to an armed group ("X: we will …").
`own-deeds`: the same, and the deed is its own ("X said it struck …", not "X said a bomb struck …").
`heading`: in the words under "X: …".
`anybody`: no requirement.
"""

Where = Literal["before", "after", "near", "inside", "sentence"]
WHERES: tuple[Where, ...] = get_args(Where)


@dataclass(frozen=True, slots=True)
class Choice:
    """One alternative of a slot: a lexicon class, and sets of tags of which one must be borne, and tags forbidden."""

    cls: str
    tags: tuple[frozenset[str], ...] = ()
    forbidden: frozenset[str] = frozenset()

    def accepts(self, tags: frozenset[str]) -> bool:
        """Whether a form with `tags` fits."""
        if self.forbidden and not self.forbidden.isdisjoint(tags):
            return False
        return not self.tags or any(wanted <= tags for wanted in self.tags)


@dataclass(frozen=True, slots=True)
class Slot:
    """One place in a pattern: any of `choices`, at most `gap` words after the slot before."""

    choices: tuple[Choice, ...]
    gap: int = 0
    trigger: bool = False
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Pattern:
    """Slots in order, inside one sentence; exactly one of them is the trigger."""

    slots: tuple[Slot, ...]
    source: str

    @property
    def trigger(self) -> int:
        """Index of the trigger's slot."""
        return next((i for i, slot in enumerate(self.slots) if slot.trigger), 0)


@dataclass(frozen=True, slots=True)
class Condition:
    """Something that must, or must not, stand near the trigger (or `inside` the match, or anywhere in the sentence).

    Attributes:
        name: what `bayan explain` calls it.
        choices: classes that count.
        where: on which side of the trigger.
        within: at most so many words between.
    """

    name: str
    choices: tuple[Choice, ...]
    where: Where
    within: int


@dataclass(frozen=True, slots=True)
class Samples:
    """Sentences written for the rule.

    Attributes:
        match: each gives a statement by this rule.
        no_match: none gives a statement of the rule's label.
        todo: known misses or false alarms, recorded, not tested.
    """

    match: tuple[str, ...]
    no_match: tuple[str, ...]
    todo: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule or small family of rules."""

    rule_id: str
    label: Label
    language: str
    status: Status
    cameo: str
    description: str
    voice: Voice
    patterns: tuple[Pattern, ...]
    needs: tuple[Condition, ...]
    unless: tuple[Condition, ...]
    samples: Samples
    path: str


def parse_choices(text: str) -> tuple[Choice, ...]:
    """`threaten:perfect,imperfect+we|warn:-obj`: choices parted by `|`, tags by `,` (one of) or `+` (all of)."""
    return tuple(_parse_choice(part) for part in text.split("|"))


def _parse_choice(text: str) -> Choice:
    cls, _, tags = text.strip().partition(":")
    if not cls:
        raise ValueError(f"a slot needs a class name, as in threaten:perfect, not {text!r}")
    wanted = [part.strip() for part in tags.split(",") if part.strip()]
    required = tuple(frozenset(part.split("+")) for part in wanted if not part.startswith("-"))
    return Choice(cls, required, frozenset(part[1:] for part in wanted if part.startswith("-")))


def parse_pattern(items: list[str | int]) -> Pattern:
    """`["!threaten:perfect", 8, "violence"]`: slots as text, numbers are the words allowed between two slots.

    `!` before a slot makes it the trigger (the first slot otherwise), `?` behind it makes it optional.
    """
    slots: list[Slot] = []
    gap = 0
    for item in items:
        if isinstance(item, int):
            gap = item
            continue
        text = item.strip()
        slots.append(Slot(parse_choices(text.strip("!?")), gap, text.startswith("!"), text.endswith("?")))
        gap = 0
    if not slots:
        raise ValueError("a pattern needs at least one slot, as in [threaten:perfect, 8, violence]")
    if sum(slot.trigger for slot in slots) > 1:
        raise ValueError("a pattern has one trigger: mark one slot with !")
    return Pattern(tuple(slots), " ".join(str(item) for item in items))
