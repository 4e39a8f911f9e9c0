"""Collecting one source: what it announces, the pages that are not settled, their articles, and how the source fares.

The order of writing is what makes it safe to kill: the archive first, then, in one transaction, the capture's row,
the article read from it and what is held. An entry counts as known only by that row, so a pass that dies anywhere is
made good by the next one; a response that stands in the archive without a row is given one by the next start.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from pipeline.errors import BayanError, FetchError, ParseError
from pipeline.ingest import Poll, after_poll, asking, first_health
from pipeline.jobs.passing import COUNTED, CollectLimits, CollectPorts, Pass, kind_of
from pipeline.jobs.reading import poll_source
from pipeline.records import Source, SourceHealth

__all__ = ["CollectLimits", "CollectPorts", "CollectReport", "collect"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectReport:
    """What one pass over one source did.

    Attributes:
        source_id: which.
        fetched: responses kept, those of the source itself, redirects and errors included.
        not_modified: 1 when the server said that nothing changed.
        new_articles: versions that stood nowhere before.
        changed: those of them that are another text of an article known before.
        failed: the source or pages that gave nothing now and are tried again in the next pass.
        entries: that it announced, malformed ones included; 0 for a page.
        known: entries that were settled before.
        unchanged: pages fetched whose version stood already.
        deleted: articles found to be gone.
        restored: articles found again that had gone.
        near_duplicates: links to texts of other articles that are nearly the same.
        revisited: known pages looked at again.
        deferred: new pages that wait for the next pass.
        held: entries and pages newly put into quarantine.
        failed_by_kind: failures by kind.
        state: of the source behind this pass.
        problems: one line each: what failed, and what an operator may want to know.
    """

    source_id: str
    fetched: int = 0
    not_modified: int = 0
    new_articles: int = 0
    changed: int = 0
    failed: int = 0
    entries: int = 0
    known: int = 0
    unchanged: int = 0
    deleted: int = 0
    restored: int = 0
    near_duplicates: int = 0
    revisited: int = 0
    deferred: int = 0
    held: int = 0
    failed_by_kind: Mapping[str, int]
    state: str
    problems: tuple[str, ...] = ()

    @property
    def counts(self) -> dict[str, int]:
        """The figures for the log of runs."""
        kinds = {f"failed: {kind}": count for kind, count in sorted(self.failed_by_kind.items())}
        return {name: getattr(self, name) for name in COUNTED} | kinds


async def collect(
    source: Source, *, ports: CollectPorts, run_id: str, now: datetime, limits: CollectLimits | None = None
) -> CollectReport:
    """One pass over one source. What fails at the source is reported; only our own stores failing raises.

    Raises:
        ArchiveError: evidence cannot be kept.
        WarehouseError: the warehouse cannot be used.
    """
    one_pass = Pass(source, ports, run_id, now, limits or CollectLimits())
    ports.store.save_sources([source], now=now)
    ports.runs.start_run(run_id, job="collect", now=now)
    before = ports.store.health(source.source_id) or first_health(source.source_id, now=now)
    try:
        health = await _poll(one_pass, before)
    except BayanError as error:
        one_pass.problems.append(str(error))
        ports.runs.finish_run(
            run_id, counts=_report(one_pass, before).counts, problems=one_pass.problems, failed=True, now=now
        )
        raise
    if health.state != before.state and health.state in {"silent", "disabled"}:
        one_pass.tell(_WHAT_STATES_MEAN[health.state])
    report = _report(one_pass, health)
    ports.runs.finish_run(run_id, counts=report.counts, problems=report.problems, failed=report.failed > 0, now=now)
    return report


async def _poll(one_pass: Pass, before: SourceHealth) -> SourceHealth:
    """Poll the source and keep how it fares."""
    source, store = one_pass.source, one_pass.ports.store
    url, validators = asking(before, source.url)
    try:
        poll = await poll_source(one_pass, url, validators)
    except (FetchError, ParseError) as error:
        one_pass.fail(error)
        poll = Poll(
            outcome="failed",
            reason=kind_of(error),
            problem=one_pass.problems[-1].partition(": ")[2],
            retry_after=error.retry_after if isinstance(error, FetchError) else None,
        )
    health = after_poll(before, poll, url=source.url, now=one_pass.now)
    store.save_health(health)
    store.record_fetch(source.source_id, problem=poll.problem, now=one_pass.now)
    return health


_WHAT_STATES_MEAN = {
    "silent": "is silent: nothing new for longer than it ever was; look at it in a browser",
    "disabled": "is disabled after 30 weighted failures; it is probed daily and comes back by itself",
}


def _report(one_pass: Pass, health: SourceHealth) -> CollectReport:
    kinds = {name.removeprefix("failed: "): n for name, n in one_pass.count.items() if name.startswith("failed: ")}
    return CollectReport(
        source_id=one_pass.source.source_id,
        **{name: one_pass.count[name] for name in COUNTED},
        failed_by_kind=kinds,
        state=health.state,
        problems=tuple(one_pass.problems),
    )
