"""The short notation of patterns."""

import pytest

from pipeline.matching.rule import parse_choices, parse_pattern


def test_a_pattern_reads_slots_gaps_and_the_trigger() -> None:
    """Numbers are gaps before the next slot, ! marks the trigger, ? an optional slot."""
    pattern = parse_pattern(["own-up", 3, "!responsibility:poss,b", "weapon?"])
    assert [slot.gap for slot in pattern.slots] == [0, 3, 0]
    assert [slot.trigger for slot in pattern.slots] == [False, True, False]
    assert [slot.optional for slot in pattern.slots] == [False, False, True]
    assert pattern.trigger == 1


@pytest.mark.parametrize(
    ("tags", "accepted"),
    [({"perfect"}, True), ({"imperfect", "we"}, True), ({"imperfect"}, False), ({"perfect", "obj"}, False)],
)
def test_choices_ask_for_tags(tags: set[str], *, accepted: bool) -> None:
    """A comma is or, a plus is and, a minus forbids."""
    (choice,) = parse_choices("attack:perfect,imperfect+we,-obj")
    assert choice.accepts(frozenset(tags)) is accepted


@pytest.mark.parametrize("items", [[], ["!one", "!two"], [":perfect"]])
def test_a_broken_pattern_is_refused(items: list[str | int]) -> None:
    """No slot, two triggers, a slot without a class."""
    with pytest.raises(ValueError, match=r"slot|trigger"):
        parse_pattern(items)
