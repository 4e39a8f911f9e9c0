"""Collecting one source: its feed, the pages that the feed announces and that are not settled, their articles.

The order of writing is what makes it safe to kill: the archive first, then, in one transaction, the capture's row,
the article read from it and what is held. An entry counts as known only by that row, so a pass that dies anywhere is
made good by the next one. At most, a response stands in the archive to which no row leads.

Which failures settle an entry: those that say something definite about the page (404, 410 and their like, no article,
too large, a forbidden address) are held with their reason, and the entry is not fetched again until the feed changes
it. Everything else (no connection, time-out, TLS, 5xx, 403, 429) may pass: it is counted as failed, said in one line,
and tried again in the next pass for as long as the feed announces the entry.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from pipeline.errors import BayanError, FetchError, ParseError
from pipeline.ingest import MalformedEntry, parse_feed, read_article
from pipeline.jobs.ports import Archive, Fetcher, RunStore, SourceStore
from pipeline.records import Article, Capture, CollectedPage, Entry, Quarantined, Response, Source

_PAGES_AT_ONCE = 4
_MAY_PASS = frozenset({401, 403, 407, 408, 421, 423, 425, 429})
_DEFINITE = frozenset({"too-large", "forbidden-address"})


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectPorts:
    """What collecting reaches the world through."""

    fetcher: Fetcher
    archive: Archive
    store: SourceStore
    runs: RunStore


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectReport:
    """What one pass over one source did.

    Attributes:
        source_id: which.
        entries: in the feed, malformed ones included; 0 for a page.
        known: entries that were settled before.
        captures: responses kept, the feed's own included.
        new_articles: versions that stood nowhere before.
        unchanged: pages fetched whose version stood already.
        held: entries and pages newly put into quarantine.
        failed: the feed or pages that gave nothing now and are tried again in the next pass.
        problems: one line each: what failed, and a feed that is empty.
    """

    source_id: str
    entries: int = 0
    known: int = 0
    captures: int = 0
    new_articles: int = 0
    unchanged: int = 0
    held: int = 0
    failed: int = 0
    problems: tuple[str, ...] = ()

    @property
    def counts(self) -> dict[str, int]:
        """The figures for the log of runs."""
        names = ("entries", "known", "captures", "new_articles", "unchanged", "held", "failed")
        return {name: getattr(self, name) for name in names}


async def collect(source: Source, *, ports: CollectPorts, run_id: str, now: datetime) -> CollectReport:
    """One pass over one source. What fails at the source is reported; only our own stores failing raises.

    Raises:
        ArchiveError: evidence cannot be kept.
        WarehouseError: the warehouse cannot be used.
    """
    collecting = _Collecting(source, ports, run_id, now)
    ports.store.save_sources([source], now=now)
    ports.runs.start_run(run_id, job="collect", now=now)
    try:
        await (collecting.feed() if source.kind == "feed" else collecting.single_page())
    except BayanError as error:
        collecting.problems.append(str(error))
        collecting.finish(failed=True)
        raise
    collecting.finish(failed=collecting.failed > 0)
    return collecting.report()


@dataclass(slots=True)
class _Collecting:
    """One pass under way, and what came of it so far."""

    source: Source
    ports: CollectPorts
    run_id: str
    now: datetime
    entries: int = 0
    known: int = 0
    captures: int = 0
    new_articles: int = 0
    unchanged: int = 0
    held: int = 0
    failed: int = 0
    problems: list[str] = field(default_factory=list)

    def report(self) -> CollectReport:
        return CollectReport(
            source_id=self.source.source_id,
            entries=self.entries,
            known=self.known,
            captures=self.captures,
            new_articles=self.new_articles,
            unchanged=self.unchanged,
            held=self.held,
            failed=self.failed,
            problems=tuple(self.problems),
        )

    def finish(self, *, failed: bool) -> None:
        report = self.report()
        self.ports.runs.finish_run(
            self.run_id, counts=report.counts, problems=report.problems, failed=failed, now=self.now
        )

    async def feed(self) -> None:
        """The feed, then the pages of the entries that are not settled."""
        try:
            response = await self.ports.fetcher.fetch(self.source.url)
            self.ports.store.save_capture(self._keep(response), entry_key=None)
            parsed = await asyncio.to_thread(
                parse_feed, response.body, content_type=response.header("content-type"), base_url=response.final_url
            )
        except (FetchError, ParseError) as error:
            self._fail_source(error)
            return
        self.entries = len(parsed.entries) + len(parsed.malformed)
        if not self.entries:
            self.problems.append(f"{self._name()}: the feed is valid but empty; nothing to do unless it stays so")
        self._hold([_held_entry(entry, self.source) for entry in parsed.malformed])
        known = self.ports.store.known_entries(self.source.source_id)
        new = {entry.entry_key: entry for entry in parsed.entries if entry.entry_key not in known}
        self.known = sum(entry.entry_key in known for entry in parsed.entries)
        await self._pages(list(new.values()))
        self.ports.store.record_fetch(self.source.source_id, problem=None, now=self.now)

    async def single_page(self) -> None:
        """A source that is one page: fetched in every pass, since nothing announces that it changed."""
        try:
            response = await self.ports.fetcher.fetch(self.source.url)
        except FetchError as error:
            self._fail_source(error)
            return
        await self._read(response, None)
        self.ports.store.record_fetch(self.source.source_id, problem=None, now=self.now)

    async def _pages(self, entries: Sequence[Entry]) -> None:
        """A few at a time; the first failure of our own stores ends them all, as does the user's wish to stop."""
        turns = asyncio.Semaphore(_PAGES_AT_ONCE)

        async def one(entry: Entry) -> None:
            async with turns:
                await self._page(entry)

        try:
            async with asyncio.TaskGroup() as group:
                for entry in entries:
                    group.create_task(one(entry))
        except BaseExceptionGroup as failures:
            raise failures.exceptions[0] from failures

    async def _page(self, entry: Entry) -> None:
        try:
            response = await self.ports.fetcher.fetch(entry.url)
        except FetchError as error:
            if _is_definite(error):
                self._hold([_held_page(self.source, entry, _reason(error), str(error))])
            else:
                self._fail(error)
            return
        await self._read(response, entry)

    async def _read(self, response: Response, entry: Entry | None) -> None:
        """Keep a page and what it says, in one transaction."""
        capture = self._keep(response)
        article, held = await asyncio.to_thread(_article, response, capture, entry, self.source)
        page = CollectedPage(
            capture=capture, entry_key=entry.entry_key if entry else None, article=article, held=(held,) if held else ()
        )
        is_new = self.ports.store.save_page(page, run_id=self.run_id, now=self.now)
        self.new_articles += is_new
        self.unchanged += article is not None and not is_new
        self.held += held is not None

    def _keep(self, response: Response) -> Capture:
        self.captures += 1
        return self.ports.archive.store(response, source_id=self.source.source_id)

    def _hold(self, items: Sequence[Quarantined]) -> None:
        if items:
            self.held += self.ports.store.quarantine(items, run_id=self.run_id, now=self.now)

    def _fail(self, error: BayanError) -> None:
        self.failed += 1
        self.problems.append(f"{self._name()}: {error}")

    def _fail_source(self, error: FetchError | ParseError) -> None:
        """The source gave nothing; an error of parsing does not know the address."""
        where = "" if isinstance(error, FetchError) else f"{self.source.url}: "
        self.failed += 1
        self.problems.append(f"{self._name()}: {where}{error}")
        self.ports.store.record_fetch(self.source.source_id, problem=f"{where}{error}", now=self.now)

    def _name(self) -> str:
        return f"source {self.source.source_id}"


