"""The one place that wires: it reads the settings, builds the adapters, and hands them to the jobs.

Every part is imported where it is built: a task that sends mail does not pay for Great Expectations.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pipeline.errors import SourcesError, SubscriptionsError
from pipeline.settings import PROJECT, Settings, read_settings

if TYPE_CHECKING:
    from pipeline.adapters.archive import WarcArchive
    from pipeline.adapters.http import HttpFetcher
    from pipeline.adapters.mail import SmtpMailer
    from pipeline.adapters.warehouse import Warehouse
    from pipeline.alerts import Links, Renderer
    from pipeline.jobs.alert import AlertPorts, AlertReport
    from pipeline.jobs.analyse import AnalysePorts, AnalyseReport
    from pipeline.jobs.check_sources import SourceCheck
    from pipeline.jobs.collect import CollectLimits, CollectReport
    from pipeline.jobs.collect_all import CollectSummary, Progress
    from pipeline.jobs.comparison import Comparison
    from pipeline.jobs.evidence import EvidenceReport, Tick
    from pipeline.jobs.look_after import Desk, Memory
    from pipeline.jobs.reclassify import Plan
    from pipeline.matching import Rulebook
    from pipeline.records import Period, Source, Subscription

__all__ = [
    "DAILY",
    "PROMPT",
    "alert_ports",
    "articles_waiting",
    "check_sources",
    "collect_by_hand",
    "compare_rules",
    "fetcher",
    "is_on_loopback",
    "mailer",
    "open_archive",
    "open_warehouse",
    "open_warehouse_for_reading",
    "operators_desk",
    "prepare_warehouse",
    "read_settings",
    "rehearse_reclassify",
    "renderer",
    "rulebook",
    "run_alert",
    "run_analyse",
    "run_collect",
    "run_collect_many",
    "run_reclassify",
    "run_replay",
    "run_verify",
    "source_ids",
    "sources",
    "statements_untold",
    "subscriptions",
    "warehouse_name",
]


def open_warehouse(settings: Settings) -> Warehouse:
    """The warehouse, schema as it stands."""
    from pipeline.adapters.warehouse import Warehouse

    return Warehouse(settings.database_url)


def open_warehouse_for_reading(settings: Settings) -> Warehouse:
    """The warehouse, opened so that nothing can be written through it."""
    from pipeline.adapters.warehouse import Warehouse

    return Warehouse(settings.database_url, read_only=True)


def warehouse_name(settings: Settings) -> str:
    """The warehouse as it may be shown: the file, or the address without its password."""
    from pipeline.adapters.warehouse import shown_url

    return shown_url(settings.database_url)


def prepare_warehouse(settings: Settings) -> str:
    """Create the warehouse or bring it up to the code's schema; one line that says what was done."""
    from pipeline.adapters.warehouse import migrate

    status = migrate(settings.database_url)
    return f"{status.database}, schema {status.revision}"


def rulebook(settings: Settings) -> Rulebook:
    """The compiled rule pack, from the cache when its content did not change."""
    from pipeline.adapters.rulepack import read_rulepack

    return read_rulepack(settings.rules, cache=settings.var / "cache")


def sources(settings: Settings) -> tuple[Source, ...]:
    """The sources of the settings, disabled ones included."""
    from pipeline.adapters.sources import read_sources

    return read_sources(settings.sources)


EARLY = timedelta(seconds=30)
"""A source that is due so soon is polled now: the run after this one comes minutes later."""


def source_ids(settings: Settings, *, only: Sequence[str] = (), due: bool = False) -> list[str]:
    """Ids of the enabled sources, or of those asked for; with `due`, without those whose next poll is later.

    Raises:
        SourcesError: an id asked for is not in the sources file.
    """
    chosen = [source.source_id for source in _chosen(settings, only) if only or source.enabled]
    if only or not due:
        return chosen
    with closing(open_warehouse(settings)) as warehouse:
        later = warehouse.not_due(datetime.now(UTC) + EARLY)
    return [source_id for source_id in chosen if source_id not in later]


def _chosen(settings: Settings, only: Sequence[str]) -> list[Source]:
    """The sources asked for, each once, or all of them."""
    known = {source.source_id: source for source in sources(settings)}
    if unknown := sorted(set(only) - set(known)):
        raise SourcesError(f"{settings.sources}: no source {', '.join(unknown)}; there are {', '.join(sorted(known))}")
    return [known[source_id] for source_id in dict.fromkeys(only) or known]


