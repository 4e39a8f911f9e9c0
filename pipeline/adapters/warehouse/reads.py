"""What people are shown: the statements and the quarantine of runs, and what the warehouse holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, RowMapping, func, literal, select, text

from pipeline.adapters.warehouse.alert_schema import alerts
from pipeline.adapters.warehouse.database import Database
from pipeline.adapters.warehouse.schema import (
    article_versions,
    articles,
    metadata,
    quarantine,
    runs,
    sightings,
    statements,
)
from pipeline.text.folding import fold_word


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementRow:
    """A statement that stands, beside the article where it was first recorded.

    Attributes:
        sightings: how many articles carry it now.
        The others: as the columns of `statements` and `article_versions` with these names.
    """

    statement_id: str
    label: str
    group_id: str | None
    speaker: str | None
    said_on: date | None
    said_on_precision: str | None
    channel: str | None
    target: str | None
    condition: str | None
    text: str
    language: str | None
    confidence: float
    rule_ids: tuple[str, ...]
    title: str
    outlet: str | None
    url: str
    published_at: datetime | None
    first_seen_at: datetime
    recorded_at: datetime
    sightings: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldRow:
    """A statement as it was held at a time: the reading of the sighting that stood then."""

    statement_id: str
    label: str
    group_id: str | None
    text: str
    speaker: str | None
    condition: str | None
    confidence: float
    rule_ids: tuple[str, ...]
    ruleset: str
    recorded_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class QuarantineRow:
    """Something held back: the columns of `quarantine`."""

    quarantine_id: str
    stage: str
    reason: str
    detail: str
    payload: str
    item_key: str
    source_id: str | None
    run_id: str
    held_at: datetime
    version_id: str | None
    resolved_at: datetime | None
    resolution: str | None
    note: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRow:
    """One run: the columns of `runs`."""

    run_id: str
    job: str
    started_at: datetime
    finished_at: datetime | None
    status: str
    counts: Mapping[str, int]
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WarehouseStatus:
    """What the warehouse holds.

    Attributes:
        rows: by table name.
        last_run: the run that started last, or None.
    """

    rows: Mapping[str, int]
    last_run: RunRow | None


class Reads(Database):
    """Questions that the command line and the end of a run ask."""

    def statement_rows(self, run_ids: Sequence[str] | None = None) -> list[StatementRow]:
        """Statements that stand, newest said first; only those that these runs saw somewhere for the first time."""
        return self._statement_rows(_seen_in(run_ids))

    def _statement_rows(self, wanted: ColumnElement[bool], *, limit: int | None = None) -> list[StatementRow]:
        named = [statements.c[name] for name in _STATEMENT_COLUMNS]
        about = [article_versions.c[name] for name in ("title", "outlet", "published_at")]
        carried = (
            select(func.count(sightings.c.article_id.distinct()))
            .where(sightings.c.statement_id == statements.c.statement_id, sightings.c.superseded_at.is_(None))
            .scalar_subquery()
        )
        query = (
            select(*named, *about, articles.c.url, carried.label("sightings"))
            .join(article_versions, article_versions.c.version_id == statements.c.version_id)
            .join(articles, articles.c.article_id == statements.c.article_id)
            .where(statements.c.superseded_at.is_(None), wanted)
            .order_by(statements.c.said_on.desc().nulls_last(), statements.c.version_id, statements.c.span_start)
            .limit(limit)
        )
        with self.reading() as connection:
            found = connection.execute(query).mappings().all()
        return [StatementRow(**{**row, "rule_ids": tuple(row["rule_ids"])}) for row in found]

    def held_on(self, known_at: datetime, *, said_on: date) -> list[HeldRow]:
        """What was held at a time about a day: the readings that stood then, one a statement, its first place first.

        The same in SQL stands in docs/queries.md.
        """
        it = sightings.c
        query = (
            select(
                *(statements.c[name] for name in ("statement_id", "label", "group_id", "text")),
                *(it[name] for name in ("speaker", "condition", "confidence", "rule_ids", "ruleset", "recorded_at")),
            )
            .join(statements, statements.c.statement_id == it.statement_id)
            .where(
                statements.c.said_on == said_on,
                it.recorded_at <= known_at,
                it.superseded_at.is_(None) | (it.superseded_at > known_at),
            )
            .order_by(it.recorded_at, it.version_id != statements.c.version_id, it.version_id, it.span_start)
        )
        with self.reading() as connection:
            found = connection.execute(query).mappings().all()
        first = {row["statement_id"]: row for row in reversed(found)}
        return [HeldRow(**{**row, "rule_ids": tuple(row["rule_ids"])}) for row in reversed(first.values())]

    def search(self, words: str, *, limit: int = 50) -> list[StatementRow]:
        """Statements that stand and hold all these words, however they are spelled; newest said first."""
        folded = fold_word(words).split()
        if not folded:
            return []
        with self.reading() as connection:
            if connection.dialect.name == "postgresql":
                query = text(
                    "SELECT statement_id FROM statements "
                    "WHERE to_tsvector('simple', folded) @@ plainto_tsquery('simple', :words)"
                )
                asked = " ".join(folded)
            else:
                query = text("SELECT statement_id FROM statement_words WHERE folded MATCH :words")
                asked = " ".join('"' + word.replace('"', '""') + '"' for word in folded)
            found = connection.execute(query.bindparams(words=asked)).scalars().all()
        return self._statement_rows(statements.c.statement_id.in_(found[:_FOUND]), limit=limit)

    def quarantine_rows(self, run_ids: Sequence[str] | None = None) -> list[QuarantineRow]:
        """What is held, first held first; only what these runs held for the first time."""
        query = select(quarantine).order_by(quarantine.c.held_at, quarantine.c.stage, quarantine.c.quarantine_id)
        if run_ids is not None:
            query = query.where(quarantine.c.run_id.in_(run_ids))
        with self.reading() as connection:
            return [QuarantineRow(**row) for row in connection.execute(query).mappings()]

    def runs_since(self, since: datetime) -> list[RunRow]:
        """Runs that started at or after a time, in the order of their starts."""
        query = select(runs).where(runs.c.started_at >= since).order_by(runs.c.started_at, runs.c.run_id)
        with self.reading() as connection:
            return [_run_row(row) for row in connection.execute(query).mappings()]

    def mails_since(self, since: datetime) -> list[tuple[str, ...]]:
        """The recipients of each mail sent at or after a time, in the order of sending."""
        query = select(alerts.c.recipients).where(alerts.c.sent_at >= since)
        with self.reading() as connection:
            found = connection.execute(query.order_by(alerts.c.sent_at, alerts.c.message_id)).scalars()
            return [tuple(recipients) for recipients in found]

    def status(self) -> WarehouseStatus:
        """How many rows each table has, and the last run."""
        last = select(runs).order_by(runs.c.started_at.desc(), runs.c.run_id).limit(1)
        with self.reading() as connection:
            rows = {
                table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
                for table in metadata.sorted_tables
            }
            run = connection.execute(last).mappings().first()
        return WarehouseStatus(rows=rows, last_run=_run_row(run) if run else None)


_FOUND = 10_000
"""Statements that one search goes through; more words find fewer."""

_STATEMENT_COLUMNS = (
    "statement_id",
    "label",
    "group_id",
    "speaker",
    "said_on",
    "said_on_precision",
    "channel",
    "target",
    "condition",
    "text",
    "language",
    "confidence",
    "rule_ids",
    "first_seen_at",
    "recorded_at",
)


def _run_row(row: RowMapping) -> RunRow:
    return RunRow(**{**row, "problems": tuple(row["problems"])})


def _seen_in(run_ids: Sequence[str] | None) -> ColumnElement[bool]:
    if run_ids is None:
        return literal(value=True)
    seen = select(sightings.c.statement_id).where(sightings.c.run_id.in_(run_ids))
    return statements.c.statement_id.in_(seen)
