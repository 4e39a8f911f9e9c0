"""A rule pack, compiled: what the engine works with. Reading and caching it stays in `pipeline.adapters.rulepack`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.matching.forms import PackedForms
from pipeline.matching.match import RuleIndex, index_rules
from pipeline.matching.registry import Registry
from pipeline.matching.rule import Rule
from pipeline.matching.sieve import Sieve


@dataclass(frozen=True, slots=True)
class Rulebook:
    """Compiled rules.

    Attributes:
        ruleset: 12 hexadecimal digits that change with the pack and with the code that reads texts by it.
        rules: all that are not deprecated, by id.
        registry: groups and speakers.
        forms: written forms of all lexicons and names.
        index: rules by their rarest class, for each language.
        sieves: for each language, what tells sentences that can hold a match.
    """

    ruleset: str
    rules: Mapping[str, Rule]
    registry: Registry
    forms: PackedForms
    index: Mapping[str, RuleIndex]
    sieves: Mapping[str, Sieve]


def compile_rulebook(ruleset: str, rules: Sequence[Rule], registry: Registry, forms: PackedForms) -> Rulebook:
    """Index `rules` over `forms`."""
    active = [rule for rule in rules if rule.status != "deprecated"]
    index: dict[str, RuleIndex] = {}
    sieves: dict[str, Sieve] = {}
    for language in sorted({rule.language for rule in active}):
        spoken = [rule for rule in active if rule.language == language]
        index[language] = index_rules(spoken, forms.weights)
        sieves[language] = Sieve(spoken, forms)
    return Rulebook(ruleset, {rule.rule_id: rule for rule in active}, registry, forms, index, sieves)
