"""What must hold whatever bytes come: an answer or a named error of one line, never another exception.

Two engines feed these: hypothesis, in `make test`, damages the seeds of `fuzz/seeds`; atheris, in `make fuzz`, looks
for ways through the code. Each target is a function of bytes that raises only where Bayan is wrong.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TypeVar

from pipeline.errors import ParseError
from pipeline.ingest import fingerprint, parse_channel, parse_feed, parse_sitemap, read_article, read_document
from pipeline.ingest.robots import RobotsRules
from pipeline.ingest.times import read_time
from pipeline.records import Article, Capture, Source
from pipeline.text.dates import find_dates

T = TypeVar("T")

SEEDS = Path(__file__).parent / "seeds"
"""A folder a target, a file a seed; written for the project."""

_BASE = "https://daily.example/"
_TYPES = (
    None, "text/html", "text/html; charset=cp1256", "text/xml; charset=utf-16", "application/json; charset=no-such",
)  # fmt: skip
_SOURCE = Source(source_id="daily", kind="feed", url=f"{_BASE}feed.xml", name="The Daily")
_CAPTURE = Capture(
    capture_id="00000000-0000-0000-0000-000000000001", source_id="daily", url=_BASE, final_url=_BASE,
    fetched_at=datetime(2026, 3, 5, 12, tzinfo=UTC), status=200, media_type="text/html", body_sha256="0" * 64,
    body_bytes=0, archive_file="daily.warc.gz", archive_offset=0,
)  # fmt: skip


def feed(data: bytes) -> None:
    """Every entry has an address that can be fetched, and a time in UTC or none; so of sitemaps and channels."""
    kind = _content_type(data)
    parsed = _answer(lambda: parse_feed(data, content_type=kind, base_url=_BASE))
    sitemap = _answer(lambda: parse_sitemap(data, content_type=kind, base_url=_BASE))
    for entry in (*(parsed.entries if parsed else ()), *(sitemap.entries if sitemap else ())):
        _check(entry.url.startswith(("http://", "https://")) and len(entry.entry_key) == 32, entry)
        _check(entry.published_at is None or entry.published_at.tzinfo is UTC, entry)
    for held in parsed.malformed if parsed else ():
        _check(bool(held.reason) and "\n" not in held.detail, held)
    channel = _answer(lambda: parse_channel(data, content_type=kind, base_url="https://t.me/s/harbour"))
    for post in channel.posts if channel else ():
        _check(bool(post.text) and post.number in channel.shown, post)


def page(data: bytes) -> None:
    """An article has a title, a text and an identity, and reads the same twice; rules of robots.txt always answer."""
    kind = _content_type(data)
    for read in (_article, _document):
        first = _answer(lambda read=read: read(data, kind))
        if first is None:
            continue
        _check(bool(first.title and first.body) and len(first.version_id) == 32, first)
        _check(first.published_at is None or first.published_at.tzinfo is UTC, first)
        again = read(data, kind)
        _check((again.version_id, fingerprint(again.body)) == (first.version_id, fingerprint(first.body)), first)
    rules = RobotsRules(data)
    rules.may_fetch(_BASE + "1", "Bayan")
    _check(0 <= rules.delay("Bayan") <= 60, rules)


def dates(data: bytes) -> None:
    """Dates stand in order where they say, and a time for machines is in UTC or none."""
    text = data.decode("utf-8", "replace")
    moment = read_time(text[:200])
    _check(moment is None or moment.tzinfo is UTC, moment)
    behind = 0
    for mention in find_dates(text, published_on=date(2026, 3, 5), previous=None):
        _check(behind <= mention.start < mention.end <= len(text), mention)
        behind = mention.end


TARGETS: Mapping[str, Callable[[bytes], None]] = {"feed": feed, "page": page, "dates": dates}


def seeds(target: str) -> list[bytes]:
    """The committed seeds of a target, in the order of their names."""
    return [path.read_bytes() for path in sorted((SEEDS / target).iterdir())]


def _content_type(data: bytes) -> str | None:
    return _TYPES[zlib.crc32(data) % len(_TYPES)]


def _article(data: bytes, kind: str | None) -> Article:
    return read_article(data, capture=_CAPTURE, content_type=kind, entry=None, source=_SOURCE)


def _document(data: bytes, kind: str | None) -> Article:
    return read_document(data, capture=_CAPTURE, content_type=kind, source=_SOURCE)


def _answer(work: Callable[[], T]) -> T | None:
    try:
        return work()
    except ParseError as error:
        _check("\n" not in str(error), error)
        return None


def _check(holds: bool, what: object) -> None:  # noqa: FBT001  (an assertion that python -O keeps)
    if not holds:
        raise AssertionError(f"does not hold of {what!r}")
