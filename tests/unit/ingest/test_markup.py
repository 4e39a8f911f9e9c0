"""Plain text from small pieces of HTML."""

import pytest

from pipeline.ingest.markup import plain_text


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Bridge closed", "Bridge closed"),
        ("  Bridge \n closed\t", "Bridge closed"),
        ("Fish &amp; chips", "Fish & chips"),
        ("<p>One.</p><p>Two.</p>", "One. Two."),
        ("One<br/>Two", "One Two"),
        ("<b>بيان</b>: الجسر", "بيان: الجسر"),
        ("A<script>alert(1)</script>B<style>p{}</style>", "A B"),
        ("5 < 6 and 7 > 6", "5 < 6 and 7 > 6"),
        ("<!-- nothing -->", ""),
        ("", ""),
    ],
)
def test_markup_becomes_plain_text(value, expected):
    """Tags and entities go, words stay apart, and text that only looks odd is left alone."""
    assert plain_text(value) == expected
