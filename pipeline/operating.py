"""Wires what those need who run the house: the watcher, things done by hand, figures, and mails to the operators.

The daily work is wired in `bootstrap`; what is built here is built of its parts.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline import bootstrap
from pipeline.settings import Settings

if TYPE_CHECKING:
    from pipeline.jobs.check_sources import SourceCheck
    from pipeline.jobs.look_after import Memory
    from pipeline.records import Period, Source
    from pipeline.records.figures import Figures
    from pipeline.records.notice import Notice

__all__ = [
    "Done",
    "backfill",
    "check_sources",
    "figures",
    "ingest",
    "retry_quarantined",
    "send_test_alert",
    "tell_operators",
    "trouble",
    "watch_feeds",
]


_ARCHIVE_SITEMAPS = 500
"""Of an index: some twenty years of months, or a year of days."""

_PAGE_COUNTS = ("fetched", "new_articles", "unchanged", "deferred", "held", "failed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What came of something done by hand: figures by name, and a line for each problem."""

    counts: Mapping[str, int]
    problems: tuple[str, ...] = ()


async def watch_feeds(settings: Settings, *, say: Callable[[str], None]) -> AsyncIterator[tuple[str, ...]]:
    """Ids of the sources that have something new, as soon as that is seen; `say` hears of feeds that do not answer.

    Ends at once where the settings switch watching off; else never. The first look comes after one interval: whoever
    starts the house has collected by then.

    Raises:
        SourcesError: the sources file cannot be read.
        WarehouseError: the warehouse cannot be asked.
    """
    from pipeline.jobs.watch import FeedWatch, watchable

    if not settings.watch_seconds:
        return
    with closing(bootstrap.open_warehouse(settings)) as warehouse:
        async with bootstrap.fetcher(settings) as far, bootstrap.fetcher(settings, also=bootstrap.LOOPBACK) as near:
            watch = FeedWatch(
                fetcher_of=lambda source: near if bootstrap.is_on_loopback(source) else far,
                store=warehouse,
                interval=timedelta(seconds=settings.watch_seconds),
            )
            await asyncio.sleep(settings.watch_seconds)
            while True:
                chosen = watchable(await asyncio.to_thread(bootstrap.sources, settings))
                news, problems = await watch.look(chosen, now=datetime.now(UTC))
                for problem in problems:
                    say(problem)
                if news:
                    yield news
                pause = watch.pause(now=datetime.now(UTC)).total_seconds()
                await asyncio.sleep(min(max(pause, 0.2), settings.watch_seconds))


def ingest(settings: Settings, pasted: str, *, inbox: str = "", run_id: str) -> Done:
    """Collect what a person names: pages under pasted addresses, a source each, and a file or folder of the inbox.

    Addresses of this machine and of private networks are refused unless the settings allow them.

    Raises:
        UsageError: something pasted is no address, nothing was named, or the inbox holds no such thing.
    """
    from pipeline.ingest.pasted import pasted_sources

    named = (_of_inbox(settings.inbox, inbox),) if inbox else ()
    if pasted.strip() or not named:
        named = (*named, *pasted_sources(pasted))

    counts: Counter[str] = Counter()
    problems: list[str] = []
    chosen = [(source, f"{run_id}/{number}") for number, source in enumerate(named, 1)]
    for report in bootstrap.collect_by_hand(settings, chosen).reports:
        counts.update({"named": 1, **{name: report.counts[name] for name in _PAGE_COUNTS}})
        problems += report.problems
    return Done(counts=dict(counts), problems=tuple(problems))


def backfill(
    settings: Settings, archive: str, period: Period, *, run_id: str, say: Callable[[str], None] = lambda _: None
) -> Done:
    """Collect what an archive has of a period, pass after pass until nothing is left; `say` hears of each pass.

    An archive is the address of a sitemap or of an index of such, or a file or folder of the inbox. What was collected
    before is not fetched again: a backfill that was ended goes on where it stopped.

    Raises:
        UsageError: the archive is neither.
        FetchError: the archive gave nothing; a retry may help.
    """
    from pipeline.errors import FetchError
    from pipeline.jobs.collect import CollectLimits

    source = _archive(settings, archive)
    limits = CollectLimits(pages=settings.pages_per_pass, revisits=0, sitemaps=_ARCHIVE_SITEMAPS, period=period)
    counts: Counter[str] = Counter(dict.fromkeys(_PAGE_COUNTS, 0))
    problems: list[str] = []
    going_on = True
    while going_on:
        counts["passes"] += 1
        (report,) = bootstrap.collect_by_hand(
            settings, [(source, f"{run_id}/{counts['passes']}")], limits=limits
        ).reports
        if report.failed and not report.entries:
            raise FetchError(source.url, "unreachable", f"gave nothing: {'; '.join(report.problems)}", retryable=True)
        counts.update({name: report.counts[name] for name in _PAGE_COUNTS if name != "deferred"})
        counts["in_period"], counts["deferred"] = report.entries, report.deferred
        problems += report.problems
        say(f"pass {counts['passes']}: {report.new_articles} new articles, {report.deferred} pages wait")
        going_on = bool(report.deferred and (report.new_articles or report.unchanged or report.held))
    return Done(counts=dict(counts), problems=tuple(problems))


