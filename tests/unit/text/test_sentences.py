"""Sentences end at full stops and lines, not at abbreviations."""

import pytest

from pipeline.text.projection import project
from pipeline.text.sentences import LONGEST, split_sentences
from pipeline.text.tokens import cut


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
def test_every_word_is_in_one_sentence(text: str) -> None:
    """Sentences follow one another without a gap."""
    words = cut(project(text))
    sentences = split_sentences(words)
    assert [s.first for s in sentences] == [0, *(s.last for s in sentences[:-1])]
    assert sentences[-1].last == len(words.words)
