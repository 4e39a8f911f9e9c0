"""Rules over the mentions of one sentence. Who speaks is asked afterwards."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import reduce
from operator import or_

from pipeline.matching.rule import Choice, Condition, Pattern, Rule, Slot
from pipeline.matching.scan import Mention

Index = Mapping[str, Sequence[Mention]]


@dataclass(frozen=True, slots=True)
class Match:
    """A pattern of a rule found: the mention of each slot that was filled, and which of them is the trigger."""

    rule: Rule
    mentions: tuple[Mention, ...]
    trigger: Mention
    blocked_by: str | None = None

    @property
    def start(self) -> int:
        return self.mentions[0].start

    @property
    def end(self) -> int:
        return self.mentions[-1].end


@dataclass(frozen=True, slots=True)
class RuleIndex:
    """Patterns by the class of their rarest slot; a sentence without that class never sees the pattern.

    Attributes:
        by_class: with each pattern the bits of its slots, optional ones left out.
        bits: for each class the slots that it may fill.
    """

    by_class: Mapping[str, tuple[tuple[int, Rule, Pattern], ...]]
    bits: Mapping[str, int]


def index_rules(rules: Iterable[Rule], weight: Mapping[str, int]) -> RuleIndex:
    """Index by the class with the fewest forms; `weight` is the number of forms of each class."""
    table: dict[str, list[tuple[int, Rule, Pattern]]] = defaultdict(list)
    slots: dict[frozenset[str], int] = {}
    for rule in rules:
        for pattern in rule.patterns:
            needed = 0
            for slot in pattern.slots:
                if not slot.optional:
                    needed |= slots.setdefault(frozenset(c.cls for c in slot.choices), 1 << len(slots))
            for cls in _rarest(pattern, weight):
                table[cls].append((needed, rule, pattern))
    bits: dict[str, int] = defaultdict(int)
    for classes, bit in slots.items():
        for cls in classes:
            bits[cls] |= bit
    return RuleIndex({cls: tuple(patterns) for cls, patterns in table.items()}, dict(bits))


def _rarest(pattern: Pattern, weight: Mapping[str, int]) -> set[str]:
    sure = [slot for slot in pattern.slots if not slot.optional]
    slot = min(sure, key=lambda s: sum(weight.get(choice.cls, 0) for choice in s.choices))
    return {choice.cls for choice in slot.choices}


def by_class(mentions: Iterable[Mention]) -> dict[str, list[Mention]]:
    """The mentions of one sentence by class, in order."""
    table: dict[str, list[Mention]] = defaultdict(list)
    for mention in mentions:
        table[mention.cls].append(mention)
    return table


def find_matches(rules: RuleIndex, here: Index, light: Set[int] = frozenset()) -> Iterator[Match]:
    """Matches in one sentence, at most one a trigger and rule; those that a condition turns off say by which.

    Args:
        rules: the patterns to look for.
        here: the mentions of the sentence.
        light: words that do not count in gaps and distances: names and titles, however long they are.
    """
    seen: set[int] = set()
    filled = reduce(or_, (rules.bits.get(cls, 0) for cls in here), 0)
    for cls in here:
        for needed, rule, pattern in rules.by_class.get(cls, ()):
            if needed & filled == needed and id(pattern) not in seen:
                seen.add(id(pattern))
                yield from _find(rule, pattern, Sight(here, light))


@dataclass(frozen=True, slots=True)
class Sight:
    """The mentions of a sentence by class, and the words that do not count between them."""

    here: Index
    light: Set[int]

    def reach(self, word: int, gap: int) -> int:
        """Where a mention begins at the latest that stands behind `gap` words from `word` on."""
        while gap or word in self.light:
            gap -= word not in self.light
            word += 1
        return word

    def between(self, first: int, last: int) -> int:
        """How many words count from `first` to `last` (exclusive); negative where `last` comes first."""
        return last - first - sum(map(self.light.__contains__, range(first, last)))


def _find(rule: Rule, pattern: Pattern, sight: Sight) -> Iterator[Match]:
    triggers: set[int] = set()
    for first in _fillers(pattern.slots[0], sight.here, 0, None):
        filled = _fill(pattern.slots, 1, (first,), sight)
        if filled is None:
            continue
        trigger = _trigger(pattern, filled)
        if trigger.start not in triggers:
            triggers.add(trigger.start)
            yield Match(rule, filled, trigger, _turned_off(rule, filled, trigger, sight))


def _trigger(pattern: Pattern, filled: tuple[Mention, ...]) -> Mention:
    slot = pattern.slots[pattern.trigger]
    return next((m for m in filled if _fits(slot, m)), filled[0])


def _fits(slot: Slot, mention: Mention) -> bool:
    return any(choice.cls == mention.cls and choice.accepts(mention.tags) for choice in slot.choices)


def _fillers(slot: Slot, here: Index, low: int, high: int | None) -> Iterator[Mention]:
    """Mentions that fit a slot and begin between words `low` and `high`."""
    for choice in slot.choices:
        for mention in here.get(choice.cls, ()):
            if high is not None and mention.start > high:
                break
            if mention.start >= low and choice.accepts(mention.tags):
                yield mention


def _fill(
    slots: Sequence[Slot], i: int, filled: tuple[Mention, ...], sight: Sight, slack: int = 0
) -> tuple[Mention, ...] | None:
    if i == len(slots):
        return filled
    slot = slots[i]
    behind = filled[-1].end
    for mention in _fillers(slot, sight.here, behind, sight.reach(behind, slot.gap + slack)):
        rest = _fill(slots, i + 1, (*filled, mention), sight)
        if rest is not None:
            return rest
    return _fill(slots, i + 1, filled, sight, slack + slot.gap) if slot.optional else None


def _turned_off(rule: Rule, filled: tuple[Mention, ...], trigger: Mention, sight: Sight) -> str | None:
    for condition in rule.unless:
        if holds(condition, filled, trigger, sight):
            return condition.name
    for condition in rule.needs:
        if not holds(condition, filled, trigger, sight):
            return f"missing: {condition.name}"
    return None


def holds(condition: Condition, filled: tuple[Mention, ...], trigger: Mention, sight: Sight) -> bool:
    """Whether a mention that `condition` names stands where it says."""
    return any(
        choice.accepts(mention.tags) and _placed(condition, mention, filled, trigger, sight)
        for choice in condition.choices
        for mention in sight.here.get(choice.cls, ())
    )


def _placed(
    condition: Condition, mention: Mention, filled: tuple[Mention, ...], trigger: Mention, sight: Sight
) -> bool:
    before = 0 <= sight.between(mention.end, trigger.start) <= condition.within
    after = 0 <= sight.between(trigger.end, mention.start) <= condition.within
    match condition.where:
        case "before":
            return before
        case "after":
            return after
        case "near":
            return before or after
        case "inside":
            return filled[0].start <= mention.start and mention.end <= filled[-1].end and mention not in filled
        case "sentence":
            return True


def accepts(choices: Iterable[Choice], mention: Mention) -> bool:
    """Whether a mention fits one of `choices`."""
    return any(choice.cls == mention.cls and choice.accepts(mention.tags) for choice in choices)