def subscriptions(
    settings: Settings, *, only: Sequence[str] = (), warehouse: Warehouse | None = None
) -> tuple[Subscription, ...]:
    """The subscriptions of the settings and, of a warehouse, those that stand in its table; or those asked for.

    Raises:
        SubscriptionsError: an id asked for is nowhere, or stands in a file and in the table.
    """
    from pipeline.adapters.subscriptions import read_subscriptions, subscription_of

    known = {item.subscription_id: item for item in read_subscriptions(settings.subscriptions)}
    stored = warehouse.stored_definitions() if warehouse else {}
    if twice := sorted(known.keys() & stored.keys()):
        remedy = "remove the file, or run: bayan alerts subscriptions remove"
        raise SubscriptionsError(
            [f"{settings.subscriptions}: {name} stands in the warehouse too; {remedy} {name}" for name in twice]
        )
    known |= {name: subscription_of(definition, f"subscription {name}") for name, definition in stored.items()}
    if unknown := sorted(set(only) - set(known)):
        there = f"there are {', '.join(sorted(known))}"
        raise SubscriptionsError([f"{settings.subscriptions}: no subscription {name}; {there}" for name in unknown])
    return tuple(known[name] for name in dict.fromkeys(only) or known)


def mailer(settings: Settings) -> SmtpMailer:
    """The SMTP server of the settings.

    Raises:
        SettingsError: none is named.
    """
    from pipeline.adapters.mail import SmtpMailer
    from pipeline.errors import SettingsError

    if settings.smtp_host is None:
        raise SettingsError("mail: no SMTP server: set BAYAN_SMTP_HOST (and …_PORT, …_USER, …_PASSWORD)")
    return SmtpMailer(
        host=settings.smtp_host,
        port=settings.smtp_port,
        user=settings.smtp_user,
        password=settings.smtp_password.get_secret_value() if settings.smtp_password else None,
        tls=settings.smtp_tls,
    )


def run_collect(settings: Settings, source_id: str, *, run_id: str) -> CollectReport:
    """Collect one source."""
    (report,) = run_collect_many(settings, {source_id: run_id}).reports
    return report


def run_collect_many(
    settings: Settings, run_ids: Mapping[str, str], *, tick: Callable[[Progress], None] = lambda _: None
) -> CollectSummary:
    """Collect sources at once, each (by its id) under its run id. `tick` hears how far it is.

    The operators hear of sources that went silent or were disabled, where the settings name operators and a server.
    """
    chosen = [(source, run_ids[source.source_id]) for source in _chosen(settings, list(run_ids))]
    summary = asyncio.run(_collect(settings, chosen, tick, is_near=is_on_loopback))
    if settings.operators and settings.smtp_host and (untold := _tell_operators(settings)):
        return replace(summary, untold=untold)
    return summary


def collect_by_hand(
    settings: Settings, chosen: Sequence[tuple[Source, str]], *, limits: CollectLimits | None = None
) -> CollectSummary:
    """Collect sources that stand in no file, each under its run id; none of them opens the way to this machine."""
    return asyncio.run(_collect(settings, chosen, lambda _: None, is_near=lambda _: False, limits=limits))


def _tell_operators(settings: Settings) -> str | None:
    """One mail about what they were not told of; a line that says why it could not be sent, or None."""
    from pipeline.errors import MailError
    from pipeline.jobs.look_after import HealthMemory, bad_sources, tell

    with closing(open_warehouse(settings)) as warehouse, warehouse.sending():
        notices = bad_sources(warehouse.untold_health())
        try:
            tell(notices, desk=operators_desk(settings, HealthMemory(warehouse)), now=datetime.now(UTC))
        except MailError as error:
            return f"operators: not told of {len(notices)} sources: {error}"
    return None


def operators_desk(settings: Settings, memory: Memory, *, repeat_hours: int = 24) -> Desk:
    """How those who run the house are told of what needs them."""
    from pipeline.jobs.look_after import Desk

    return Desk(
        mailer=mailer(settings),
        sender=settings.mail_from,
        recipients=settings.operators,
        memory=memory,
        repeat_hours=repeat_hours,
    )


async def _collect(
    settings: Settings,
    chosen: Sequence[tuple[Source, str]],
    tick: Callable[[Progress], None],
    *,
    is_near: Callable[[Source], bool],
    limits: CollectLimits | None = None,
) -> CollectSummary:
    from pipeline.adapters.shelf import LocalShelf
    from pipeline.jobs.collect import CollectLimits, CollectPorts
    from pipeline.jobs.collect_all import collect_all
    from pipeline.jobs.evidence import adopt_orphans

    now, shelf = datetime.now(UTC), LocalShelf()
    with closing(open_warehouse(settings)) as warehouse, open_archive(settings) as archive:
        adopt_orphans(archive, warehouse, now=now)
        async with AsyncExitStack() as stack:
            parser = stack.enter_context(ThreadPoolExecutor(1, thread_name_prefix="parser"))
            fetchers = await _fetchers(settings, [is_near(source) for source, _ in chosen], stack)
            work = [
                (
                    source,
                    CollectPorts(
                        fetcher=fetchers[is_near(source)],
                        archive=archive,
                        store=warehouse,
                        runs=warehouse,
                        shelf=shelf,
                        parser=parser,
                    ),
                    run_id,
                )
                for source, run_id in chosen
            ]
            usual = CollectLimits(pages=settings.pages_per_pass, revisit_after=settings.revisit_after)
            return await collect_all(work, now=now, limits=limits or usual, tick=tick)


