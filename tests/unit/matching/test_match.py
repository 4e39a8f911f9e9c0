"""Patterns are found by class, tags, order and gap, and turned off by conditions."""

import pytest

from pipeline.matching.match import by_class, find_matches, index_rules
from pipeline.matching.rule import Condition, Rule, Samples, parse_choices, parse_pattern
from pipeline.matching.scan import Mention


def make_rule(*, patterns: list[list[str | int]], unless: tuple[Condition, ...] = ()) -> Rule:
    """A rule with nothing but patterns."""
    return Rule(
        rule_id="ar.test", label="threat", language="ar", status="stable", cameo="138", description="a test",
        voice="agent", patterns=tuple(parse_pattern(p) for p in patterns), needs=(), unless=unless,
        samples=Samples((), ()), path="ar/threat/test.yml",
    )  # fmt: skip


def mention(start: int, cls: str, *tags: str) -> Mention:
    """One word taken for a class."""
    return Mention(start, start + 1, cls, frozenset(tags), None)


def found(rule: Rule, *mentions: Mention) -> list[tuple[int, str | None]]:
    """Triggers of the matches, and what turned each off."""
    matches = find_matches(index_rules([rule], {}), by_class(mentions))
    return [(match.trigger.start, match.blocked_by) for match in matches]


@pytest.mark.parametrize(("at", "matches"), [(1, [(0, None)]), (4, [(0, None)]), (5, [])])
def test_a_gap_is_counted_in_words(at: int, matches: list[tuple[int, str | None]]) -> None:
    """At most three words may stand between two slots with a gap of three."""
    rule = make_rule(patterns=[["threaten", 3, "violence"]])
    assert found(rule, mention(0, "threaten"), mention(at, "violence")) == matches


def test_order_counts() -> None:
    """The second slot stands behind the first."""
    rule = make_rule(patterns=[["threaten", 9, "violence"]])
    assert found(rule, mention(0, "violence"), mention(2, "threaten")) == []


def test_an_optional_slot_may_be_missing() -> None:
    """Its gap adds to the next one's."""
    rule = make_rule(patterns=[["threaten", 1, "adverb?", 1, "violence"]])
    assert found(rule, mention(0, "threaten"), mention(2, "violence")) == [(0, None)]


def test_a_condition_turns_a_match_off_by_name() -> None:
    """The match is still told, with what turned it off."""
    negated = Condition("negated", parse_choices("negation"), "before", 1)
    rule = make_rule(patterns=[["threaten"]], unless=(negated,))
    assert found(rule, mention(0, "negation"), mention(1, "threaten")) == [(1, "negated")]
    assert found(rule, mention(0, "negation"), mention(3, "threaten")) == [(3, None)]
