"""Lemmas give the forms that news prose writes."""

import pytest

from pipeline.matching.inflection import arabic, english


@pytest.mark.parametrize(
    ("past", "present", "form", "tags"),
    [
        ("هدد", "يهدد", "هددت", {"perfect"}),
        ("هدد", "يهدد", "سيهدد", {"future"}),
        ("هدد", "يهدد", "سنهدد", {"future", "we"}),
        ("تبنى", "يتبنى", "تبنته", {"perfect", "obj"}),
        ("تبنى", "يتبنى", "تبناها", {"perfect", "obj"}),
        ("تبنى", "يتبنى", "يتبنون", {"imperfect", "plural"}),
        ("قال", "يقول", "قلنا", {"perfect", "we"}),
        ("شن", "يشن", "شننا", {"perfect", "we"}),
    ],
)
def test_arabic_verbs(past: str, present: str, form: str, tags: set[str]) -> None:
    """Weak, hollow and doubled verbs inflect as regular ones do."""
    assert any(form == surface and tags <= given for surface, given in arabic.verb_forms(past, present))


@pytest.mark.parametrize("form", ["التهديد", "بتهديد", "للتهديد", "تهديدات", "تهديده", "تهديدا"])
def test_arabic_nouns(form: str) -> None:
    """Article, prepositions, possessives and the accusative are written onto a noun."""
    forms = {surface for noun in ("تهديد", "تهديدات") for surface, _ in arabic.noun_forms(noun)}
    assert form in forms


def test_short_stems_take_no_conjunction_unless_allowed() -> None:
    """A stem of three letters takes wa- only from the allow-list: wa'd (a promise) is not wa- and 'adda."""
    form = ("عد", frozenset({"perfect"}))
    assert list(arabic.with_conjunctions(form, short_allowed=frozenset())) == [form]
    assert ("وعد", frozenset({"perfect", "and"})) in arabic.with_conjunctions(form, short_allowed=frozenset({"عد"}))


@pytest.mark.parametrize(
    ("base", "forms"),
    [
        ("threaten", {"threatens", "threatened", "threatening"}),
        ("deny", {"denies", "denied", "denying"}),
        ("bomb", {"bombs", "bombed", "bombing"}),
        ("strike", {"strikes", "struck", "striking"}),
    ],
)
def test_english_verbs(base: str, forms: set[str]) -> None:
    """Spelling follows the ending; common irregular verbs are known."""
    assert forms <= {surface for surface, _ in english.verb_forms(base)}


def test_english_irregular_verbs_are_written_out() -> None:
    """Forms given by the lexicon replace the regular ones."""
    assert {s for s, _ in english.verb_forms("strike", ("strikes", "struck", "striking"))} == {
        "strike",
        "strikes",
        "struck",
        "striking",
    }
