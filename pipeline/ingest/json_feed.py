"""JSON Feed (https://www.jsonfeed.org/version/1.1/), which feedparser does not read, in the shape of its items."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from pipeline.errors import ParseError
from pipeline.ingest.times import read_time

_VERSION = "https://jsonfeed.org/version/"


def json_feed_items(text: str) -> tuple[str, list[Mapping[str, Any]]] | None:
    """Title and items of a JSON Feed, named as feedparser names them; None when the text is no JSON object.

    Raises:
        ParseError: `not-a-feed`: it is JSON, but no JSON Feed.
    """
    try:
        feed = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(feed, dict):
        return None
    items = feed.get("items")
    if not str(feed.get("version", "")).startswith(_VERSION) or not isinstance(items, list):
        raise ParseError("not-a-feed", f"no feed but JSON without a version {_VERSION}… and items; correct the address")
    return _text(feed, "title"), [_item(item if isinstance(item, dict) else {}) for item in items]


def _item(item: dict[str, Any]) -> Mapping[str, Any]:
    body = _text(item, "content_text") or _text(item, "content_html")
    published = read_time(_text(item, "date_published") or _text(item, "date_modified"))
    return {
        "id": str(item["id"]) if isinstance(item.get("id"), int) else _text(item, "id"),
        "link": _text(item, "url") or _text(item, "external_url"),
        "title": _text(item, "title"),
        "summary": _text(item, "summary") or body,
        "author": ", ".join(filter(None, (_text(one, "name") for one in _authors(item)))),
        "published_parsed": published.utctimetuple() if published else None,
    }


def _authors(item: dict[str, Any]) -> list[dict[str, Any]]:
    authors = item.get("authors") if isinstance(item.get("authors"), list) else [item.get("author")]
    return [one for one in authors or () if isinstance(one, dict)]


def _text(value: dict[str, Any], name: str) -> str:
    """A text field, empty when it is missing; escapes can write what is no text, and that becomes a question mark."""
    found = value.get(name)
    return found.encode("utf-8", "replace").decode().replace("\x00", "") if isinstance(found, str) else ""
