"""Characters that text must not have."""

import pytest

from pipeline.quality.characters import control, escaped, unstorable


@pytest.mark.parametrize(
    ("text", "expected"),
    [("سلام\n\tعليكم", None), ("a\0", "U+0000 at 1"), ("\udc00", "U+DC00 at 0"), ("\x07", None), ("😀", None)],
    ids=["plain", "nul", "surrogate", "bell", "emoji"],
)
def test_unstorable_names_what_no_database_stores(text, expected):
    """Only NUL and lone surrogates are refused by databases."""
    assert expected == unstorable(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("سلام\n\tعليكم\u200f", None),
        ("ab\x07", "U+0007 at 2"),
        ("\x96", "U+0096 at 0"),
        ("\0", "U+0000 at 0"),
        ("\ud800", "U+D800 at 0"),
        ("\r", "U+000D at 0"),
    ],
    ids=["plain", "bell", "windows-1252-read-as-latin-1", "nul", "surrogate", "carriage-return"],
)
def test_control_names_what_a_wrong_decoding_leaves(text, expected):
    """Newlines, tabs and direction marks are text; other control characters are not."""
    assert expected == control(text)


def test_escaped_text_can_be_encoded():
    """What is escaped is UTF-8 without NUL, and readable."""
    assert r"a\x00 \ud800 ب" == escaped("a\0 \ud800 ب")
    assert escaped("a\0 \ud800 ب").encode("utf-8")
