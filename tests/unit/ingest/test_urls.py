"""Addresses: usable ones, canonical ones."""

import pytest

from pipeline.ingest.urls import absolute_url, canonical_url, may_speak_for

BASE = "https://daily.example/news/feed.xml"


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ("https://daily.example/a", "https://daily.example/a"),
        ("/a?b=1#c", "https://daily.example/a?b=1#c"),
        ("a", "https://daily.example/news/a"),
        ("//other.example/a", "https://other.example/a"),
        ("  https://daily.example/a\n", "https://daily.example/a"),
        ("HTTPS://Daily.Example/A", "https://daily.example/A"),
        ("https://daily.example", "https://daily.example/"),
        ("https://daily.example/جسر", "https://daily.example/%D8%AC%D8%B3%D8%B1"),
        ("https://daily.example/%D8%AC", "https://daily.example/%D8%AC"),
        ("https://daily.example/a b", "https://daily.example/a%20b"),
        ("https://user:secret@daily.example:8443/a", "https://daily.example:8443/a"),
        ("https://بيان.example/", "https://xn--mgbb5goa.example/"),
    ],
)
def test_links_become_absolute(link, expected):
    """A link as publishers write it becomes an ASCII address without user names."""
    assert absolute_url(link, BASE) == expected


@pytest.mark.parametrize(
    "link", [None, "", "  ", "javascript:void(0)", "mailto:a@daily.example", "ftp://daily.example/a", "https://",
             "https://[bad/", "https://daily.example:99999/", "https://a..example/\udc80"],
)  # fmt: skip
def test_what_is_no_web_address_is_none(link):
    """Other schemes and broken addresses are refused."""
    assert absolute_url(link, BASE) is None


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://daily.example/a#top", "https://daily.example/a"),
        ("https://daily.example/a?utm_source=x&utm_medium=y", "https://daily.example/a"),
        ("https://daily.example/a?id=7&fbclid=z&page=", "https://daily.example/a?id=7&page="),
        ("https://daily.example/a?q=%D8%AC+b&c", "https://daily.example/a?q=%D8%AC+b&c"),
    ],
)
def test_tracking_and_fragments_do_not_count(url, expected):
    """Two addresses of one page become one; a query that says something stays as it is."""
    assert canonical_url(url) == expected


@pytest.mark.parametrize(
    ("url", "other", "expected"),
    [
        ("https://www.daily.example/1", "http://daily.example/a", True),
        ("https://m.daily.example/1", "https://www.daily.example/1", True),
        ("https://daily.example/1", "https://ar.daily.example/1", True),
        ("http://127.0.0.1:8000/1", "https://daily.example/1", True),
        ("http://[::1]/1", "https://daily.example/1", True),
        ("https://evil.example/1", "https://daily.example/1", False),
        ("https://notdaily.example/1", "https://daily.example/1", False),
        ("https://daily.example.evil.test/1", "https://daily.example/1", False),
    ],
)
def test_a_page_speaks_for_its_own_site_alone(url, other, expected):
    """A page cannot pass its text off as another outlet's article; a copy under a bare address may."""
    assert expected == may_speak_for(url, other)
