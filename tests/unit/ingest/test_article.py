"""Pages to articles."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from pipeline.errors import ParseError
from pipeline.ingest import read_article
from pipeline.records import Entry
from tests.fakes.press import DAILY, capture

PARAGRAPHS = [
    "The old bridge over the river will be closed for a week from Sunday, the city said on Thursday morning.",
    "Its spokeswoman said that the work had been planned since the autumn and that the other bridge stays open.",
    "Traffic",
    "Buses take the northern road. Shopkeepers in the old quarter said that they had not been asked by anybody.",
]
BODY = "\n".join(PARAGRAPHS)
PAGE = """<!doctype html><html lang="en"><head><title>Bridge closed - The Daily</title>{head}</head><body>
<nav><ul><li><a href="/">Home</a></li><li><a href="/sport">Sport</a></li></ul></nav>
<main><article><h1>Bridge closed</h1><p>{}</p><p>{}</p><h2>{}</h2><p>{}</p></article></main>
<aside><h4>Most read</h4><ul><li><a href="/2">Oil prices rise again</a></li></ul></aside>
<footer><p>All rights reserved</p></footer></body></html>"""
FOUND = capture()


def page(head=""):
    return PAGE.format(*PARAGRAPHS, head=head).encode()


def read(body, *, entry=None, evidence=FOUND, source=DAILY, content_type="text/html; charset=utf-8"):
    return read_article(body, capture=evidence, content_type=content_type, entry=entry, source=source)


def test_the_text_is_the_article_and_nothing_else():
    """Paragraphs and headings stand one a line; title, navigation, sidebar and footer are not among them."""
    assert read(page()).body == BODY


def test_title_language_and_origin():
    """An article knows its title, language, source and evidence."""
    article = read(page())
    assert (article.title, article.language, article.source_id, article.capture_id, article.outlet) == (
        "Bridge closed",
        "en",
        "daily",
        FOUND.capture_id,
        "The Daily",
    )


def test_the_feed_dates_the_article_first():
    """The feed's time goes before the page's own."""
    entry = Entry(url=FOUND.url, title="Bridge closed", published_at=datetime(2026, 3, 5, 7, tzinfo=UTC))
    article = read(page('<meta property="article:published_time" content="2026-03-04T07:00:00Z">'), entry=entry)
    assert (article.published_at, article.published_basis) == (datetime(2026, 3, 5, 7, tzinfo=UTC), "feed")


def test_the_page_dates_the_article_where_the_feed_does_not():
    """Without a time in the feed the page's metadata count."""
    article = read(page('<meta property="article:published_time" content="2026-03-04T07:00:00Z">'))
    assert (article.published_at, article.published_basis) == (datetime(2026, 3, 4, 7, tzinfo=UTC), "metadata")


def test_a_date_in_the_prose_is_not_taken():
    """Neither a sidebar's date nor the time of fetching becomes the publication time."""
    body = page().replace(b"Most read", b"Most read, 3 March 2020").replace(b"Thursday", b"Thursday, 5 March 2026")
    assert (read(body).published_at, read(body).published_basis) == (None, None)


def test_the_address_is_canonical():
    """The page's own canonical address counts, else the final address without tracking."""
    named = read(page('<link rel="canonical" href="https://daily.example/bridge?utm_source=x">'))
    evidence = replace(FOUND, final_url="https://daily.example/1?id=2&utm_source=x#top")
    assert (named.url, read(page(), evidence=evidence).url) == (
        "https://daily.example/bridge",
        "https://daily.example/1?id=2",
    )


def test_a_very_long_article_is_read_whole():
    """Three hundred paragraphs arrive, in order."""
    paragraphs = [
        f"Paragraph {n}: the council spoke about the bridge and the road for a long time." for n in range(300)
    ]
    body = "<html><body><article>" + "".join(f"<p>{text}</p>" for text in paragraphs) + "</article></body></html>"
    assert read(body.encode()).body.split("\n") == paragraphs


def test_arabic_in_a_charset_of_its_own():
    """A page in windows-1256 reads as one in UTF-8 does."""
    text = "أعلنت البلدية أن الجسر القديم سيغلق أسبوعا كاملا لأعمال الصيانة، وقالت إن الطريق البديل جاهز منذ الخريف."
    body = f'<html><head><meta charset="windows-1256"></head><body><article><p>{text}</p></article></body></html>'
    article = read(body.encode("windows-1256"), content_type="text/html")
    assert (article.body, article.language) == (text, "ar")


LOGIN = f"<html><body><form><input type='password'></form><p>{PARAGRAPHS[0]}</p></body></html>".encode()


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "the page is empty"),
        (b"<html><body><nav><a href='/'>Home</a></nav></body></html>", "no article"),
        (b"<html><body><p>Page not found</p></body></html>", "characters of text"),
        (LOGIN, "a login form"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "no article"),
    ],
    ids=["empty", "navigation", "short", "login", "image"],
)
def test_what_is_no_article_is_refused(body, said):
    """The error says what is there instead."""
    with pytest.raises(ParseError, match=said) as caught:
        read(body)
    assert caught.value.reason == "no-article"


def test_another_media_type_is_no_article():
    """A film or a PDF is not read as a page."""
    with pytest.raises(ParseError, match="application/pdf"):
        read(page(), evidence=replace(FOUND, media_type="application/pdf"))


@pytest.mark.parametrize(
    ("dateline", "marked", "expected"),
    [
        ("BASRA, 5 March 2026 - ", "2026-03-05", (datetime(2026, 3, 5, tzinfo=UTC), "text")),
        ("BASRA - ", "2026-03-05", (None, None)),
        ("BASRA, 5 March 2026 - ", "2026-03-01", (None, None)),
    ],
    ids=["agree", "mark-alone", "differ"],
)
def test_a_day_that_htmldate_finds_counts_where_the_text_names_it(dateline, marked, expected):
    """A mark in the page alone may be the sidebar's."""
    body = page().replace(b"<h1>", f'<time datetime="{marked}">{marked}</time><h1>'.encode())
    article = read(body.replace(PARAGRAPHS[0].encode(), dateline.encode() + PARAGRAPHS[0].encode()))
    assert (article.published_at, article.published_basis) == expected
