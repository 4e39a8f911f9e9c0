"""What is allowed in a rule pack but may surprise its author."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.matching.rule import Rule
from pipeline.matching.rulebook import Rulebook

_TODO_LIMIT = 10


def warnings(book: Rulebook) -> Iterator[str]:
    """One line a finding, each with file, rule and remedy."""
    slots = (slot for rule in book.rules.values() for pattern in rule.patterns for slot in pattern.slots)
    used = {choice.cls for slot in slots for choice in slot.choices}
    for rule in book.rules.values():
        yield from _of_rule(rule)
    for cls in sorted(used):
        if book.forms.weights.get(cls, 0) > _VERY_COMMON and _only_slot(book, cls):
            yield f"class {cls}: a pattern holds nothing else, and it has many forms; add a second slot"


_VERY_COMMON = 30_000


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
