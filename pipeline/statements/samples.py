"""The samples inside the rules, run as a test of the rules."""

from __future__ import annotations

from pipeline.matching.rule import Rule
from pipeline.matching.rulebook import Rulebook
from pipeline.statements.engine import Engine


def sample_count(book: Rulebook) -> int:
    """How many samples the pack holds, known misses not counted."""
    return sum(len(rule.samples.match) + len(rule.samples.no_match) for rule in book.rules.values())


def failures(engine: Engine, book: Rulebook) -> list[str]:
    """One line for each sample that fails.

    A `match` sample must give a statement by its rule, a `no_match` sample none of its label.
    """
    return [line for rule in book.rules.values() for line in _of_rule(engine, rule)]


def _of_rule(engine: Engine, rule: Rule) -> list[str]:
    found: list[str] = []
    for sample in rule.samples.match:
        statements = engine.classify(sample, language=rule.language)
        if not any(rule.rule_id in statement.rules for statement in statements):
            found.append(f"{rule.path}: {rule.rule_id}: must match and does not: {sample}")
    for sample in rule.samples.no_match:
        statements = engine.classify(sample, language=rule.language)
        if any(statement.label == rule.label for statement in statements):
            by = ", ".join(sorted({r for s in statements if s.label == rule.label for r in s.rules}))
            found.append(f"{rule.path}: {rule.rule_id}: must not match and does, by {by}: {sample}")
    return found
