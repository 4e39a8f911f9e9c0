"""A page's bytes to an article: text and title through trafilatura, the rest from what the page and its feed declare.

Whether the article is new, and what it says, is decided elsewhere.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime

from lxml.html import HtmlElement
from trafilatura import bare_extraction, load_html
from trafilatura.settings import Document

from pipeline.errors import ParseError
from pipeline.ingest.boilerplate import drop_house_rules, without_notices
from pipeline.ingest.charset import decode
from pipeline.ingest.lines import one_line
from pipeline.ingest.metadata import PageMetadata, read_metadata
from pipeline.ingest.urls import canonical_url
from pipeline.records import Article, Capture, Entry, Source
from pipeline.records.article import PublishedBasis
from pipeline.text.dates import find_dates
from pipeline.text.language import detect_language

SHORTEST = 60
"""Characters below which a page's text is no article: a breaking-news line is longer, a consent notice often not."""

SHORTEST_WITH_PASSWORD = 600
"""The same for a page that asks for a password: text around a login form is help, not news."""

_PAGES = ("text/", "application/xhtml", "application/xml", "application/octet-stream")
_SNIFFED = 4000
_DATELINE = 150
"""Characters of a text in which a dateline stands."""
_NOT_TEXT = re.compile(r"[\x01-\x08\x0e-\x1f]")
_MAY_BE_SLIPS = 3
_NO_DATE_SEARCH = {"extensive_search": False, "original_date": True}


def read_article(
    body: bytes, *, capture: Capture, content_type: str | None, entry: Entry | None, source: Source
) -> Article:
    """The article on a page; the feed's time goes before the page's own, and neither is ever guessed.

    `content_type` is the header's value. `entry` is what the feed announced, None for a page without a feed.

    Raises:
        ParseError: `no-article`: no page, no text, too little of it, or a login form.
    """
    if capture.media_type and not capture.media_type.startswith(_PAGES):
        raise ParseError("no-article", f"no article but {capture.media_type}; nothing to do")
    tree = _tree(decode(body, content_type))
    metadata = read_metadata(tree, base_url=capture.final_url)
    asks_password = bool(tree.xpath("//input[@type='password']"))
    drop_house_rules(tree, base_url=capture.final_url)
    document = _extract(tree, capture.final_url)
    title = one_line(metadata.headline or document.title or (entry.title if entry else "")) or source.name
    text = _body(document.text or "", title)
    _check_length(text, asks_password=asks_password)
    published_at, basis = _published(entry, metadata, document.date, text)
    return Article(
        url=metadata.url or canonical_url(capture.final_url),
        title=title,
        body=text,
        language=detect_language(text),
        published_at=published_at,
        published_basis=basis,
        author=metadata.author or one_line(document.author or "") or (entry.author if entry else None),
        outlet=source.outlet or metadata.outlet or source.name,
        source_id=source.source_id,
        capture_id=capture.capture_id,
    )


def _tree(text: str) -> HtmlElement:
    if len(_NOT_TEXT.findall(text[:_SNIFFED])) > _MAY_BE_SLIPS:
        raise ParseError("no-article", "no article but binary data; check the address in a browser")
    # The html and body tags may be left out, but trafilatura takes such a page for a fragment and refuses it.
    whole = text if "<html" in text[:_SNIFFED].lower() else f"<html><body>{text}</body></html>"
    tree = load_html(whole) if text.strip() else None
    if tree is None:
        raise ParseError("no-article", "no article: the page is empty or no HTML; check it in a browser")
    return tree


def _extract(tree: HtmlElement, url: str) -> Document:
    """Trafilatura's reading. Its date is not used (see `metadata`), so the search for one is kept short."""
    try:
        document = bare_extraction(
            tree,
            url=url,
            with_metadata=True,
            include_comments=False,
            date_extraction_params=_NO_DATE_SEARCH,
        )
    except Exception as error:
        raise ParseError("no-article", f"no article: trafilatura failed with {error!r}; report the page") from error
    if not isinstance(document, Document):
        raise ParseError("no-article", "no article: no text on the page; check it in a browser")
    return document


def _body(text: str, title: str) -> str:
    """Paragraphs, one a line, without the title where trafilatura took the page's heading into the text."""
    lines = without_notices([line for line in map(one_line, text.split("\n")) if line])
    if lines and lines[0] == title:
        del lines[0]
    return "\n".join(lines)


def _check_length(text: str, *, asks_password: bool) -> None:
    if len(text) < SHORTEST:
        raise ParseError("no-article", f"no article: {len(text)} characters of text; check the page in a browser")
    if asks_password and len(text) < SHORTEST_WITH_PASSWORD:
        raise ParseError("no-article", "no article but a login form; use an address that needs no account")


def _published(
    entry: Entry | None, metadata: PageMetadata, found: str | None, text: str
) -> tuple[datetime | None, PublishedBasis | None]:
    """The feed's word, else the page's; else the day that htmldate `found`, where the text's beginning names it too.

    Htmldate alone is not believed: it took days from sidebars, addresses and stamps of the whole site.
    """
    if entry and entry.published_at:
        return entry.published_at, "feed"
    if metadata.published_at:
        return metadata.published_at, "metadata"
    if found and any(
        mention.precision == "day" and mention.basis == "text" and mention.on.isoformat() == found
        for mention in find_dates(text[:_DATELINE], published_on=None, previous=None)
    ):
        return datetime.fromisoformat(found).replace(tzinfo=UTC), "text"
    return None, None
