"""A sitemap's bytes to its entries, or to the sitemaps that an index names (sitemaps.org, with the news extension)."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from lxml import etree

from pipeline.errors import ParseError
from pipeline.ingest.charset import decode
from pipeline.ingest.document_type import without_declarations
from pipeline.ingest.markup import plain_text
from pipeline.ingest.times import read_time
from pipeline.ingest.urls import absolute_url
from pipeline.records import Entry

_UNPACKED = 60_000_000
"""Bytes of a packed sitemap; the protocol allows 50 MB."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedSitemap:
    """What a sitemap says.

    Attributes:
        entries: pages in its order, with title and publication time where the news extension gives them.
        sitemaps: further sitemaps that it names, the last changed first.
    """

    entries: tuple[Entry, ...] = ()
    sitemaps: tuple[str, ...] = ()


def parse_sitemap(body: bytes, *, content_type: str | None, base_url: str) -> ParsedSitemap:
    """The entries of a sitemap or the sitemaps of an index; a packed file (`.xml.gz`) is unpacked.

    An entry's `summary` is its time of change where that is no publication time: a change makes another entry of it.

    Raises:
        ParseError: `not-a-sitemap`.
    """
    root = _root(_unpacked(body), content_type)
    kind = _name(root)
    if kind == "sitemapindex":
        found = sorted(_children(root, "sitemap", base_url), key=lambda one: one[1] or "", reverse=True)
        return ParsedSitemap(sitemaps=tuple(url for url, _, _ in found))
    if kind != "urlset":
        raise ParseError("not-a-sitemap", f"no sitemap but <{kind[:60]}>; correct the address or the source's kind")
    return ParsedSitemap(
        entries=tuple(_entry(url, changed, element) for url, changed, element in _children(root, "url", base_url))
    )


def entry_date(entry: Entry) -> datetime | None:
    """The day to which an entry of a sitemap belongs: of publication where it says it, else of its last change."""
    return entry.published_at or _time(entry.summary or "")


def _unpacked(body: bytes) -> bytes:
    if not body.startswith(b"\x1f\x8b"):
        return body
    try:
        unpacked = zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(body, _UNPACKED + 1)
    except zlib.error as error:
        raise ParseError("not-a-sitemap", f"no sitemap: the packed file is damaged ({error})") from error
    if len(unpacked) > _UNPACKED:
        raise ParseError("not-a-sitemap", f"no sitemap: more than {_UNPACKED} bytes when unpacked; name a part of it")
    return unpacked


def _root(body: bytes, content_type: str | None) -> etree._Element:
    text = without_declarations(decode(body, content_type).lstrip())
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=True, encoding="utf-8"
    )
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise ParseError("not-a-sitemap", f"no sitemap: {error}; check the address in a browser") from error
    if root is None:
        raise ParseError("not-a-sitemap", "no sitemap but no XML; check the address in a browser")
    return root


def _children(root: etree._Element, name: str, base_url: str) -> Iterator[tuple[str, str, etree._Element]]:
    """Address, time of change and element of each child that has a usable address."""
    for element in root:
        url = absolute_url(_text(element, "loc"), base_url) if _name(element) == name else None
        if url:
            yield url, _text(element, "lastmod"), element


def _entry(url: str, changed: str, element: etree._Element) -> Entry:
    published = _time(_text(element, "publication_date"))
    return Entry(
        url=url,
        title=plain_text(_text(element, "title")),
        published_at=published,
        summary=changed or None,
    )


def _time(value: str) -> datetime | None:
    return read_time(value) if value else None


def _text(element: etree._Element, name: str) -> str:
    """The text of the first descendant with this local name."""
    found = next((one for one in element.iter() if _name(one) == name), None)
    return (found.text or "").strip() if found is not None else ""


def _name(element: etree._Element) -> str:
    tag = element.tag
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""
