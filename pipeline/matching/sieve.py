"""Which sentences can hold a match, told by their words alone, so that the others cost no more than a look.

Each slot of the rules is a bit; a form's bits are the slots that it can fill. A sentence whose bits, taken together,
fill no pattern holds no match; order, gaps and conditions are looked at in what passes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from functools import reduce
from itertools import compress
from operator import or_
from typing import Literal

from pipeline.matching.forms import PackedForms
from pipeline.matching.rule import Choice, Rule
from pipeline.text.projection import project
from pipeline.text.tokens import letter_runs

Passed = Literal["words", "actors"]
Slot = tuple[Choice, ...]
"""Any of these fills it."""


class Masks(dict[int | None, int]):
    """For each code the bits of the slots that it can fill, worked out as it is met."""

    def __init__(self, forms: PackedForms, bits: Mapping[Slot, int]) -> None:
        super().__init__({None: 0})
        self._forms = forms
        self._slots: dict[str, list[tuple[Choice, int]]] = defaultdict(list)
        for choices, bit in bits.items():
            for choice in choices:
                self._slots[choice.cls].append((choice, bit))

    def __missing__(self, code: int) -> int:
        mask = 0
        for entry in self._forms.entries(code):
            for choice, bit in self._slots.get(entry.cls, ()):
                if choice.accepts(entry.tags):
                    mask |= bit
        self[code] = mask
        return mask


class Glance:
    """Whether a text can hold a form of some classes, told before it is cut; most texts are done with then.

    Runs of letters are looked at: what looks like a form may be another, or none, and the words themselves tell.
    """

    def __init__(self, forms: PackedForms, classes: Set[str]) -> None:
        self._blind = False
        self._begun: dict[bytes, dict[bytes, set[tuple[bytes, ...]]]] = defaultdict(lambda: defaultdict(set))
        alone: set[bytes] = set()
        for words in forms.expressions(classes):
            match letter_runs(b" ".join(words)):
                case []:
                    self._blind = True
                case [first]:
                    alone.add(first)
                case [first, second, *others]:
                    self._begun[first][second].add(tuple(others))
        self._begun.update({first: {} for first in alone})

    def may_hold(self, text: str) -> bool:
        """False when no form is there."""
        runs = [*letter_runs(project(text)), b""]
        for at in compress(range(len(runs)), map(self._begun.__contains__, runs)):
            begun = self._begun[runs[at]]
            if not begun:
                return True  # nothing need follow
            for others in begun.get(runs[at + 1], ()):
                if tuple(runs[at + 2 : at + 2 + len(others)]) == others:
                    return True
        return self._blind


def _needed(rule: Rule) -> Iterator[list[Slot]]:
    """For each pattern of a rule all that a sentence must hold."""
    conditions = [condition.choices for condition in rule.needs]
    for pattern in rule.patterns:
        yield [*(slot.choices for slot in pattern.slots if not slot.optional), *conditions]


class Sieve:
    """The sieve of the rules of one language over one pack of forms."""

    def __init__(self, rules: Iterable[Rule], forms: PackedForms) -> None:
        self._bits: dict[Slot, int] = {}
        self._forms = forms
        self._words, self._actors = _Patterns(), _Patterns()
        for needed in (slots for rule in rules for slots in _needed(rule)):
            told = [choices for choices in needed if all(choice.cls in forms.weights for choice in choices)]
            (self._words if len(told) == len(needed) else self._actors).add(*self._masks_of(told))
        self._masks = Masks(forms, self._bits)

    def _masks_of(self, told: Sequence[Slot]) -> tuple[int, int]:
        """The bit of the rarest of some slots, and the bits of all; no bits where there are no slots."""
        bits = {choices: self._bits.setdefault(choices, 1 << len(self._bits)) for choices in told}
        rarest = min(told, key=lambda choices: sum(self._forms.weights[choice.cls] for choice in choices), default=None)
        return bits[rarest] if rarest else 0, reduce(or_, bits.values(), 0)

    def passes(self, codes: Iterable[int | None]) -> Passed | None:
        """What a sentence of these codes may hold a match of, None when it holds none.

        `actors` is a pattern or a condition that holds actors, whom no form tells; `words` one of words alone.
        """
        filled = reduce(or_, map(self._masks.__getitem__, {*codes}), 0)
        if self._actors.filled_by(filled):
            return "actors"
        return "words" if self._words.filled_by(filled) else None


class _Patterns:
    """Patterns as the bits of their slots, by the bit of the rarest."""

    def __init__(self) -> None:
        self._by_rarest: dict[int, set[int]] = {}
        self._rarest = 0
        self._open = False

    def add(self, rarest: int, mask: int) -> None:
        self._open = self._open or not mask
        self._by_rarest.setdefault(rarest, set()).add(mask)
        self._rarest |= rarest

    def filled_by(self, filled: int) -> bool:
        """Whether all slots of one of them are among these."""
        if self._open:
            return True
        present = filled & self._rarest
        while present:
            lowest = present & -present
            for mask in self._by_rarest[lowest]:  # no `any`: setting one up costs more than a few looks
                if mask & filled == mask:
                    return True
            present ^= lowest
        return False
