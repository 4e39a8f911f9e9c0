"""Whatever bytes come: an answer or a named error, never another exception. The seeds are damaged from here."""

from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from pipeline.errors import ParseError
from pipeline.ingest import (
    fingerprint,
    parse_channel,
    parse_feed,
    parse_sitemap,
    read_article,
    read_document,
)
from pipeline.ingest.robots import RobotsRules
from pipeline.ingest.times import read_time
from tests.fakes.channel import channel_page
from tests.fakes.press import DAILY, capture

TEXT = "أعلنت البلدية يوم الخميس أن الجسر القديم فوق النهر سيغلق أسبوعا كاملا لأعمال الصيانة ابتداء من الأحد"
SEEDS = [
    b'<?xml version="1.0" encoding="windows-1256"?><rss><channel><item><link>/1</link></item></channel></rss>',
    b'<!DOCTYPE r [<!ENTITY a "b">]><feed xmlns="http://www.w3.org/2005/Atom"><entry><id>&a;</id></entry></feed>',
    b'{"version": "https://jsonfeed.org/version/1.1", "items": [{"url": "http://[", "id": 1e999}]}',
    b"<urlset><url><loc>http://a.example/</loc><lastmod>\xff</lastmod></url></urlset>",
    channel_page((1, TEXT), (2, None)),
    f'<script type="application/ld+json">[[{{"@type":"NewsArticle","datePublished":1}}]]</script><p>{TEXT}'.encode(),
    b"\x1f\x8b\x08\x00\x00\x00\x00\x00",
    b'<?xml version="1.0" encoding="utf-16"?><rss/>',
    b"\xff\xfe<\x00r\x00",
]
PIECES = [seed[start : start + 40] for seed in SEEDS for start in range(0, len(seed), 40)]


@st.composite
def damaged(draw):
    """A seed with pieces of others put in, bytes changed, and an end cut off; or bytes alone."""
    body = bytearray(draw(st.sampled_from(SEEDS)))
    for _ in range(draw(st.integers(0, 4))):
        at = draw(st.integers(0, len(body)))
        body[at : at + draw(st.integers(0, 8))] = draw(st.sampled_from(PIECES) | st.binary(max_size=8))
    return bytes(body[: draw(st.integers(0, len(body)))]) if draw(st.booleans()) else bytes(body)


BODIES = damaged() | st.binary(max_size=200)
QUICK = settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
CONTENT_TYPES = st.sampled_from([None, "text/html", "text/xml; charset=utf-16", "application/json; charset=no-such"])


def answered(work):
    """The result, or None where it is a named error of one line."""
    try:
        return work()
    except ParseError:
        return None


@QUICK
@given(BODIES, CONTENT_TYPES)
@example(SEEDS[2], None)
@example(SEEDS[7], "text/xml; charset=utf-16")
def test_any_bytes_are_a_feed_or_none(body, content_type):
    """Every entry has an address that can be fetched, and a time with a zone or none."""
    feed = answered(lambda: parse_feed(body, content_type=content_type, base_url="https://daily.example/feed"))
    for entry in feed.entries if feed else ():
        assert entry.url.startswith(("http://", "https://"))
        assert entry.published_at is None or entry.published_at.tzinfo is UTC


@QUICK
@given(BODIES, CONTENT_TYPES)
@example(SEEDS[6], None)
def test_any_bytes_are_a_sitemap_or_a_channel_or_none(body, content_type):
    """The same of the other lists of pages."""
    sitemap = answered(lambda: parse_sitemap(body, content_type=content_type, base_url="https://daily.example/"))
    channel = answered(lambda: parse_channel(body, content_type=content_type, base_url="https://t.me/s/harbour"))
    assert all(entry.url.startswith("http") for entry in (sitemap.entries if sitemap else ()))
    assert all(post.text and post.number in channel.shown for post in (channel.posts if channel else ()))


@QUICK
@given(BODIES, CONTENT_TYPES)
@example(SEEDS[5], "text/html")
def test_any_bytes_are_a_page_or_none(body, content_type):
    """An article has a title, a text and an identity."""
    read = answered(lambda: read_article(body, capture=capture(), content_type=content_type, entry=None, source=DAILY))
    document = answered(lambda: read_document(body, capture=capture(), content_type=content_type, source=DAILY))
    for article in filter(None, (read, document)):
        assert article.title
        assert article.body
        assert len(article.version_id) == 32
        assert fingerprint(article.body) == fingerprint(article.body)


@QUICK
@given(st.text(max_size=40) | st.datetimes().map(lambda moment: moment.isoformat()))
@example("0001-01-01T00:00:00+14:00")
@example("Thu, 99 Mar 2026 10:00:00 GMT")
def test_any_text_is_a_time_or_none(value):
    """In UTC, and never another exception."""
    moment = read_time(value)
    assert moment is None or (isinstance(moment, datetime) and moment.tzinfo is UTC)


@QUICK
@given(st.binary(max_size=100), st.text(max_size=30))
@example(b"User-agent: *\nCrawl-delay: nan\nDisallow: *$*", "/")
@example(b"\xff\xfeU\x00", "%")
def test_any_bytes_are_rules_for_robots(body, path):
    """Rules that cannot be read forbid nothing, and no delay is longer than a minute."""
    rules = RobotsRules(body)
    assert rules.may_fetch(f"https://daily.example/{path}", "Bayan") in {True, False}
    assert 0 <= rules.delay("Bayan") <= 60


@pytest.mark.parametrize("body", SEEDS, ids=range(len(SEEDS)))
def test_the_seeds_themselves_are_answered(body):
    """By every reader."""
    for reader in (parse_feed, parse_sitemap, parse_channel):
        answered(lambda reader=reader: reader(body, content_type=None, base_url="https://daily.example/"))
