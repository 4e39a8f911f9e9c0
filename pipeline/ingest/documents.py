"""Local documents to articles: HTML as pages are read, plain text by its first line, rows of JSON by their fields."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from typing import Any

from pipeline.errors import ParseError
from pipeline.ingest.article import read_article
from pipeline.ingest.charset import decode
from pipeline.ingest.lines import one_line
from pipeline.ingest.times import read_time
from pipeline.ingest.urls import absolute_url
from pipeline.records import Article, Capture, Response, Source
from pipeline.text.language import detect_language

_TITLE = 300


def read_document(body: bytes, *, capture: Capture, content_type: str | None, source: Source) -> Article:
    """The article in a local document. Its address is the one that it names, else its `file:` address.

    A row of JSON Lines has `text` (or `body`), and may have `title`, `url`, `published_at`, `author`, `outlet`.

    Raises:
        ParseError: `no-article`.
    """
    if capture.media_type == "application/json":
        return _from_row(_row(body), capture, source)
    if capture.media_type == "text/plain":
        return _from_text(decode(body, content_type), capture, source)
    return read_article(body, capture=capture, content_type=content_type, entry=None, source=source)


def document_date(response: Response) -> datetime:
    """The day to which a local document belongs: what a row of JSON Lines says of itself, else when it was captured.

    A file that is no capture has the time of its last change.
    """
    if (response.header("content-type") or "").startswith("application/json"):
        try:
            said = read_time(_string(_row(response.body), "published_at"))
        except ParseError:
            said = None
        return said or response.fetched_at
    return response.fetched_at


def _row(body: bytes) -> dict[str, Any]:
    try:
        row = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise ParseError("no-article", f"no article: no JSON ({error}); correct the line") from error
    if not isinstance(row, dict):
        raise ParseError("no-article", "no article: the line is no JSON object; correct it")
    return row


def _from_row(row: dict[str, Any], capture: Capture, source: Source) -> Article:
    text = _lines(_string(row, "text") or _string(row, "body"))
    if not text:
        raise ParseError("no-article", "no article: the line has no `text`; correct it")
    published_at = read_time(_string(row, "published_at"))
    return replace(
        _from_lines(one_line(_string(row, "title")), text, capture, source),
        url=absolute_url(_string(row, "url"), "") or capture.final_url,
        published_at=published_at,
        published_basis="metadata" if published_at else None,
        author=one_line(_string(row, "author")) or None,
        outlet=one_line(_string(row, "outlet")) or source.outlet or source.name,
    )


def _from_text(text: str, capture: Capture, source: Source) -> Article:
    lines = _lines(text)
    title, _, body = lines.partition("\n")
    if not title:
        raise ParseError("no-article", "no article: the file is empty")
    return _from_lines(title, body or title, capture, source)


def _from_lines(title: str, text: str, capture: Capture, source: Source) -> Article:
    return Article(
        url=capture.final_url,
        title=(title or text.partition("\n")[0])[:_TITLE],
        body=text,
        language=detect_language(text),
        published_at=None,
        published_basis=None,
        author=None,
        outlet=source.outlet or source.name,
        source_id=source.source_id,
        capture_id=capture.capture_id,
    )


def _lines(text: str) -> str:
    return "\n".join(line for line in map(one_line, text.splitlines()) if line)


def _string(row: dict[str, Any], name: str) -> str:
    value = row.get(name)
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else ""
