"""Quotation marks are paired as Arabic outlets set them, either way round."""

import pytest

from pipeline.text.folding import fold
from pipeline.text.quotes import find_quotes, quote_at
from pipeline.text.tokens import split_words


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("قال «سوف نرد» ومضى", ["سوف نرد"]),
        ("قال “سوف نرد” ومضى", ["سوف نرد"]),
        ("قال ”سوف نرد“ ومضى", ["سوف نرد"]),
        ('قال "سوف نرد" ثم "لن نقف"', ["سوف نرد", "لن نقف"]),
        ("قال «سوف نرد\nسطر آخر", ["سوف نرد"]),
        ("لا اقتباس هنا", []),
        ("قال «سوف نرد. وأضاف «لن نقف» ومضى", ["سوف نرد", "لن نقف"]),
        ("قال «سوف نرد على «حماس» غدا» ومضى", ["سوف نرد علي حماس غدا"]),
        ('مضى" ثم قال "سوف نرد" ومضى', ["سوف نرد"]),
        ('قال "سوف نرد. ثم قال "لن نقف" ومضى', ["سوف نرد", "لن نقف"]),
    ],
)
def test_quotes_are_found(text: str, quoted: list[str]) -> None:
    """Angled and curly marks open and close; one that is never closed ends with its line or sentence."""
    words = split_words(fold(text))
    assert [" ".join(words.texts[q.first : q.last]) for q in find_quotes(words)] == quoted


def test_quote_at_a_word() -> None:
    """A word inside a quote finds it, one outside finds none."""
    words = split_words(fold("قال «سوف نرد» ومضى"))
    quotes = find_quotes(words)
    assert quote_at(quotes, 1) == quotes[0]
    assert quote_at(quotes, 3) is None
