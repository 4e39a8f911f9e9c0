"""One pass over one source under way: what it reaches the world through, what it counted, what it has to tell.

Which failures settle an entry: those that say something definite about the page (404, 410 and their like, no article,
too large, a forbidden address, robots.txt) are held with their reason, and the entry is not fetched again until the
feed changes it. Everything else (no connection, time-out, TLS, 5xx, 403, 429) may pass: it is counted as failed, said
in one line, and tried again in the next pass for as long as the feed announces the entry.
"""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from pipeline.errors import BayanError, FetchError, ParseError
from pipeline.ingest import MalformedEntry
from pipeline.jobs.ports import Archive, Fetcher, RunStore, Shelf, SourceStore
from pipeline.records import Capture, Entry, Period, Quarantined, Response, Source

T = TypeVar("T")

COUNTED = (
    "fetched", "not_modified", "new_articles", "changed", "failed", "entries", "known", "unchanged", "deleted",
    "restored", "near_duplicates", "revisited", "deferred", "held",
)  # fmt: skip
_MAY_PASS = frozenset({401, 403, 407, 408, 421, 423, 425, 429})
_DEFINITE = frozenset({"too-large", "forbidden-address", "robots"})
_GONE = frozenset({404, 410})


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectPorts:
    """What collecting reaches the world through.

    Attributes:
        shelf: of local sources; not needed without any.
        parser: where bytes are parsed beside the event loop. One thread is best: parsers hold the interpreter's lock,
            and several of them take a third more time for the same work. None: the loop's own threads.
        kept: hears of each response that is kept, for whoever shows how far a long pass is.
    """

    fetcher: Fetcher
    archive: Archive
    store: SourceStore
    runs: RunStore
    shelf: Shelf | None = None
    parser: Executor | None = None
    kept: Callable[[], None] = lambda: None


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectLimits:
    """How much one pass does.

    Attributes:
        pages: new pages fetched for one source; the others wait for the next pass.
        revisits: known pages looked at again for one source.
        revisit_after: seconds from the first look at a page to the second.
        lost_pages: failures in a row after which the other pages of a source wait for the next pass.
        sitemaps: of an index, the last changed.
        period: what is taken of a sitemap, a folder or an archive, by `entry_date` and `document_date`.
    """

    pages: int = 200
    revisits: int = 20
    revisit_after: int = 3600
    lost_pages: int = 4
    sitemaps: int = 5
    period: Period = field(default_factory=Period)


@dataclass(slots=True)
class Pass:
    """One pass, and what came of it so far.

    `absences` has the id of the capture under each address of which the server said that nothing is there.
    """

    source: Source
    ports: CollectPorts
    run_id: str
    now: datetime
    limits: CollectLimits = CollectLimits()
    count: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)
    absences: dict[str, str] = field(default_factory=dict)
    lost_in_a_row: int = 0

    @property
    def is_complete(self) -> bool:
        """Whether nothing is left for the next pass; only then may the next request be conditional."""
        return not (self.count["failed"] or self.count["deferred"])

    async def parse(self, work: Callable[[], T]) -> T:
        """The result of parsing, done beside the event loop."""
        return await asyncio.get_running_loop().run_in_executor(self.ports.parser, work)

    def keep(self, response: Response) -> Capture:
        """Evidence first."""
        self.count["fetched"] += 1
        capture = self.ports.archive.store(response, source_id=self.source.source_id)
        self.ports.kept()
        return capture

    def witness(self, response: Response) -> None:
        """Keep an answer that leads to no article: a redirect, an error, robots.txt."""
        capture = self.keep(response)
        self.ports.store.save_capture(capture, entry_key=None)
        if response.status in _GONE:
            self.absences[response.url] = capture.capture_id

    def hold(self, items: Sequence[Quarantined]) -> None:
        """Hold things back."""
        if items:
            self.count["held"] += self.ports.store.quarantine(items, run_id=self.run_id, now=self.now)

    def fail(self, error: BayanError) -> None:
        """Count and tell a failure, by its kind."""
        self.count["failed"] += 1
        self.count[f"failed: {kind_of(error)}"] += 1
        # An error of parsing does not know the address.
        where = f"{self.source.url}: " if isinstance(error, ParseError) else ""
        self.problems.append(f"source {self.source.source_id}: {where}{error}")

    def tell(self, line: str) -> None:
        """Tell something that is no failure."""
        self.problems.append(f"source {self.source.source_id}: {line}")


def kind_of(error: BayanError) -> str:
    """A failure's kind: `status-503`, `timeout`, `not-a-feed`."""
    if isinstance(error, FetchError):
        return f"status-{error.status}" if error.status is not None else error.reason
    return error.reason if isinstance(error, ParseError) else "other"


def is_definite(error: FetchError) -> bool:
    """Whether a failure says something about the page that will not pass."""
    if error.status is not None and error.reason == "status":
        return 400 <= error.status < 500 and error.status not in _MAY_PASS
    return error.reason in _DEFINITE


def is_gone(error: FetchError) -> bool:
    """Whether the server says that the page is not there."""
    return error.reason == "status" and error.status in _GONE


def held_page(source: Source, entry: Entry | None, reason: str, detail: str) -> Quarantined:
    """A page that gives no article."""
    return Quarantined(
        stage="pages",
        reason=reason,
        detail=detail,
        payload=_payload(entry) if entry else json.dumps({"url": source.url}),
        key=entry.entry_key if entry else source.url,
        source_id=source.source_id,
    )


def held_entry(entry: MalformedEntry, source: Source) -> Quarantined:
    """An entry that leads to no page."""
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
