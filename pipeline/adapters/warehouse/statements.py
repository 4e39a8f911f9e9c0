"""What analysing reads and stores: versions that wait, and batches of statements with what the gate said of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, bindparam, case, exists, literal, select, update

from pipeline.adapters.warehouse import rows
from pipeline.adapters.warehouse.awaiting import unseen_by
from pipeline.adapters.warehouse.columns import UtcDateTime
from pipeline.adapters.warehouse.database import Database
from pipeline.adapters.warehouse.failures import shown
from pipeline.adapters.warehouse.reconcile import Changes, Sighting, reconcile
from pipeline.adapters.warehouse.schema import (
    article_versions,
    articles,
    captures,
    quality_results,
    quarantine,
    sightings,
    statements,
)
from pipeline.adapters.warehouse.upsert import in_parts, insert_missing, insert_new, upsert
from pipeline.errors import WarehouseError
from pipeline.records import AnalysedBatch, Article, Loaded, Statement
from pipeline.records.identity import content_id


class StatementTables(Database):
    """The port `StatementStore`."""

    def articles_awaiting(self, ruleset: str, *, limit: int) -> tuple[Article, ...]:
        """Versions that this rule set has not yet seen, oldest first."""
        query = (
            select(article_versions, articles.c.url)
            .join(articles)
            .where(unseen_by(ruleset))
            .order_by(article_versions.c.recorded_at, article_versions.c.version_id)
            .limit(limit)
        )
        with self.reading() as connection:
            return tuple(rows.article_of(row) for row in connection.execute(query).mappings())

    def load(self, batch: AnalysedBatch, *, run_id: str, now: datetime) -> Loaded:
        """One batch in one transaction: statements, sightings, quarantine, verdicts, and the articles marked as seen.

        A statement that stands is not overwritten: a sighting is added. What the batch's articles held before and hold
        no more is superseded, except of articles that the gate held: a broken page says nothing about its old text.
        """
        held_versions = {item.key for item in batch.held if item.stage == "articles"}
        judged = [pair for pair in batch.analysed if pair[0].version_id not in held_versions]
        with self.loading() as connection:
            _hold(connection, {article.article_id for article, _ in batch.analysed})
            stored = _stored_versions(connection, [article for article, _ in batch.analysed])
            self._refuse_unknown(batch, stored)
            new = insert_new(connection, statements, _statement_rows(judged, stored, ruleset=batch.ruleset, now=now))
            _date_back(connection, judged, stored)
            changes = _changes(connection, judged, stored)
            _save_sightings(connection, changes, {"ruleset": batch.ruleset, "run_id": run_id}, now=now)
            superseded = _settle(connection, changes.statement_ids, now=now)
            held = insert_new(
                connection, quarantine, [rows.quarantine_values(item, run_id=run_id, now=now) for item in batch.held]
            )
            _save_verdicts(connection, batch, run_id=run_id, now=now)
            _mark_seen(connection, stored, ruleset=batch.ruleset, now=now)
        return Loaded(
            statements=Counter(row["label"] for row in new),
            sightings=len(changes.opened) + len(changes.noted),
            superseded=superseded,
            held=len(held),
        )

    def _refuse_unknown(self, batch: AnalysedBatch, stored: Collection[str]) -> None:
        for article, _ in batch.analysed:
            if article.version_id not in stored:
                raise WarehouseError(
                    f"{shown(self.url)}: does not hold this version of {article.url}; collect it first"
                )


_Analysed = Sequence[tuple[Article, Sequence[Statement]]]
_Versions = Mapping[str, RowMapping]


def _hold(connection: Connection, article_ids: Collection[str]) -> None:
    """Let no collector make another version current before the batch stands; SQLite has one writer anyway."""
    query = select(articles.c.article_id).order_by(articles.c.article_id).with_for_update(key_share=True)
    for part in in_parts(article_ids):
        connection.execute(query.where(articles.c.article_id.in_(part)))


def _stored_versions(connection: Connection, analysed: Iterable[Article]) -> dict[str, RowMapping]:
    """By version id: article, whether it is the current text, and when its capture was made."""
    versions = article_versions.c
    query = select(versions.version_id, versions.article_id, versions.is_current, captures.c.fetched_at).join(captures)
    return {
        row["version_id"]: row
        for part in in_parts({article.version_id for article in analysed})
        for row in connection.execute(query.where(versions.version_id.in_(part))).mappings()
    }


def _statement_rows(analysed: _Analysed, stored: _Versions, *, ruleset: str, now: datetime) -> list[dict[str, Any]]:
    return [
        rows.statement_values(
            statement, article, ruleset=ruleset, first_seen_at=stored[article.version_id]["fetched_at"], now=now
        )
        for article, found in analysed
        for statement in found
    ]


def _date_back(connection: Connection, analysed: _Analysed, stored: _Versions) -> None:
    """Set `first_seen_at` back where an older capture turns out to carry a statement that stands."""
    column = statements.c.first_seen_at
    seen = [
        {"it": statement.statement_id, "at": stored[article.version_id]["fetched_at"]}
        for article, found in analysed
        for statement in found
    ]
    if seen:
        at = bindparam("at", type_=UtcDateTime)
        older = (statements.c.statement_id == bindparam("it")) & (column > at)
        connection.execute(update(statements).where(older).values(first_seen_at=at), seen)


def _changes(connection: Connection, analysed: _Analysed, stored: _Versions) -> Changes:
    return reconcile(
        (
            Sighting(statement.statement_id, article.version_id, statement.start, statement.end, article.article_id)
            for article, found in analysed
            for statement in found
        ),
        judged={article.version_id: article.article_id for article, _ in analysed},
        current={version_id for version_id, row in stored.items() if row["is_current"]},
        standing=_standing(connection, {article.article_id for article, _ in analysed}),
    )


def _standing(connection: Connection, article_ids: Collection[str]) -> dict[Sighting, bool]:
    """Every recorded sighting of these articles, and whether it still stands."""
    key = [sightings.c[name] for name in ("statement_id", "version_id", "span_start", "span_end", "article_id")]
    query = select(*key, sightings.c.superseded_at).order_by(sightings.c.recorded_at)
    standing: dict[Sighting, bool] = {}
    for part in in_parts(article_ids):
        for *values, superseded_at in connection.execute(query.where(sightings.c.article_id.in_(part))):
            sighting = Sighting(*values)
            standing[sighting] = standing.get(sighting, False) or superseded_at is None
    return standing


def _save_sightings(connection: Connection, changes: Changes, origin: Mapping[str, str], *, now: datetime) -> None:
    _close(connection, changes.closed, now=now)
    noted = [{**asdict(s), **origin, "recorded_at": now, "superseded_at": now} for s in changes.noted]
    insert_missing(connection, sightings, noted)
    opened = [{**asdict(s), **origin, "recorded_at": now} for s in changes.opened]
    # Closed and opened again within one run is never having closed.
    upsert(connection, sightings, opened, lambda _: {"superseded_at": None})


def _close(connection: Connection, closed: Sequence[Sighting], *, now: datetime) -> None:
    it = sightings.c
    keys = [{"statement": s.statement_id, "version": s.version_id, "start": s.span_start} for s in closed]
    if keys:
        connection.execute(
            update(sightings)
            .where(
                it.statement_id == bindparam("statement"),
                it.version_id == bindparam("version"),
                it.span_start == bindparam("start"),
                it.superseded_at.is_(None),
            )
            .values(superseded_at=_not_before(it.recorded_at, now)),
            keys,
        )


def _settle(connection: Connection, statement_ids: Collection[str], *, now: datetime) -> int:
    """Let statements stand while a sighting stands; how many fell."""
    it = statements.c
    stands = exists().where(sightings.c.statement_id == it.statement_id, sightings.c.superseded_at.is_(None))
    fell = 0
    for part in in_parts(statement_ids):
        of_these = it.statement_id.in_(part)
        connection.execute(
            update(statements).where(of_these, it.superseded_at.is_not(None), stands).values(superseded_at=None)
        )
        fell += connection.execute(
            update(statements)
            .where(of_these, it.superseded_at.is_(None), ~stands)
            .values(superseded_at=_not_before(it.recorded_at, now))
        ).rowcount
    return fell


def _not_before(recorded_at: ColumnElement[datetime], now: datetime) -> ColumnElement[datetime]:
    """`now`, or the later time of recording: a long run keeps the time of its start."""
    return case((recorded_at > now, recorded_at), else_=literal(now, UtcDateTime))


def _save_verdicts(connection: Connection, batch: AnalysedBatch, *, run_id: str, now: datetime) -> None:
    batch_id = content_id(batch.ruleset, *sorted(article.version_id for article, _ in batch.analysed))
    insert_missing(
        connection,
        quality_results,
        [rows.verdict_values(verdict, batch_id=batch_id, run_id=run_id, now=now) for verdict in batch.verdicts],
    )


def _mark_seen(connection: Connection, version_ids: Collection[str], *, ruleset: str, now: datetime) -> None:
    for part in in_parts(version_ids):
        connection.execute(
            update(article_versions)
            .where(article_versions.c.version_id.in_(part))
            .values(analysed_by=ruleset, analysed_at=now)
        )