def _archive(settings: Settings, archive: str) -> Source:
    from pipeline.ingest.pasted import pasted_sources
    from pipeline.records.identity import content_id

    if "://" not in archive:
        return _of_inbox(settings.inbox, archive)
    (page,) = pasted_sources(archive.strip().replace(" ", "%20"))
    return replace(page, source_id=f"archive-{content_id('archive', page.url)[:16]}", kind="sitemap")


def _of_inbox(inbox: Path, name: str) -> Source:
    """A source of a file or folder of the inbox: WARC where it holds such files, else pages, text and JSON Lines."""
    from pipeline.errors import UsageError
    from pipeline.records import Source
    from pipeline.records.identity import content_id

    place = (inbox / name).resolve()
    if not place.is_relative_to(inbox.resolve()) or not place.exists():
        raise UsageError(f"{inbox}: holds no {name!r}; put the file or folder there, and name it as it is called there")
    files = [place] if place.is_file() else list(place.rglob("*"))
    is_warc = any(file.name.endswith((".warc", ".warc.gz")) for file in files)
    return Source(
        source_id=f"by-hand-{content_id('inbox', name)[:16]}",
        kind="warc" if is_warc else "folder",
        url=place.as_uri(),
        name=f"by hand: {name}"[:200],
        enabled=False,
    )


def check_sources(settings: Settings, *, only: Sequence[str] = (), say: Callable[[str], None]) -> Done:
    """Try the enabled sources, or those asked for; `say` hears of each that can be collected. Nothing is kept.

    Raises:
        SourcesError: an id asked for is not in the sources file, or the file is broken.
    """
    problems: list[str] = []

    def tick(found: SourceCheck) -> None:
        line = f"source {found.source.source_id}: {found.wrong}, {found.things} things; {found.remark}".rstrip("; ")
        problems.append(line) if found.failed else say(line)

    checks = bootstrap.check_sources(settings, only=only, tick=tick)
    counts = Counter(found.wrong for found in checks)
    return Done(counts={"sources": len(checks), **dict(sorted(counts.items()))}, problems=tuple(problems))


def retry_quarantined(settings: Settings, quarantine_ids: Sequence[str]) -> Done:
    """Let what is held go through its stage and the gate again; ids may be given by their first characters.

    Raises:
        WarehouseError: an id is none, or several begin so; then nothing is tried again.
    """
    with closing(bootstrap.open_warehouse(settings)) as warehouse:
        chosen = [warehouse.quarantined_one(each) for each in dict.fromkeys(quarantine_ids)]
        for row in chosen:
            warehouse.resolve(row, "retried", note="by an operator, in Airflow", now=datetime.now(UTC))
    again = sum(row.stage not in {"entries", "pages"} for row in chosen)
    return Done(counts={"to_be_collected_again": len(chosen) - again, "to_be_judged_again": again})


def figures(settings: Settings) -> Figures:
    """The house as it is now."""
    with closing(bootstrap.open_warehouse(settings)) as warehouse:
        return warehouse.figures(now=datetime.now(UTC))


def trouble(settings: Settings, *, board: str | None) -> list[Notice]:
    """What needs a person now; `board` is the address of the operators' page."""
    from pipeline.jobs.look_after import notices_of

    return notices_of(figures(settings), board=board)


def tell_operators(
    settings: Settings, notices: Sequence[Notice], *, memory: Memory, repeat_hours: int = 24
) -> tuple[Notice, ...]:
    """Tell the operators of the settings what they were not told lately; what was told.

    Raises:
        MailError: the mail could not be handed over.
    """
    from pipeline.jobs.look_after import tell

    if not notices or not settings.operators:
        return ()
    desk = bootstrap.operators_desk(settings, memory, repeat_hours=repeat_hours)
    return tell(notices, desk=desk, now=datetime.now(UTC))


def send_test_alert(settings: Settings, recipient: str, *, run_id: str) -> Done:
    """Send one alert about an invented statement, rendered and sent as real ones are; nothing of it is stored.

    Raises:
        MailError: the server did not take it.
    """
    from pipeline.alerts import Telling
    from pipeline.alerts.trial import trial_alert, trial_found

    renderer = bootstrap.renderer(settings)
    now = datetime.now(UTC)
    alert = trial_alert(recipient, domain=renderer.domain, run_id=run_id, now=now)
    message = renderer.message(alert, Telling(found=tuple(trial_found(now))), name="TEST تجربة", run_id=run_id, now=now)
    refusals = bootstrap.mailer(settings).send(message)
    return Done(counts={"mails": 1}, problems=tuple(f"{each.address}: {each.code} {each.reply}" for each in refusals))