def _article(
    response: Response, capture: Capture, entry: Entry | None, source: Source
) -> tuple[Article | None, Quarantined | None]:
    content_type = response.header("content-type")
    try:
        return read_article(response.body, capture=capture, content_type=content_type, entry=entry, source=source), None
    except ParseError as error:
        return None, _held_page(source, entry, error.reason, f"{response.final_url}: {error}")


def _is_definite(error: FetchError) -> bool:
    if error.status is not None:
        return 400 <= error.status < 500 and error.status not in _MAY_PASS
    return error.reason in _DEFINITE


def _reason(error: FetchError) -> str:
    return f"status-{error.status}" if error.status is not None else error.reason


def _held_page(source: Source, entry: Entry | None, reason: str, detail: str) -> Quarantined:
    return Quarantined(
        stage="pages",
        reason=reason,
        detail=detail,
        payload=_payload(entry) if entry else json.dumps({"url": source.url}),
        key=entry.entry_key if entry else source.url,
        source_id=source.source_id,
    )


def _held_entry(entry: MalformedEntry, source: Source) -> Quarantined:
    return Quarantined(
        stage="entries",
        reason=entry.reason,
        detail=f"{source.url}: {entry.detail}",
        payload=entry.payload,
        key=entry.key,
        source_id=source.source_id,
    )


def _payload(entry: Entry) -> str:
    published = entry.published_at.isoformat() if entry.published_at else None
    held = {
        "url": entry.url,
        "title": entry.title,
        "guid": entry.guid,
        "published_at": published,
        "summary": entry.summary,
    }
    return json.dumps(held, ensure_ascii=False, sort_keys=True)