def check_sources(
    settings: Settings, *, only: Sequence[str] = (), tick: Callable[[SourceCheck], None]
) -> list[SourceCheck]:
    """Try the enabled sources, or those asked for; nothing is kept."""
    return asyncio.run(_check(settings, only, tick))


async def _check(settings: Settings, only: Sequence[str], tick: Callable[[SourceCheck], None]) -> list[SourceCheck]:
    from pipeline.adapters.shelf import LocalShelf
    from pipeline.jobs.check_sources import check_sources

    chosen = [source for source in _chosen(settings, only) if only or source.enabled]
    async with AsyncExitStack() as stack:
        fetchers = await _fetchers(settings, [is_on_loopback(source) for source in chosen], stack)
        work = [(source, fetchers[is_on_loopback(source)]) for source in chosen]
        return await check_sources(work, shelf=LocalShelf(), now=datetime.now(UTC), tick=tick)


async def _fetchers(settings: Settings, wanted: Sequence[bool], stack: AsyncExitStack) -> dict[bool, HttpFetcher]:
    """One for the sources on loopback, and one for all others, which may not go there."""
    return {
        near: await stack.enter_async_context(fetcher(settings, also=LOOPBACK if near else ()))
        for near in sorted(set(wanted))
    }


def open_archive(settings: Settings) -> WarcArchive:
    """The archive of evidence."""
    from pipeline.adapters.archive import WarcArchive

    return WarcArchive(settings.archive)


def fetcher(settings: Settings, *, also: Sequence[str] = ()) -> HttpFetcher:
    """HTTP with the manners of the settings; `also` are networks that may be fetched besides."""
    from pipeline.adapters.http import FetchLimits, HttpFetcher

    return HttpFetcher(
        user_agent=f"Bayan/{version('bayan')}" + (f" (+{settings.contact})" if settings.contact else ""),
        allow_addresses=(*settings.allow_addresses, *also),
        limits=FetchLimits(interval=settings.host_interval, per_host=settings.host_connections),
        manners=settings.manners,
    )


LOOPBACK = ("127.0.0.0/8", "::1/128")


def is_on_loopback(source: Source) -> bool:
    """Whether a source is on loopback itself: then it may be fetched; a link of the open web never leads there."""
    return urlsplit(source.url).hostname in ("127.0.0.1", "localhost", "::1")


def run_verify(settings: Settings, *, tick: Tick) -> EvidenceReport:
    """Prove every row against the archive."""
    from pipeline.jobs.evidence import verify

    with closing(open_warehouse(settings)) as warehouse, open_archive(settings) as archive:
        return verify(archive, warehouse, tick=tick)


def run_replay(settings: Settings, *, tick: Tick) -> EvidenceReport:
    """Make articles and statements again from the archive, without network."""
    from pipeline.jobs.evidence import replay
    from pipeline.statements import Engine

    with closing(open_warehouse(settings)) as warehouse, open_archive(settings) as archive:
        return replay(archive, warehouse, cache(lambda: Engine(rulebook(settings))), tick=tick)


def articles_waiting(settings: Settings) -> int:
    """How many article versions the rule set of today has not read."""
    from pipeline.adapters.rulepack import read_ruleset

    with closing(open_warehouse(settings)) as warehouse:
        return warehouse.awaiting_analysis(read_ruleset(settings.rules))


def run_analyse(settings: Settings, *, run_id: str, batch: int = 200) -> AnalyseReport:
    """Judge, read and load what waits."""
    from pipeline.jobs.analyse import analyse

    with closing(open_warehouse(settings)) as warehouse:
        ports = _analyse_ports(settings, warehouse)
        return analyse(ports=ports, run_id=run_id, now=datetime.now(UTC), batch=batch)


def _analyse_ports(settings: Settings, warehouse: Warehouse) -> AnalysePorts:
    from pipeline.adapters.expectations import ExpectationsGate, read_founded
    from pipeline.jobs.analyse import AnalysePorts
    from pipeline.quality import Pack
    from pipeline.statements import Engine

    suites = PROJECT / "schemas" / "expectations"
    gate = ExpectationsGate(suites=suites, data_docs=settings.data_docs)
    rules = rulebook(settings)
    pack = Pack(groups=rules.registry.groups.keys(), rules=rules.rules.keys(), founded=read_founded(suites))
    return AnalysePorts(classifier=Engine(rules), gate=gate, store=warehouse, pack=pack, runs=warehouse)


