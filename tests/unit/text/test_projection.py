"""Projected texts are cut at the same places as folded ones, whatever they hold."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.text.folding import fold
from pipeline.text.projection import project
from pipeline.text.tokens import AFTER_WORD, CLAUSE, FULL_STOP, LINE_END, cut, letter_runs, split_words

ODD = "اأبدم1٢3.,:/'’- \n_«»()ÉßжЖ²ﷲﻻّـmrDr!?؟…🔴|\u200f\ud800\0\x85\u2028ÅİΣ\u0301٫"


@given(st.text(alphabet=st.sampled_from(ODD), max_size=30) | st.text(max_size=30))
def test_bytes_and_letters_are_cut_alike(text: str) -> None:
    """Word for word, those of the projection are the projected words of the folded text."""
    assert cut(project(text)).words == [project(word) for word in split_words(fold(text)).texts]


@given(st.text(alphabet=st.sampled_from(ODD), max_size=30))
def test_runs_of_letters_are_those_of_the_words(text: str) -> None:
    """What looks at the runs of a text instead of its words misses none."""
    projected = project(text)
    assert letter_runs(projected) == letter_runs(b" ".join(cut(projected).words))


@pytest.mark.parametrize("text", ["قَالَ الأَمِينُ ٢٠٢١", "ﷲ ﻻ", "Élan THREAT", "کتائب", "", "هـــدنة"])
def test_projection_is_folding(text: str) -> None:
    """Spellings that fold to one project to one."""
    assert project(text) == project(fold(text).text)


def test_letters_outside_the_table_are_one_unknown_letter() -> None:
    """They are part of words, but no words of a lexicon."""
    assert project("Жук") == project("ßßß") != project("abc")


@pytest.mark.parametrize(
    ("text", "stops"),
    [
        ("a, b.", {1: CLAUSE, 2: FULL_STOP}),
        ("3.5 U.S. don't", {}),
        ("Corp., which", {1: CLAUSE}),
        ("a… b", {1: FULL_STOP}),
        ("a. b.» c", {1: AFTER_WORD, 2: FULL_STOP}),
        ("a.\r\nb", {1: LINE_END}),
        ("\n. a", {0: LINE_END}),
        ("«a» (b)", {}),
    ],
)
def test_the_strongest_stop_before_a_word_is_kept(text: str, stops: dict[int, int]) -> None:
    """Marks that end a clause or a sentence are, and marks inside numbers and abbreviations are not."""
    assert cut(project(text)).stops == stops
