"""Words are cut once, and punctuation costs no gap."""

from pipeline.text.folding import fold
from pipeline.text.tokens import split_words


def test_words_and_marks() -> None:
    """Numbers and abbreviations stay whole; hashtags come apart at underscores."""
    words = split_words(fold("قال د. محمد: 3.5 من #حزب_الله، U.S. base"))
    assert words.texts == ["قال", "د", "محمد", "3.5", "من", "حزب", "الله", "u.s.", "base"]


def test_a_number_does_not_stick_to_a_word() -> None:
    """A digit behind a letter begins another word."""
    assert split_words(fold("طالبان17منهم")).texts == ["طالبان", "17", "منهم"]


def test_spans_are_of_the_original() -> None:
    """The span of words counts characters of the text as given."""
    text = "قَالَتْ «حماس»"
    words = split_words(fold(text))
    assert text[slice(*words.span(1, 2))] == "حماس"
