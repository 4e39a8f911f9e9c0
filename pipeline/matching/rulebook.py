"""A rule pack, compiled: what the engine works with. Reading and caching it stays in `pipeline.adapters.rulepack`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.matching.forms import PackedForms
from pipeline.matching.match import RuleIndex, index_rules
from pipeline.matching.registry import Registry
from pipeline.matching.rule import Rule


@dataclass(frozen=True, slots=True)
class Rulebook:
    """Compiled rules.

    Attributes:
        ruleset: identity of the pack by its content, 16 hexadecimal digits.
        rules: all that are not deprecated, by id.
        registry: groups and speakers.
        forms: written forms of all lexicons and names.
        index: rules by their rarest class, for each language.
    """

    ruleset: str
    rules: Mapping[str, Rule]
    registry: Registry
    forms: PackedForms
    index: Mapping[str, RuleIndex]


def compile_rulebook(ruleset: str, rules: Sequence[Rule], registry: Registry, forms: PackedForms) -> Rulebook:
    """Index `rules` over `forms`."""
    active = [rule for rule in rules if rule.status != "deprecated"]
    languages = {rule.language for rule in active}
    index = {lang: index_rules((r for r in active if r.language == lang), forms.weights) for lang in sorted(languages)}
    return Rulebook(ruleset, {rule.rule_id: rule for rule in active}, registry, forms, index)
