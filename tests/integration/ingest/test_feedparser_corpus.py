"""feedparser's own test feeds, where they stand beside the checkout (the folder `tests` of its source distribution)."""

import os
from pathlib import Path

import feedparser
import pytest

from pipeline.errors import ParseError
from pipeline.ingest import parse_feed

CORPUS = Path(os.environ.get("FEEDPARSER_TESTS") or Path(__file__).parents[4] / "shared" / "feedparser" / "tests")


def test_every_entry_that_feedparser_finds_in_its_own_feeds_arrives():
    """No crash, and as many entries, malformed ones included."""
    if not CORPUS.is_dir():
        pytest.skip(f"no feeds at {CORPUS}: unpack feedparser's source distribution, set FEEDPARSER_TESTS to its tests")
    fewer = []
    for path in sorted(CORPUS.rglob("*.xml")):
        body = path.read_bytes()
        try:
            feed = parse_feed(body, content_type=None, base_url="")
            found = len(feed.entries) + len(feed.malformed)
        except ParseError:
            found = 0
        if found < len(feedparser.parse(body).entries):
            fewer.append(path.name)
    assert fewer == []