def run_reclassify(settings: Settings, plan: Plan, *, run_id: str) -> AnalyseReport:
    """Let today's rules read the articles of a period again, and load what they find."""
    from pipeline.jobs.reclassify import reclassify

    with closing(open_warehouse(settings)) as warehouse:
        ports = _analyse_ports(settings, warehouse)
        return reclassify(plan, ports=ports, store=warehouse, run_id=run_id, now=datetime.now(UTC))


def compare_rules(
    settings: Settings,
    period: Period,
    *,
    rules: Path | None = None,
    samples: int = 5,
    progress: Callable[[int], None] = lambda _: None,
) -> Comparison:
    """What the rules of the settings, or of another folder, would change of what is held; nothing is written."""
    from pipeline.adapters.rulepack import read_rulepack
    from pipeline.jobs.comparison import compare
    from pipeline.statements import Engine

    classifier = Engine(read_rulepack(rules) if rules else rulebook(settings))
    with closing(open_warehouse(settings)) as warehouse:
        return compare(classifier=classifier, store=warehouse, period=period, samples=samples, progress=progress)


def rehearse_reclassify(settings: Settings, period: Period, *, say: Callable[[str], None]) -> AnalyseReport:
    """What `run_reclassify` would change, told line by line; nothing is written."""
    from pipeline.jobs.analyse import AnalyseReport
    from pipeline.jobs.comparison import KINDS, comparison_lines

    told = compare_rules(settings, period, progress=lambda done: say(f"{done:,} articles compared"))
    for line in comparison_lines(told):
        say(line)
    counts: dict[str, int] = {kind: told.total(kind) for kind in KINDS}
    counts |= {"articles": told.articles, "unchanged": told.unchanged}
    return AnalyseReport(counts=counts, problems=tuple(told.problems))


def renderer(settings: Settings) -> Renderer:
    """What makes a mail of an alert."""
    from pipeline.adapters.templates import read_templates
    from pipeline.alerts import Renderer

    registry = rulebook(settings).registry
    return Renderer(templates=read_templates(), registry=registry, sender=settings.mail_from, links=links(settings))


def links(settings: Settings) -> Links:
    """Where alerts lead on to: the page of `pipeline.control` in the UI, unless the settings name another place."""
    from pipeline.alerts import Links

    page = f"{settings.ui_url.rstrip('/')}/bayan/" if settings.ui_url else ""
    board, rule = (f"{page}?statement={{statement_id}}", f"{page}rules/{{rule_id}}") if page else ("", "")
    return Links(board=settings.board_url or board, rule=settings.rule_url or rule)


def alert_ports(settings: Settings, warehouse: Warehouse) -> AlertPorts:
    """What alerting reaches the world through.

    Raises:
        SettingsError: no SMTP server is named.
    """
    from pipeline.adapters.feeds import FeedFolder
    from pipeline.adapters.http.webhook import WebhookPoster
    from pipeline.jobs.alert import AlertPorts

    key = settings.webhook_key
    return AlertPorts(
        store=warehouse,
        mailer=mailer(settings),
        renderer=renderer(settings),
        runs=warehouse,
        webhooks=WebhookPoster(key=key.get_secret_value()) if key else None,
        feeds=FeedFolder(settings.feeds),
    )


PROMPT, DAILY = ("immediate", "hourly"), ("daily", "weekly")
"""Paces of subscriptions: those that the DAG `alert` serves, and those whose digests the DAG `digest` makes."""


def statements_untold(settings: Settings) -> int:
    """How many statements some subscriber is to be told of now and was not; daily and weekly digests aside."""
    from pipeline.jobs.alert import untold

    with closing(open_warehouse(settings)) as warehouse:
        registry = rulebook(settings).registry
        wanted = [each for each in subscriptions(settings, warehouse=warehouse) if each.schedule.pace in PROMPT]
        return untold(store=warehouse, registry=registry, subscriptions=wanted, now=datetime.now(UTC))


def run_alert(
    settings: Settings, *, run_id: str, only: Sequence[str] = (), paces: Sequence[str] = (*PROMPT, *DAILY)
) -> AlertReport:
    """Tell subscribers what they asked for and were not told of; digests whose period has ended among it.

    Mails are made for the subscriptions asked for, or for all of these paces; whatever waits in the outbox is sent.
    """
    from pipeline.jobs.alert import alert

    with closing(open_warehouse(settings)) as warehouse:
        wanted = subscriptions(settings, warehouse=warehouse)
        named = subscriptions(settings, only=only, warehouse=warehouse)
        chosen = [each.subscription_id for each in named if only or each.schedule.pace in paces]
        ports = alert_ports(settings, warehouse)
        return alert(ports=ports, subscriptions=wanted, run_id=run_id, now=datetime.now(UTC), only=chosen)
