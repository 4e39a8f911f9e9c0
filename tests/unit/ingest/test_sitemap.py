"""News sitemaps."""

import gzip

import pytest

from pipeline.errors import ParseError
from pipeline.ingest import parse_sitemap

NEWS = """<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">
<url><loc> https://daily.example/1 </loc><news:news><news:publication><news:name>اليوم</news:name></news:publication>
<news:publication_date>2026-03-05T10:00:00+03:00</news:publication_date>
<news:title>الجسر &amp; النهر</news:title></news:news></url>
<url><loc>https://daily.example/2</loc><lastmod>2026-03-04</lastmod></url>
<url><loc>mailto:desk@daily.example</loc></url><url/>
</urlset>"""
INDEX = """<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<sitemap><loc>https://daily.example/old.xml</loc><lastmod>2025-01-01</lastmod></sitemap>
<sitemap><loc>https://daily.example/new.xml</loc><lastmod>2026-03-05</lastmod></sitemap></sitemapindex>"""


def parse(body, content_type="application/xml"):
    body = body.encode() if isinstance(body, str) else body
    return parse_sitemap(body, content_type=content_type, base_url="https://daily.example/sitemap.xml")


def test_news_become_entries():
    """Title and time come from the news extension; what has no usable address is left out."""
    first, second = parse(NEWS).entries
    assert (first.url, first.title, first.published_at.isoformat()) == (
        "https://daily.example/1", "الجسر & النهر", "2026-03-05T07:00:00+00:00",
    )  # fmt: skip
    assert (second.title, second.published_at, second.summary) == ("", None, "2026-03-04")


def test_a_change_makes_another_entry():
    """A page whose time of change differs is fetched again."""
    changed = parse(NEWS.replace("2026-03-04", "2026-03-05")).entries
    assert changed[0].entry_key == parse(NEWS).entries[0].entry_key
    assert changed[1].entry_key != parse(NEWS).entries[1].entry_key


def test_an_index_names_the_last_changed_first():
    """Its sitemaps are told, and no entries."""
    parsed = parse(INDEX)
    assert (parsed.entries, parsed.sitemaps) == ((), ("https://daily.example/new.xml", "https://daily.example/old.xml"))


def test_a_packed_sitemap_is_unpacked():
    """As `.xml.gz` is served, without a content encoding."""
    assert parse(gzip.compress(NEWS.encode())) == parse(NEWS)


@pytest.mark.parametrize(
    "body",
    ["", "<html><body>Welcome</body></html>", "{}", b"\x1f\x8b broken", "<rss/>",
     gzip.compress(b"<urlset>" + b" " * 61_000_000)],
    ids=["empty", "page", "json", "damaged", "feed", "bomb"],
)  # fmt: skip
def test_what_is_no_sitemap_is_told(body):
    """One reason, and no exception of a parser."""
    with pytest.raises(ParseError) as caught:
        parse(body)
    assert caught.value.reason == "not-a-sitemap"


def test_entities_are_not_expanded():
    """Neither nested ones nor those that name a file."""
    laughs = '<!DOCTYPE urlset [<!ENTITY a "ha"><!ENTITY b "&a;&a;"><!ENTITY f SYSTEM "file:///etc/hostname">]>'
    body = laughs + "<urlset><url><loc>https://daily.example/&b;&f;</loc></url></urlset>"
    for entry in parse(body).entries:
        assert entry.url in ("https://daily.example/", "https://daily.example/&b;&f;")
