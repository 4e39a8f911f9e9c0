"""What pages say of themselves."""

from datetime import UTC, datetime

import pytest
from trafilatura import load_html

from pipeline.ingest.metadata import read_metadata

NOON = datetime(2026, 3, 5, 12, tzinfo=UTC)


def metadata(head="", body="<p>Text</p>"):
    tree = load_html(f"<html><head><title>T</title>{head}</head><body>{body}</body></html>")
    return read_metadata(tree, base_url="https://daily.example/1")


def json_ld(text):
    return f'<script type="application/ld+json">{text}</script>'


@pytest.mark.parametrize(
    "head",
    [
        json_ld('{"@type": "NewsArticle", "datePublished": "2026-03-05T12:00:00Z"}'),
        json_ld(
            '{"@graph": [{"@type": "WebSite"}, {"@type": ["Article"], "datePublished": "2026-03-05T15:00+03:00"}]}'
        ),
        json_ld(
            '[{"@type": "WebPage", "mainEntity": {"@type": "BlogPosting", "datePublished": "2026-03-05T12:00:00Z"}}];'
        ),
        '<meta property="article:published_time" content="2026-03-05T12:00:00+00:00">',
        '<meta name="Publish-Date" content="Thu, 05 Mar 2026 12:00:00 GMT">',
        '<meta itemprop="datePublished" content="2026-03-05T12:00:00Z">',
    ],
)
def test_where_a_publication_time_stands(head):
    """JSON-LD in all its nestings, meta elements by property, name and itemprop."""
    assert metadata(head).published_at == NOON


def test_microdata_in_the_page():
    """A single publication time on an element counts, several that differ do not."""
    one = '<time itemprop="datePublished" datetime="2026-03-05T12:00:00Z">Thursday</time>'
    other = '<span property="dc:date" content="2026-03-04T12:00:00Z">Wednesday</span>'
    assert (metadata(body=one).published_at, metadata(body=one + other).published_at) == (NOON, None)


@pytest.mark.parametrize("head", ["", json_ld("{broken"), json_ld('{"@type": "NewsArticle"}'), json_ld("[" * 5000)])
def test_nothing_usable_is_none(head):
    """Broken or silent metadata give no time."""
    assert metadata(head).published_at is None


def test_author_outlet_and_headline():
    """Names come from JSON-LD and Open Graph; addresses are no names."""
    head = json_ld(
        '{"@type": "NewsArticle", "headline": "Bridge", "author": [{"name": "Sara"}, "Omar", "https://x.example/o"],'
        ' "publisher": {"name": "The Daily"}}'
    )
    found = metadata(head)
    assert (found.author, found.outlet, found.headline) == ("Sara, Omar", "The Daily", "Bridge")


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ('<link rel="canonical" href="https://daily.example/bridge">', "https://daily.example/bridge"),
        ('<link rel="canonical" href="/bridge"><meta property="og:url" content="https://daily.example/b">',
         "https://daily.example/b"),
        ('<link rel="canonical" href="https://daily.example/">', None),
        ('<link rel="canonical" href="javascript:x">', None),
        ('<link rel="canonical" href="https://evening.example/9">', None),
        ('<link rel="canonical" href="https://evening.example/9"><meta property="og:url" content="https://daily.example/b">',
         "https://daily.example/b"),
        ("", None),
    ],
)  # fmt: skip
def test_the_canonical_address(head, expected):
    """Only an absolute web address counts, and not the front page, which would make all articles one."""
    assert metadata(head).url == expected
