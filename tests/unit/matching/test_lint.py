"""What may surprise the author of a rule pack is said, and nothing else."""

import pytest

from pipeline.matching.collisions import surprises
from pipeline.matching.forms import PackedForms, pack_forms
from pipeline.matching.lexicon import LexicalClass, Lexicon, expand
from pipeline.matching.lint import warnings
from pipeline.matching.registry import Registry
from pipeline.matching.rule import Condition, Rule, Samples, parse_choices, parse_pattern
from pipeline.matching.rulebook import Rulebook, compile_rulebook

NEGATED = Condition("negated", parse_choices("negation"), "before", 1)


def lexicon(**classes: LexicalClass) -> Lexicon:
    """Arabic classes."""
    return Lexicon("ar", classes)


def rule(rule_id: str, *patterns: list[str | int], unless: tuple[Condition, ...] = (NEGATED,)) -> Rule:
    """A rule with nothing but patterns and what turns it off."""
    return Rule(
        rule_id=rule_id, label="threat", language="ar", status="stable", cameo="138", description="a test",
        voice="agent", patterns=tuple(parse_pattern(p) for p in patterns), needs=(), unless=unless,
        samples=Samples(("a",), ("b",)), path=f"ar/threat/{rule_id}.yml",
    )  # fmt: skip


def book(*rules: Rule, **classes: LexicalClass) -> Rulebook:
    """A pack of rules over Arabic classes."""
    registry = Registry({}, {})
    made = expand([lexicon(**classes)], registry)
    return compile_rulebook("test", rules, registry, PackedForms(pack_forms(made.kinds, made.readings)))


THREATEN = LexicalClass(verbs=("هدد يهدد تهديد مهدد",))
NEGATION = LexicalClass(words=("لم",))


@pytest.mark.parametrize(
    ("one", "other", "told"),
    [
        (LexicalClass(verbs=("عاد يعود عودة عائد",)), LexicalClass(verbs=("وعد يعد وعد واعد",)), ["وعدنا"]),
        (LexicalClass(verbs=("هدد يهدد تهديد مهدد",)), LexicalClass(nouns=("تهديد",)), []),
        (LexicalClass(nouns=("مقاتل",)), LexicalClass(nouns=("مقاتلين",)), []),
        (LexicalClass(nouns=("قصف",)), LexicalClass(nouns=("هدنة",)), []),
    ],
)
def test_two_words_that_meet_by_chance_are_told(one: LexicalClass, other: LexicalClass, told: list[str]) -> None:
    """A form of two unlike words is told; a verb and its noun, a noun and its plural are meant to meet."""
    found = [line for line in surprises([lexicon(first=one, second=other)]) if "list the form" in line]
    assert [form for form in told if any(form in line for line in found)] == told
    assert bool(found) == bool(told)


def test_a_form_of_two_letters_needs_to_be_allowed() -> None:
    """Unless it is listed, a form so short is told."""
    classes = {"blood": LexicalClass(nouns=("دم",))}
    assert [line.split(";")[0] for line in surprises([Lexicon("ar", classes)])] == ["ar lexicon: دم: of دم (blood)"]
    assert list(surprises([Lexicon("ar", classes, short_stems=frozenset({"دم"}))])) == []


def test_a_class_that_nobody_asks_for_is_told() -> None:
    """Rules, conditions and the engine itself ask for classes."""
    pack = book(rule("ar.a", ["threaten"]), threaten=THREATEN, negation=NEGATION, idle=NEGATION, role=NEGATION)
    told = [line.split(":")[0] for line in warnings(pack, engine_classes={"role"})]
    assert told == ["class idle"]


def test_a_rule_in_the_shadow_of_another_is_told() -> None:
    """The same pattern in two rules is told of the one that more conditions turn off."""
    near = rule("ar.near", ["threaten"], ["negation", "threaten"], unless=(NEGATED,))
    far = rule("ar.far", ["threaten"], unless=(NEGATED, Condition("denied", parse_choices("threaten"), "near", 3)))
    told = list(warnings(book(near, far, threaten=THREATEN, negation=NEGATION)))
    assert told == [
        "ar/threat/ar.far.yml: ar.far: [threaten] stands in ar.near too, turned off by no more; delete one",
    ]


def test_a_rule_that_nothing_turns_off_is_told() -> None:
    """Every rule needs negation and denial at least."""
    pack = book(rule("ar.a", ["negation", "threaten"], unless=()), threaten=THREATEN, negation=NEGATION)
    assert [line.split(";")[0] for line in warnings(pack)] == [
        "ar/threat/ar.a.yml: ar.a: nothing turns it off",
    ]
