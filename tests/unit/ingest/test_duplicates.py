"""Near-duplicates by MinHash."""

from pipeline.adapters.warehouse.duplicates import ALIKE
from pipeline.ingest import fingerprint

LETTERS = "ابتثجحخدذرزسشصضطظعغفقكلمن"
WORDS = [f"كلمة{LETTERS[number // 25]}{LETTERS[number % 25]}" for number in range(300)]


def text(*changed):
    return " ".join("أخرى" if number in changed else word for number, word in enumerate(WORDS))


def alike(one, other):
    return fingerprint(one).similarity(fingerprint(other).signature)


def meet(one, other):
    return bool(set(fingerprint(one).bands) & set(fingerprint(other).bands))


def test_the_same_text_is_alike_whatever_its_marks():
    """Harakat and forms of alef do not part two copies."""
    assert alike(text(), text().replace("كلمة", "كَلِمة", 3)) == 1.0


def test_an_edited_copy_is_found_and_linked():
    """A few other words leave most triples; the two meet in a band."""
    assert alike(text(), text(10, 100, 200)) >= ALIKE
    assert meet(text(), text(10, 100, 200))


def test_another_text_is_not_alike():
    """News of the same day in other words share no band."""
    other = text().replace("كلمة", "لفظ")
    assert (alike(text(), other) < 0.1, meet(text(), other)) == (True, False)


def test_a_text_that_is_too_short_has_no_fingerprint():
    """Twenty words are needed to tell texts apart by their words."""
    assert fingerprint(" ".join(WORDS[:19])) is None


def test_a_fingerprint_is_the_same_everywhere():
    """It is kept in the warehouse, so another process must find the same."""
    first = fingerprint("one two three four five six seven " * 5)
    assert first == fingerprint("one two three four five six seven " * 5)
    assert len(first.signature) == 100
    assert sorted(set(first.bands)) == sorted(first.bands)
    assert max(first.bands) < 2**63
