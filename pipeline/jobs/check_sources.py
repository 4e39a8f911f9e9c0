"""Trying sources without keeping anything: what each gives, and what is wrong with it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from pipeline.errors import FetchError, ParseError
from pipeline.ingest import parse_channel, parse_feed, parse_sitemap, read_article
from pipeline.jobs.passing import kind_of
from pipeline.jobs.ports import Fetcher, Shelf
from pipeline.records import LOCAL_KINDS, Article, Capture, Entry, MalformedDocument, Response, Source

STALE = timedelta(days=60)
"""The newest thing of a source that publishes is younger than this; a quarterly review is told so, and is well."""

_CAN_BE_COLLECTED = frozenset({"ok", "empty", "moved", "pages", "stale", "undated"})


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceCheck:
    """What one source gave.

    Attributes:
        source: which.
        things: entries, posts, documents; 1 for a page that is an article.
        newest_at: UTC; the newest publication time, or None.
        wrong: the worst that is wrong, by kind: `ok`, `empty`, `moved`, `pages`, `stale`, `undated`, `status-404` …
        remark: one line for a person that tells all of it, empty when all is well.
    """

    source: Source
    things: int = 0
    newest_at: datetime | None = None
    wrong: str = "ok"
    remark: str = ""

    @property
    def failed(self) -> bool:
        """Whether the source cannot be collected as it stands."""
        return self.wrong not in _CAN_BE_COLLECTED


@dataclass(frozen=True, slots=True)
class _Given:
    """What a source's answer held: how much, when it was published, and the address of its first page."""

    things: int
    times: Sequence[datetime] = ()
    page: str | None = None


async def check_sources(
    work: Sequence[tuple[Source, Fetcher]], *, shelf: Shelf, now: datetime, tick: Callable[[SourceCheck], None]
) -> list[SourceCheck]:
    """Try sources at once, each with its fetcher; in their order. `tick` hears each as it is done.

    Of what announces pages, the first page is tried too: a feed whose pages cannot be read brings nothing.
    """

    async def one(source: Source, fetcher: Fetcher) -> SourceCheck:
        try:
            is_local = source.kind in LOCAL_KINDS
            found = _local(source, shelf) if is_local else await _remote(source, fetcher, now)
        except (FetchError, ParseError) as error:
            found = SourceCheck(source=source, wrong=kind_of(error), remark=_said(error, source.url))
        tick(found)
        return found

    return list(await asyncio.gather(*(one(*item) for item in work)))


def _local(source: Source, shelf: Shelf) -> SourceCheck:
    found = list(shelf.documents(source, known=frozenset()))
    bad = [one for one in found if isinstance(one, MalformedDocument)]
    if bad:
        return SourceCheck(source=source, things=len(found) - len(bad), wrong=bad[0].reason, remark=bad[0].detail)
    return _judged(source, _Given(len(found)), [_EMPTY] if not found else [])


async def _remote(source: Source, fetcher: Fetcher, now: datetime) -> SourceCheck:
    response = await fetcher.fetch(source.url, witness=_nobody, as_page=source.kind == "page")
    given = await asyncio.to_thread(_given, source, response)
    wrong: list[tuple[str, str]] = []
    if response.moved_to:
        wrong.append(("moved", f"moved for good to {response.moved_to}; write that into the sources file"))
    if not given.things:
        wrong.append(_EMPTY)
    if given.page and (problem := await _problem_of_page(given.page, source, fetcher)):
        wrong.append(("pages", f"its first page gives nothing: {problem}"))
    newest = max(given.times, default=None)
    if newest and now - newest > STALE:
        wrong.append(("stale", f"nothing new for {(now - newest).days} days; look whether the outlet has another feed"))
    if newest is None and given.things and source.kind in {"feed", "channel"}:
        wrong.append(("undated", "no publication time in it; its articles are dated by their pages, if at all"))
    return _judged(source, given, wrong)


_EMPTY = ("empty", "valid, and nothing in it; look again tomorrow")


def _judged(source: Source, given: _Given, wrong: Sequence[tuple[str, str]]) -> SourceCheck:
    return SourceCheck(
        source=source,
        things=given.things,
        newest_at=max(given.times, default=None),
        wrong=wrong[0][0] if wrong else "ok",
        remark="; ".join(remark for _, remark in wrong),
    )


async def _problem_of_page(url: str, source: Source, fetcher: Fetcher) -> str | None:
    """Why no article can be read there, or None."""
    try:
        response = await fetcher.fetch(url, witness=_nobody, as_page=True)
        await asyncio.to_thread(_article, source, response)
    except (FetchError, ParseError) as error:
        return str(error)
    return None


def _given(source: Source, response: Response) -> _Given:
    content_type, base = response.header("content-type"), response.final_url
    if source.kind == "channel":
        channel = parse_channel(response.body, content_type=content_type, base_url=base)
        return _Given(len(channel.shown), [post.published_at for post in channel.posts if post.published_at])
    if source.kind == "sitemap":
        sitemap = parse_sitemap(response.body, content_type=content_type, base_url=base)
        return _of_entries(sitemap.entries, more=len(sitemap.sitemaps))
    if source.kind == "page":
        article = _article(source, response)
        return _Given(1, [article.published_at] if article.published_at else [])
    feed = parse_feed(response.body, content_type=content_type, base_url=base)
    return _of_entries(feed.entries, more=len(feed.malformed))


def _of_entries(entries: Sequence[Entry], *, more: int) -> _Given:
    times = [entry.published_at for entry in entries if entry.published_at]
    return _Given(len(entries) + more, times, entries[0].url if entries else None)


def _article(source: Source, response: Response) -> Article:
    return read_article(
        response.body,
        capture=_uncaptured(response),
        content_type=response.header("content-type"),
        entry=None,
        source=source,
    )


def _said(error: FetchError | ParseError, url: str) -> str:
    return str(error).removeprefix(f"{url}: ")


def _uncaptured(response: Response) -> Capture:
    """A capture that stands nowhere, for a reader that asks where a page was found."""
    return Capture(
        capture_id="", source_id="", url=response.url, final_url=response.final_url, fetched_at=response.fetched_at,
        status=response.status, media_type=None, body_sha256="", body_bytes=len(response.body), archive_file="",
        archive_offset=0,
    )  # fmt: skip


def _nobody(response: Response) -> None:
    """Nothing is kept."""
