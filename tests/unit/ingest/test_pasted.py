"""Addresses from a text field."""

import pytest

from pipeline.errors import UsageError
from pipeline.ingest.pasted import AT_MOST, pasted_sources


def test_each_address_is_a_page_that_no_schedule_collects():
    """Blanks and lines separate; the same address twice is one, and has the same id whenever it is pasted."""
    first, second = pasted_sources(" https://a.example/1\nhttps://a.example/2 https://a.example/1\r\n")
    assert ("https://a.example/1", "page", False) == (first.url, first.kind, first.enabled)
    assert "https://a.example/2" == second.url
    assert first == pasted_sources("https://a.example/1")[0]
    assert first.source_id != second.source_id


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "no address was given"),
        (" \n ", "no address was given"),
        ("https://a.example/1 ftp://a.example", "ftp://a.example"),
        ("a.example/story", "a.example/story"),
        ("http://[half", r"http://\[half"),
        ("\n".join(f"https://a.example/{n}" for n in range(AT_MOST + 1)), f"at most {AT_MOST}"),
    ],
    ids=["nothing", "blank", "ftp", "no-scheme", "broken", "too-many"],
)
def test_what_is_no_address_is_named_and_nothing_is_taken(text, told):
    """One line with all that is wrong, before anything is fetched."""
    with pytest.raises(UsageError, match=told):
        pasted_sources(text)
