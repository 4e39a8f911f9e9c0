"""Trying sources without keeping anything: what each gives, and what is wrong with it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from pipeline.errors import FetchError, ParseError
from pipeline.ingest import parse_channel, parse_feed, parse_sitemap, read_article
from pipeline.jobs.passing import kind_of
from pipeline.jobs.ports import Fetcher, Shelf
from pipeline.records import LOCAL_KINDS, Capture, MalformedDocument, Response, Source


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceCheck:
    """What one source gave.

    Attributes:
        source: which.
        things: entries, posts, documents; 1 for a page that is an article.
        newest_at: UTC; the newest publication time, or None.
        wrong: what is wrong, by kind: `ok`, `empty`, `moved`, `undated`, `status-404`, `not-a-feed` …
        remark: one line for a person, empty when all is well.
    """

    source: Source
    things: int = 0
    newest_at: datetime | None = None
    wrong: str = "ok"
    remark: str = ""

    @property
    def failed(self) -> bool:
        """Whether the source cannot be collected as it stands."""
        return self.wrong not in {"ok", "empty", "moved", "undated"}


async def check_sources(
    work: Sequence[tuple[Source, Fetcher]], *, shelf: Shelf, tick: Callable[[SourceCheck], None]
) -> list[SourceCheck]:
    """Try sources at once, each with its fetcher; in their order. `tick` hears each as it is done."""

    async def one(source: Source, fetcher: Fetcher) -> SourceCheck:
        try:
            found = _local(source, shelf) if source.kind in LOCAL_KINDS else await _remote(source, fetcher)
        except (FetchError, ParseError) as error:
            said = str(error).removeprefix(f"{source.url}: ")
            found = SourceCheck(source=source, wrong=kind_of(error), remark=said)
        tick(found)
        return found

    return list(await asyncio.gather(*(one(*item) for item in work)))


def _local(source: Source, shelf: Shelf) -> SourceCheck:
    found = list(shelf.documents(source, known=frozenset()))
    bad = [one for one in found if isinstance(one, MalformedDocument)]
    if bad:
        return SourceCheck(source=source, things=len(found) - len(bad), wrong=bad[0].reason, remark=bad[0].detail)
    return _judged(source, len(found), [])


async def _remote(source: Source, fetcher: Fetcher) -> SourceCheck:
    response = await fetcher.fetch(source.url, witness=_nobody, as_page=source.kind == "page")
    things, times = await asyncio.to_thread(_things, source, response)
    if response.moved_to:
        remark = f"moved for good to {response.moved_to}; write that into the sources file"
        return SourceCheck(
            source=source, things=things, newest_at=max(times, default=None), wrong="moved", remark=remark
        )
    return _judged(source, things, times)


def _judged(source: Source, things: int, times: Sequence[datetime]) -> SourceCheck:
    newest = max(times, default=None)
    if not things:
        return SourceCheck(source=source, wrong="empty", remark="valid, and nothing in it; look again tomorrow")
    if newest is None and source.kind in {"feed", "channel"}:
        remark = "no publication time in it; its articles are dated by their pages, if at all"
        return SourceCheck(source=source, things=things, wrong="undated", remark=remark)
    return SourceCheck(source=source, things=things, newest_at=newest)


def _things(source: Source, response: Response) -> tuple[int, list[datetime]]:
    content_type, base = response.header("content-type"), response.final_url
    if source.kind == "channel":
        channel = parse_channel(response.body, content_type=content_type, base_url=base)
        return len(channel.shown), [post.published_at for post in channel.posts if post.published_at]
    if source.kind == "sitemap":
        sitemap = parse_sitemap(response.body, content_type=content_type, base_url=base)
        times = [entry.published_at for entry in sitemap.entries if entry.published_at]
        return len(sitemap.entries) + len(sitemap.sitemaps), times
    if source.kind == "page":
        article = read_article(
            response.body, capture=_uncaptured(response), content_type=content_type, entry=None, source=source
        )
        return 1, [article.published_at] if article.published_at else []
    feed = parse_feed(response.body, content_type=content_type, base_url=base)
    times = [entry.published_at for entry in feed.entries if entry.published_at]
    return len(feed.entries) + len(feed.malformed), times


def _uncaptured(response: Response) -> Capture:
    """A capture that stands nowhere, for a reader that asks where a page was found."""
    return Capture(
        capture_id="", source_id="", url=response.url, final_url=response.final_url, fetched_at=response.fetched_at,
        status=response.status, media_type=None, body_sha256="", body_bytes=len(response.body), archive_file="",
        archive_offset=0,
    )  # fmt: skip


def _nobody(response: Response) -> None:
    """Nothing is kept."""
