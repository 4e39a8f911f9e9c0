"""Projected texts are cut at the same places as folded ones, whatever they hold."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.text.folding import fold
from pipeline.text.projection import project
from pipeline.text.tokens import STOPS, cut, split_words

ODD = "اأبدم1٢3.,:/'’- \n_«»()ÉßжЖ²ﷲﻻّـmrDr!?؟…🔴|\u200f\ud800\0\x85\u2028ÅİΣ\u0301٫"


@given(st.text(alphabet=st.sampled_from(ODD), max_size=30) | st.text(max_size=30))
def test_bytes_and_letters_are_cut_alike(text: str) -> None:
    """Word for word, the tokens of the projection are the projected words of the folded text."""
    words = [token for token in cut(project(text)) if token not in STOPS]
    assert words == [project(word) for word in split_words(fold(text)).texts]


@pytest.mark.parametrize("text", ["قَالَ الأَمِينُ ٢٠٢١", "ﷲ ﻻ", "Élan THREAT", "کتائب", "", "هـــدنة"])
def test_projection_is_folding(text: str) -> None:
    """Spellings that fold to one project to one."""
    assert project(text) == project(fold(text).text)


def test_letters_outside_the_table_are_one_unknown_letter() -> None:
    """They are part of words, but no words of a lexicon."""
    assert project("Жук") == project("ßßß") != project("abc")


@pytest.mark.parametrize(
    ("text", "stops"),
    [("a, b.", 2), ("3.5 U.S. don't", 0), ("Corp., which", 1), ("a… b", 1), ("a\r\nb", 2), ("«a» (b)", 0)],
)
def test_stops_are_tokens_of_their_own(text: str, stops: int) -> None:
    """Marks that end a clause or a sentence are, and marks inside numbers and abbreviations are not."""
    assert sum(token in STOPS for token in cut(project(text))) == stops
