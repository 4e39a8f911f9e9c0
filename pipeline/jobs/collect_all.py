"""Collecting many sources at once, each a pass of its own, and what came of all of them together."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain, zip_longest
from urllib.parse import urlsplit

from pipeline.jobs.collect import CollectLimits, CollectPorts, CollectReport, collect
from pipeline.records import Source

AT_ONCE = 500
"""Sources under way at once; most of them wait for a turn at their host."""


TELL_EVERY = 10.0
"""Seconds between two words on how far it is, while no pass ends."""


@dataclass(slots=True, kw_only=True)
class Progress:
    """How far the passes over many sources are.

    Attributes:
        sources: how many there are.
        done: how many passes have ended.
        fetched: responses kept so far.
        last: the report of the pass that ended last, or None.
    """

    sources: int
    done: int = 0
    fetched: int = 0
    last: CollectReport | None = None

    def __str__(self) -> str:
        """One line for a person."""
        last = f"; {self.last.source_id} {self.last.state}" if self.last else ""
        return f"{self.done} of {self.sources} sources, {self.fetched} fetched{last}"

    def count_kept(self) -> None:
        """One response more."""
        self.fetched += 1

    def count_done(self, report: CollectReport) -> None:
        """One pass more."""
        self.done, self.last = self.done + 1, report


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectSummary:
    """What the passes over many sources did together.

    Attributes:
        reports: one a source, in the order of their ends.
        untold: why the operators could not be told of troubled sources, or None.
    """

    reports: tuple[CollectReport, ...]
    untold: str | None = None

    @property
    def counts(self) -> dict[str, int]:
        """The sums of all counts, failures by their kind among them."""
        total: Counter[str] = Counter(sources=len(self.reports))
        for report in self.reports:
            total.update(report.counts)
        return dict(total)

    @property
    def problems(self) -> tuple[str, ...]:
        """Every line that a pass had to tell, and that operators could not be told."""
        told = tuple(problem for report in self.reports for problem in report.problems)
        return (*told, self.untold) if self.untold else told


async def collect_all(
    work: Sequence[tuple[Source, CollectPorts, str]],
    *,
    now: datetime,
    limits: CollectLimits | None = None,
    tick: Callable[[Progress], None] = lambda _: None,
) -> CollectSummary:
    """Collect sources, each through its ports and under its run id.

    `tick` hears how far it is as each pass ends, and now and then while none does.

    Raises:
        ArchiveError, WarehouseError: our own stores fail; then all passes end.
    """
    reports: list[CollectReport] = []
    progress = Progress(sources=len(work))
    turns = asyncio.Semaphore(AT_ONCE)

    async def one(source: Source, ports: CollectPorts, run_id: str) -> None:
        async with turns:
            heard = replace(ports, kept=progress.count_kept)
            report = await collect(source, ports=heard, run_id=run_id, now=now, limits=limits)
        reports.append(report)
        progress.count_done(report)
        tick(progress)

    telling = asyncio.create_task(_tell(progress, tick))
    try:
        async with asyncio.TaskGroup() as group:
            for item in _hosts_in_turn(work):
                group.create_task(one(*item))
    except BaseExceptionGroup as failures:
        raise failures.exceptions[0] from failures
    finally:
        telling.cancel()
    return CollectSummary(reports=tuple(reports))


async def _tell(progress: Progress, tick: Callable[[Progress], None]) -> None:
    """Until it is ended."""
    while True:
        await asyncio.sleep(TELL_EVERY)
        tick(progress)


def _hosts_in_turn(work: Sequence[tuple[Source, CollectPorts, str]]) -> list[tuple[Source, CollectPorts, str]]:
    """The same work, one source of each host after another: those of one host wait for each other anyway."""
    by_host: dict[str, list[tuple[Source, CollectPorts, str]]] = {}
    for item in work:
        by_host.setdefault(urlsplit(item[0].url).netloc, []).append(item)
    return [item for item in chain.from_iterable(zip_longest(*by_host.values())) if item is not None]
