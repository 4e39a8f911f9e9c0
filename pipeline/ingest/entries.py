"""A feed's bytes to its entries: RSS, RDF and Atom through feedparser, JSON Feed through `json_feed`.

One entry that cannot be used is reported and the rest goes on. Whether an entry is new is not decided here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import feedparser

from pipeline.errors import ParseError
from pipeline.ingest.charset import decode
from pipeline.ingest.document_type import without_declarations
from pipeline.ingest.json_feed import json_feed_items
from pipeline.ingest.markup import plain_text
from pipeline.ingest.times import utc_of
from pipeline.ingest.urls import absolute_url
from pipeline.records import Entry
from pipeline.records.identity import content_id

_SHOWN = 60
_TIMES = ("published_parsed", "updated_parsed", "created_parsed")
_HELD = ("title", "id", "link", "published", "author", "summary")


@dataclass(frozen=True, slots=True, kw_only=True)
class MalformedEntry:
    """An entry that leads to no page.

    Attributes:
        reason: `no-link` (neither a link nor an id that is one) or `bad-link` (not an http address).
        detail: one line for a person.
        payload: what the entry holds, as JSON text with sorted keys.
    """

    reason: str
    detail: str
    payload: str

    @property
    def key(self) -> str:
        """The same broken entry in the next poll has the same key."""
        return content_id("malformed-entry", self.payload)


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedFeed:
    """What a feed says.

    Attributes:
        title: of the feed, plain text, may be empty.
        entries: usable entries in the feed's order; empty when the feed is valid and has none.
        malformed: entries that cannot be used, in the feed's order.
    """

    title: str
    entries: tuple[Entry, ...]
    malformed: tuple[MalformedEntry, ...]


def parse_feed(body: bytes, *, content_type: str | None, base_url: str) -> ParsedFeed:
    """The entries of a feed, links made absolute against `base_url` (or the feed's own xml:base), times in UTC.

    Entities of a document type are never expanded and nothing is loaded from outside.

    Raises:
        ParseError: `not-a-feed`.
    """
    text = decode(body, content_type).lstrip()
    items = json_feed_items(text) if text.startswith("{") else None
    title, found = items if items is not None else _feedparser_items(text, base_url)
    read = [_entry(item, base_url) for item in found]
    return ParsedFeed(
        title=plain_text(title),
        entries=tuple(one for one in read if isinstance(one, Entry)),
        malformed=tuple(one for one in read if isinstance(one, MalformedEntry)),
    )


def _feedparser_items(text: str, base_url: str) -> tuple[str, list[Mapping[str, Any]]]:
    headers = {"content-type": "application/xml; charset=utf-8", "content-location": base_url}
    try:
        feed = feedparser.parse(without_declarations(text).encode("utf-8", "replace"), response_headers=headers)
    except Exception as error:
        raise ParseError("not-a-feed", f"no feed: feedparser failed with {error!r}; check the address") from error
    if not feed.get("version") and not feed.entries:
        raise ParseError("not-a-feed", f"no feed but {_kind(text)}; correct the address or remove the source")
    return feed.feed.get("title") or "", list(feed.entries)


def _kind(text: str) -> str:
    if not text:
        return "an empty answer"
    if "<html" in text[:2000].lower():
        return "an HTML page"
    return f"something that starts with {text[:_SHOWN]!r}"


def _entry(item: Mapping[str, Any], base_url: str) -> Entry | MalformedEntry:
    link = item.get("link") or ""
    url = absolute_url(link, base_url) or _guid_as_url(item)
    if url is None:
        return _malformed(item, link)
    return Entry(
        url=url,
        title=plain_text(item.get("title") or ""),
        guid=(item.get("id") or "").strip() or None,
        published_at=utc_of(_time(item)),
        summary=plain_text(item.get("summary") or "") or None,
        author=plain_text(item.get("author") or "") or None,
    )


def _guid_as_url(item: Mapping[str, Any]) -> str | None:
    guid = str(item.get("id") or "").strip()
    return absolute_url(guid, "") if guid.lower().startswith(("http://", "https://")) else None


def _time(item: Mapping[str, Any]) -> Any:
    """The UTC time of first publication, else of the last change (RDF and many Atom feeds give only that)."""
    # Asked with `in` first: `get` would take the one for the other, with a warning.
    return next(filter(None, (item[name] for name in _TIMES if name in item)), None)


def _malformed(item: Mapping[str, Any], link: str) -> MalformedEntry:
    held = {name: str(item[name]) for name in _HELD if item.get(name)}
    content = [str(part.get("value", "")) for part in item.get("content") or ()]
    payload = json.dumps(held | ({"content": content} if content else {}), ensure_ascii=False, sort_keys=True)
    name = repr(plain_text(held.get("title", ""))[:_SHOWN]) if held.get("title") else "without a title"
    if link:
        detail = f"entry {name}: its link {link[:_SHOWN]!r} is no http address; tell the publisher"
        return MalformedEntry(reason="bad-link", detail=detail, payload=payload)
    detail = f"entry {name}: no link and no id that is an address; tell the publisher"
    return MalformedEntry(reason="no-link", detail=detail, payload=payload)
