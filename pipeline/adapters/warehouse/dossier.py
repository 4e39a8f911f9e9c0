"""Everything about one statement: where it was first recorded, every sighting, what became of the articles."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, Select, func, literal, select

from pipeline.adapters.warehouse import rows
from pipeline.adapters.warehouse.database import Database
from pipeline.adapters.warehouse.ingest_schema import article_events
from pipeline.adapters.warehouse.schema import article_versions, articles, captures, sightings, statements
from pipeline.records.browsing import ArticleChange, Dossier, Sighting

_EVIDENCE = ("fetched_at", "body_sha256", "archive_file", "archive_offset")
_KNOWN = ("statement_id", "first_seen_at", "recorded_at", "superseded_at", "ruleset")
_SHOWN = 500
"""Sightings of one statement at most, those that are held first."""


class DossierReads(Database):
    """What is asked about one statement."""

    def dossier(self, statement_id: str) -> Dossier | None:
        """All that is known of a statement, standing or not; None when the warehouse has none with this id."""
        with self.reading() as connection:
            row = connection.execute(_statement(statement_id)).mappings().first()
            if row is None:
                return None
            version = {column.name: row[f"version_{column.name}"] for column in article_versions.columns}
            return Dossier(
                statement=rows.statement_of(row),
                article=rows.article_of({**version, "url": row["url"]}),
                sightings=tuple(Sighting(**each) for each in connection.execute(_sightings(statement_id)).mappings()),
                events=tuple(sorted(_changes(connection, statement_id), key=lambda it: (it.observed_at, it.url))),
                **{name: row[name] for name in (*_KNOWN, *_EVIDENCE)},
            )


def _statement(statement_id: str) -> Select[Any]:
    version = [column.label(f"version_{column.name}") for column in article_versions.columns]
    return (
        select(statements, articles.c.url, *version, *(captures.c[name] for name in _EVIDENCE))
        .join(article_versions, article_versions.c.version_id == statements.c.version_id)
        .join(captures, captures.c.capture_id == article_versions.c.capture_id)
        .join(articles, articles.c.article_id == statements.c.article_id)
        .where(statements.c.statement_id == statement_id)
    )


def _sightings(statement_id: str) -> Select[Any]:
    seen, version = sightings.c, article_versions.c
    return (
        select(
            func.coalesce(version.outlet, version.source_id).label("outlet"),
            *(version[name] for name in ("title", "published_at", "is_current")),
            *(seen[name] for name in ("text", "condition", "speaker", "recorded_at", "superseded_at", "ruleset")),
            *(captures.c[name] for name in _EVIDENCE),
            articles.c.url,
        )
        .select_from(sightings)
        .join(article_versions, version.version_id == seen.version_id)
        .join(articles, articles.c.article_id == seen.article_id)
        .join(captures, captures.c.capture_id == version.capture_id)
        .where(seen.statement_id == statement_id)
        .order_by(seen.superseded_at.is_not(None), captures.c.fetched_at, seen.recorded_at, articles.c.url)
        .limit(_SHOWN)
    )


def _changes(connection: Connection, statement_id: str) -> Iterator[ArticleChange]:
    """What was noted of the articles that carry it, and each text of theirs after the first."""
    carrying = select(sightings.c.article_id).where(sightings.c.statement_id == statement_id)
    event, version = article_events.c, article_versions.c
    noted = (
        select(articles.c.url, event.kind, event.reason, event.observed_at)
        .join(articles, articles.c.article_id == event.article_id)
        .where(event.article_id.in_(carrying))
    )
    edited = (
        select(
            articles.c.url,
            literal("edited").label("kind"),
            literal("").label("reason"),
            version.recorded_at.label("observed_at"),
        )
        .join(articles, articles.c.article_id == version.article_id)
        .where(version.article_id.in_(carrying), version.recorded_at > articles.c.first_seen_at)
    )
    for query in (noted, edited):
        for row in connection.execute(query).mappings():
            yield ArticleChange(**row)
