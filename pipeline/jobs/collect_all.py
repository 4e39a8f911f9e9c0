"""Collecting many sources at once, each a pass of its own, and what came of all of them together."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, zip_longest
from urllib.parse import urlsplit

from pipeline.jobs.collect import CollectLimits, CollectPorts, CollectReport, collect
from pipeline.records import Source

AT_ONCE = 500
"""Sources under way at once; most of them wait for a turn at their host."""


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
    tick: Callable[[CollectReport], None] | None = None,
) -> CollectSummary:
    """Collect sources, each through its ports and under its run id. `tick` hears each report as it comes.

    Raises:
        ArchiveError, WarehouseError: our own stores fail; then all passes end.
    """
    reports: list[CollectReport] = []
    turns = asyncio.Semaphore(AT_ONCE)

    async def one(source: Source, ports: CollectPorts, run_id: str) -> None:
        async with turns:
            report = await collect(source, ports=ports, run_id=run_id, now=now, limits=limits)
        reports.append(report)
        if tick:
            tick(report)

    try:
        async with asyncio.TaskGroup() as group:
            for item in _hosts_in_turn(work):
                group.create_task(one(*item))
    except BaseExceptionGroup as failures:
        raise failures.exceptions[0] from failures
    return CollectSummary(reports=tuple(reports))


def _hosts_in_turn(work: Sequence[tuple[Source, CollectPorts, str]]) -> list[tuple[Source, CollectPorts, str]]:
    """The same work, one source of each host after another: those of one host wait for each other anyway."""
    by_host: dict[str, list[tuple[Source, CollectPorts, str]]] = {}
    for item in work:
        by_host.setdefault(urlsplit(item[0].url).netloc, []).append(item)
    return [item for item in chain.from_iterable(zip_longest(*by_host.values())) if item is not None]
