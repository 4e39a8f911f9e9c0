"""Words are looked up where they stand: expressions, names inside names, and what a sieve makes of them."""

import pytest

from pipeline.matching.forms import PackedForms, pack_forms
from pipeline.matching.lexicon import LexicalClass, Lexicon, expand
from pipeline.matching.registry import Group, Registry
from pipeline.matching.rule import Condition, Rule, Samples, parse_choices, parse_pattern
from pipeline.matching.scan import scan
from pipeline.matching.sieve import Sieve

GROUP = Group(
    group_id="north", name_en="Northern Front", names_ar=(), names_en=("Front", "Northern Front of Rivers"),
    kind="group", parent=None, country=None,
)  # fmt: skip
CLASSES = {
    "truce": LexicalClass(nouns=("truce", "cease fire")),
    "cease": LexicalClass(verbs=("cease",)),
    "by": LexicalClass(words=("by", "by way of")),
}


@pytest.fixture(scope="module")
def forms() -> PackedForms:
    """A small English lexicon and one group."""
    made = expand([Lexicon("en", CLASSES)], Registry({"north": GROUP}, {}))
    return PackedForms(pack_forms(made.kinds, made.readings))


def seen(forms: PackedForms, text: str) -> list[tuple[int, int, str]]:
    """Place and class of each mention."""
    scanned = scan(text, forms)
    return [(m.start, m.end, m.cls) for sentence in scanned.sentences for m in scanned.mentions(sentence)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a truce", [(1, 2, "truce")]),
        ("cease fire", [(0, 2, "truce"), (0, 1, "cease")]),
        ("cease, fire", [(0, 1, "cease")]),
        ("cease", [(0, 1, "cease")]),
        ("by way of truce", [(0, 3, "by"), (0, 1, "by"), (3, 4, "truce")]),
        ("by way", [(0, 1, "by")]),
        ("the Northern Front of Rivers", [(1, 5, "group")]),
        ("the Northern Front", [(1, 3, "group")]),
        ("Northern truce Front", [(1, 2, "truce"), (2, 3, "group")]),
        ("one. two. truce", [(2, 3, "truce")]),
    ],
)
def test_mentions(forms: PackedForms, text: str, expected: list[tuple[int, int, str]]) -> None:
    """The longest expression first; none goes on over a stop; a name inside a longer name is none."""
    assert seen(forms, text) == expected


def rule(*patterns: list[str | int], needs: tuple[Condition, ...] = ()) -> Rule:
    """A rule with nothing but patterns and needs."""
    return Rule(
        rule_id="en.test", label="truce", language="en", status="stable", cameo="0871", description="a test",
        voice="agent", patterns=tuple(parse_pattern(p) for p in patterns), needs=needs, unless=(),
        samples=Samples((), ()), path="en/truce/test.yml",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("rules", "text", "passed"),
    [
        (rule(["truce", 3, "by"]), "by truce", "words"),
        (rule(["truce", 3, "by"]), "the truce", None),
        (rule(["truce:plural"]), "truce", None),
        (rule(["truce:plural"]), "truces", "words"),
        (rule(["truce", 3, "by?"]), "truce", "words"),
        (rule(["cease|by", 3, "truce"]), "cease truce", "words"),
        (rule(["truce", 3, "@militia"]), "truce", "actors"),
        (rule(["truce", 3, "@militia"]), "by", None),
        (rule(["@militia"]), "by", "actors"),
        (rule(["truce"], needs=(Condition("n", parse_choices("by"), "sentence", 0),)), "truce", None),
        (rule(["cease:base"]), "cease fire", "words"),
    ],
)
def test_the_sieve(forms: PackedForms, rules: Rule, text: str, passed: str | None) -> None:
    """A sentence passes when it holds a form with the right tags for each slot that may not be missing."""
    scanned = scan(text, forms)
    assert [Sieve([rules], forms).passes(scanned.codes_of(s)) for s in scanned.sentences] == [passed]
