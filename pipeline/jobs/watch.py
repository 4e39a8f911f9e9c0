"""Looking whether feeds announce something new: often, cheaply, and without keeping anything.

Collecting is another job's work; this one only says which sources are worth it now. What was announced once is not
announced again, so that an entry whose page cannot be had does not start a run at every look. All of it is memory: a
watcher that starts again looks at every feed at once, and may say once more what still waits.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from pipeline.errors import FetchError, ParseError
from pipeline.ingest import parse_feed
from pipeline.jobs.pages import validators_of
from pipeline.jobs.ports import Fetcher
from pipeline.records import NO_VALIDATORS, Response, Source, Validators

LONGEST = timedelta(days=1)
"""Between two looks at a feed in which nothing happens: as rarely as the schedule polls it at last."""

QUIET_SHARE = 24
"""A feed that has been quiet for some time is looked at so many times in as long again: hourly after a quiet day."""

_AT_ONCE = 8
_NOT_MODIFIED = 304


class EntryStore(Protocol):
    """What watching needs of the warehouse."""

    def known_entries(self, source_id: str) -> frozenset[str]:
        """Keys of the entries of this source that are settled."""
        ...

    def disabled(self, now: datetime) -> frozenset[str]:
        """Ids of the sources that failed too often, and whose daily probe is not due."""
        ...


@dataclass(slots=True)
class _Feed:
    """What is remembered of one feed."""

    due_at: datetime
    changed_at: datetime
    failures: int = 0
    announced: frozenset[str] = frozenset()
    validators: Validators = NO_VALIDATORS


@dataclass(slots=True, kw_only=True)
class FeedWatch:
    """Eyes on feeds.

    Attributes:
        fetcher_of: the fetcher that may reach a source.
        store: what is known already.
        interval: between two looks at a feed that is busy.
    """

    fetcher_of: Callable[[Source], Fetcher]
    store: EntryStore
    interval: timedelta
    _feeds: dict[str, _Feed] = field(default_factory=dict)

    async def look(self, sources: Sequence[Source], *, now: datetime) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Look at those of these feeds that are due: ids of the sources with something new, and problems, a line each.

        What failed too often is left to the daily probe of the schedule.

        Raises:
            WarehouseError: what is known could not be asked.
        """
        feeds = {source.source_id: self._feeds.get(source.source_id) or _Feed(now, now) for source in sources}
        self._feeds = feeds
        turns = asyncio.Semaphore(_AT_ONCE)
        problems: list[str] = []

        async def one(source: Source) -> bool:
            async with turns:
                try:
                    return await self._has_news(source, feeds[source.source_id], now)
                except (FetchError, ParseError) as error:
                    problems.append(f"source {source.source_id}: {error}")
                    return False

        due = [source for source in sources if feeds[source.source_id].due_at <= now]
        asleep = await asyncio.to_thread(self.store.disabled, now) if due else frozenset()
        for source in due:
            if source.source_id in asleep:
                feeds[source.source_id].due_at = now + self.interval
        due = [source for source in due if source.source_id not in asleep]
        found = await asyncio.gather(*(one(source) for source in due))
        news = tuple(source.source_id for source, new in zip(due, found, strict=True) if new)
        return news, tuple(problems)

    def pause(self, *, now: datetime) -> timedelta:
        """How long nothing is due."""
        earliest = min((feed.due_at for feed in self._feeds.values()), default=now + self.interval)
        return max(earliest - now, timedelta(0))

    async def _has_news(self, source: Source, feed: _Feed, now: datetime) -> bool:
        feed.failures += 1
        feed.due_at = now + pace(self.interval, quiet=now - feed.changed_at, failures=feed.failures)
        response = await self.fetcher_of(source).fetch(source.url, witness=_nobody, validators=feed.validators)
        if response.status == _NOT_MODIFIED:
            feed.failures = 0
            feed.due_at = now + pace(self.interval, quiet=now - feed.changed_at)
            return False
        parsed = await asyncio.to_thread(
            parse_feed, response.body, content_type=response.header("content-type"), base_url=response.final_url
        )
        known = await asyncio.to_thread(self.store.known_entries, source.source_id)
        unknown = frozenset(entry.entry_key for entry in parsed.entries) - known
        new = unknown - feed.announced
        feed.failures, feed.announced = 0, unknown
        # While something waits to be settled, what becomes of it is asked of the warehouse at every look.
        feed.validators = NO_VALIDATORS if unknown else validators_of(response)
        if new:
            feed.changed_at = now
        feed.due_at = now + pace(self.interval, quiet=now - feed.changed_at)
        return bool(new)


def _nobody(response: Response) -> None:
    """Nothing is kept: what is new is fetched again by the one who collects, into the archive."""


def pace(interval: timedelta, *, quiet: timedelta, failures: int = 0) -> timedelta:
    """How long to leave a feed alone: the interval while it is busy, longer as it is quiet, doubled by each failure."""
    longest = max(LONGEST, interval)
    return min(max(interval, quiet / QUIET_SHARE) * (1 << min(failures, 13)), longest)


def watchable(sources: Sequence[Source]) -> list[Source]:
    """The sources that announce what is new; a single page does not, and is left to the schedule."""
    return [source for source in sources if source.enabled and source.kind == "feed"]


def news_of(payloads: Sequence[Mapping[str, object]]) -> list[str]:
    """The source ids of what watchers told, each once, in order; whatever else a payload holds is passed over."""
    told = [payload.get("source_ids") for payload in payloads]
    ids = [source_id for each in told if isinstance(each, list | tuple) for source_id in each]
    return list(dict.fromkeys(source_id for source_id in ids if isinstance(source_id, str)))
