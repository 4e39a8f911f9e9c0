"""What is allowed in a rule pack but may surprise its author."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import permutations

from pipeline.matching.lexicon import CONTEXT, CONTEXTUAL, GROUP, QUOTED_GROUP, SPEAKER, SURNAME
from pipeline.matching.rule import Rule
from pipeline.matching.rulebook import Rulebook

_TODO_LIMIT = 10
_CHANNEL = "channel-"
"""Classes that name a channel are asked for by this beginning."""
_NAMES = frozenset({GROUP, SPEAKER, SURNAME, QUOTED_GROUP, CONTEXTUAL, CONTEXT})


def warnings(book: Rulebook, *, engine_classes: Collection[str] = ()) -> Iterator[str]:
    """One line a finding, each with file, rule and remedy; `engine_classes` are those that attribution asks for."""
    used = _slot_classes(book)
    for rule in book.rules.values():
        yield from _of_rule(rule)
    yield from _shadowed(book)
    conditions = (c for rule in book.rules.values() for c in (*rule.needs, *rule.unless))
    named = used | {choice.cls for condition in conditions for choice in condition.choices}
    for cls in sorted(set(book.forms.weights) - named - set(engine_classes) - _NAMES):
        if cls.startswith(_CHANNEL):
            continue
        yield f"class {cls}: no rule and no part of the engine asks for it; use it or delete it"
    for cls in sorted(used):
        if book.forms.weights.get(cls, 0) > _VERY_COMMON and _only_slot(book, cls):
            yield f"class {cls}: a pattern holds nothing else, and it has many forms; add a second slot"


_VERY_COMMON = 30_000


def _slot_classes(book: Rulebook) -> set[str]:
    slots = (slot for rule in book.rules.values() for pattern in rule.patterns for slot in pattern.slots)
    return {choice.cls for slot in slots for choice in slot.choices}


def _shadowed(book: Rulebook) -> Iterator[str]:
    """Rules of whose patterns another rule with the same label and voice has one, and is turned off by no more."""
    for rule, other in permutations(book.rules.values(), 2):
        alike = (rule.label, rule.voice, rule.language) == (other.label, other.voice, other.language)
        if not alike or not set(other.unless) <= set(rule.unless) or not set(other.needs) <= set(rule.needs):
            continue
        for pattern in sorted({p.source for p in rule.patterns} & {p.source for p in other.patterns}):
            place = f"{rule.path}: {rule.rule_id}"
            yield f"{place}: [{pattern}] stands in {other.rule_id} too, turned off by no more; delete one"


def _only_slot(book: Rulebook, cls: str) -> bool:
    return any(
        len(pattern.slots) == 1 and any(choice.cls == cls for choice in pattern.slots[0].choices) and not rule.needs
        for rule in book.rules.values()
        for pattern in rule.patterns
    )


def _of_rule(rule: Rule) -> Iterator[str]:
    shared = set(rule.samples.match) & set(rule.samples.no_match)
    for sample in sorted(shared):
        yield f"{rule.path}: {rule.rule_id}: a sample stands under match and no_match: {sample[:60]}; delete one"
    if len(rule.samples.todo) > _TODO_LIMIT:
        yield f"{rule.path}: {rule.rule_id}: {len(rule.samples.todo)} known misses; split the rule"
    if not rule.unless:
        yield f"{rule.path}: {rule.rule_id}: nothing turns it off; add at least negated and denied under unless"
