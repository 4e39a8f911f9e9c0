"""Sentences end at full stops and lines, not at abbreviations."""

import pytest

from pipeline.text.projection import project
from pipeline.text.sentences import LONGEST, split_sentences
from pipeline.text.tokens import STOPS, cut


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("هددت الحركة. ثم أعلنت هدنة.", 2),
        ("قال د. محمد علي ذلك.", 1),
        ("بلغت النسبة 3.5 في المئة.", 1),
        ("سطر أول\nسطر ثان", 2),
        ("The U.S. army left. It came back.", 2),
        ("", 0),
    ],
)
def test_sentences_are_counted_as_a_reader_does(text: str, count: int) -> None:
    """Full stops inside numbers and abbreviations end nothing; line ends do."""
    assert len(split_sentences(cut(project(text)))) == count


def test_a_sentence_is_never_longer_than_the_limit() -> None:
    """Text without a full stop is cut, so that hostile text stays cheap."""
    sentences = split_sentences(cut(project("كلمة " * (3 * LONGEST))))
    assert max(s.last - s.first for s in sentences) == LONGEST


@pytest.mark.parametrize("text", ["a, b. c\n\n d e", "كلمة، " * (2 * LONGEST), "U.S. army, 3.5. (x) …", ". . a"])
def test_tokens_of_a_sentence_hold_its_words(text: str) -> None:
    """Every word is in the tokens of one sentence, and there are as many as the sentence counts."""
    tokens = cut(project(text))
    sentences = split_sentences(tokens)
    held = [[token for token in tokens[s.begin : s.end] if token not in STOPS] for s in sentences]
    assert [len(words) for words in held] == [s.last - s.first for s in sentences]
    assert [token for words in held for token in words] == [token for token in tokens if token not in STOPS]
