"""JSON Feed."""

import json
from datetime import UTC, datetime

import pytest

from pipeline.errors import ParseError
from pipeline.ingest import parse_feed
from pipeline.records import Entry

VERSION = "https://jsonfeed.org/version/1.1"


def feed(**changes):
    body = json.dumps({"version": VERSION, "title": "The Daily", "items": [], **changes}).encode()
    return parse_feed(body, content_type="application/feed+json", base_url="https://daily.example/feed.json")


def test_items_become_entries():
    """Every field of an item finds its place."""
    item = {
        "id": 7,
        "url": "/7",
        "title": "Bridge closed",
        "content_html": "<p>For a week.</p>",
        "date_published": "2026-03-05T10:00:00+03:00",
        "authors": [{"name": "Sara"}, {"name": "Omar"}],
    }
    expected = Entry(
        url="https://daily.example/7",
        title="Bridge closed",
        guid="7",
        published_at=datetime(2026, 3, 5, 7, tzinfo=UTC),
        summary="For a week.",
        author="Sara, Omar",
    )
    assert feed(items=[item]).entries == (expected,)


def test_an_item_that_is_no_object_is_malformed():
    """The item is reported, the next one is read."""
    parsed = feed(items=["?", {"id": "https://daily.example/8"}])
    assert ([one.reason for one in parsed.malformed], [one.url for one in parsed.entries]) == (
        ["no-link"],
        ["https://daily.example/8"],
    )


def test_escapes_that_are_no_text_do_no_harm():
    """A lone surrogate or NUL in an escape does not reach the entry."""
    body = f'{{"version": "{VERSION}", "items": [{{"url": "https://daily.example/1", "title": "a\\ud800b\\u0000"}}]}}'
    assert parse_feed(body.encode(), content_type=None, base_url="").entries[0].title == "a?b"


@pytest.mark.parametrize("body", [b"{}", b'{"items": []}', b'{"version": "https://jsonfeed.org/version/1"}'])
def test_other_json_is_no_feed(body):
    """JSON without the version and items of a JSON Feed is refused."""
    with pytest.raises(ParseError, match="no feed but JSON") as caught:
        parse_feed(body, content_type=None, base_url="")
    assert caught.value.reason == "not-a-feed"
