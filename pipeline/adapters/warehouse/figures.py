"""How the house fares, in figures. Only counts and times of the running house; what analysts ask stands in `reads`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, null, select

from pipeline.adapters.warehouse import rows
from pipeline.adapters.warehouse.alert_schema import alerts
from pipeline.adapters.warehouse.database import Database
from pipeline.adapters.warehouse.ingest_schema import source_health
from pipeline.adapters.warehouse.schema import (
    article_versions,
    articles,
    quality_results,
    quarantine,
    runs,
    sources,
    statements,
)
from pipeline.records.figures import Figures, HeldBatch, HeldFigure, SourceFigure, StatementFigure

_DAY, _WEEK = timedelta(days=1), timedelta(days=7)
_LAGS_AT_MOST = 2000


class FigureReads(Database):
    """What is asked of the warehouse about the house itself."""

    def figures(self, *, now: datetime) -> Figures:
        """The house at a moment, as one state of the database."""
        since = now - _DAY
        with self.reading() as connection:
            waiting = _row(connection, _outbox())
            return Figures(
                at=now,
                sources=_sources(connection),
                statements=_counts(connection, statements.c.label, statements.c.superseded_at.is_(None)),
                held=_counts(connection, quarantine.c.stage, quarantine.c.resolved_at.is_(None)),
                held_last_day=_held(connection, since, now),
                held_week_before=_held(connection, since - _WEEK, since),
                batches_held=_batches_held(connection, since),
                verdicts=_verdicts(connection, since),
                waiting=waiting["count"],
                waiting_since=waiting["oldest"],
                given_up=_row(connection, _given_up())["count"],
                runs=_runs(connection, since),
                lags=_lags(connection, since),
            )

    def latest_statements(self, *, limit: int) -> list[StatementFigure]:
        """The statements that stand and were seen last, newest first."""
        version = article_versions.c
        query = (
            select(statements, version.title, version.outlet, version.published_at, articles.c.url)
            .join(article_versions, version.version_id == statements.c.version_id)
            .join(articles, articles.c.article_id == statements.c.article_id)
            .where(statements.c.superseded_at.is_(None))
            .order_by(statements.c.recorded_at.desc(), version.published_at.desc(), statements.c.statement_id)
            .limit(limit)
        )
        with self.reading() as connection:
            found = connection.execute(query).mappings().all()
        beside = ("title", "outlet", "url", "published_at")
        return [
            StatementFigure(statement=rows.statement_of(row), **{name: row[name] for name in beside}) for row in found
        ]

    def latest_held(self, *, limit: int) -> list[HeldFigure]:
        """What is held and open, newest first."""
        it = quarantine.c
        query = select(it.quarantine_id, it.stage, it.reason, it.detail, it.source_id, it.held_at).where(
            it.resolved_at.is_(None)
        )
        with self.reading() as connection:
            found = connection.execute(query.order_by(it.held_at.desc(), it.quarantine_id).limit(limit)).mappings()
            return [HeldFigure(**row) for row in found]


def _row(connection: Connection, query: Select[*tuple[Any, ...]]) -> Mapping[str, Any]:
    return connection.execute(query).mappings().one()  # type: ignore[return-value]  # keys are strings


def _counts(connection: Connection, column: ColumnElement[str], *where: ColumnElement[bool]) -> dict[str, int]:
    query = select(column, func.count()).where(*where).group_by(column)
    return {name: count for name, count in connection.execute(query)}  # noqa: C416  (a row is no pair to mypy)


def _sources(connection: Connection) -> tuple[SourceFigure, ...]:
    brought = (
        select(func.count()).select_from(articles).where(articles.c.source_id == sources.c.source_id).scalar_subquery()
    )
    it, health = sources.c, source_health.c
    query = (
        select(it.source_id, it.name, it.url, it.last_success_at, health.state_since, health.problem)
        .add_columns(brought.label("articles"), func.coalesce(health.state, "new").label("state"))
        .outerjoin(source_health, health.source_id == it.source_id)
        .where(it.enabled)
        .order_by(it.source_id)
    )
    return tuple(SourceFigure(**row) for row in connection.execute(query).mappings())


def _held(connection: Connection, since: datetime, until: datetime) -> int:
    query = select(func.count()).select_from(quarantine)
    return connection.execute(query.where(quarantine.c.held_at > since, quarantine.c.held_at <= until)).scalar_one()


def _batches_held(connection: Connection, since: datetime) -> tuple[HeldBatch, ...]:
    verdict, held = quality_results.c, quarantine.c
    by_suite = select(
        verdict.suite.label("of"), verdict.expectation, verdict.observed, null().label("quarantine_id"),
        verdict.judged_at.label("held_at"),
    ).where(~verdict.passed, ~verdict.row_level, verdict.judged_at > since)  # fmt: skip
    by_source = select(
        held.source_id.label("of"), held.reason.label("expectation"), held.detail.label("observed"),
        held.quarantine_id, held.held_at,
    ).where(held.stage == "batches", held.resolved_at.is_(None), held.held_at > since)  # fmt: skip
    found = [HeldBatch(**row) for query in (by_suite, by_source) for row in connection.execute(query).mappings()]
    return tuple(sorted(found, key=lambda it: (it.held_at, it.of, it.expectation), reverse=True))


def _verdicts(connection: Connection, since: datetime) -> dict[tuple[str, bool], int]:
    it = quality_results.c
    query = select(it.suite, it.passed, func.count()).where(it.judged_at > since).group_by(it.suite, it.passed)
    return {(suite, bool(passed)): count for suite, passed, count in connection.execute(query)}


def _runs(connection: Connection, since: datetime) -> dict[tuple[str, str], int]:
    it = runs.c
    query = select(it.job, it.status, func.count()).where(it.started_at > since).group_by(it.job, it.status)
    return {(job, status): count for job, status, count in connection.execute(query)}


def _outbox() -> Select[Any, Any]:
    return select(func.count().label("count"), func.min(alerts.c.created_at).label("oldest")).where(
        alerts.c.sent_at.is_(None), ~alerts.c.given_up
    )


def _given_up() -> Select[Any]:
    return select(func.count().label("count")).select_from(alerts).where(alerts.c.given_up)


def _lags(connection: Connection, since: datetime) -> tuple[float, ...]:
    it = article_versions.c
    query = (
        select(it.recorded_at, it.published_at)
        # What was old when its source was first read says nothing of how quick the house is.
        .where(it.recorded_at > since, it.published_at > since - _DAY)
        .order_by(it.recorded_at.desc())
        .limit(_LAGS_AT_MOST)
    )
    # A clock that is ahead, or a time without its zone, would make it negative.
    return tuple(sorted(max((held - said).total_seconds(), 0.0) for held, said in connection.execute(query)))
