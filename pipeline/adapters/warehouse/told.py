"""Statements with the article where they were first recorded, and what else a mail says of where they come from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, Select, select

from pipeline.adapters.warehouse import rows
from pipeline.adapters.warehouse.schema import article_versions, articles, captures, sightings, statements
from pipeline.adapters.warehouse.upsert import in_parts
from pipeline.records import Article, Provenance, Statement

Told = tuple[str, Statement, Article]
"""(statement id, statement, the article where it was first recorded)"""


def read_told(
    connection: Connection, condition: ColumnElement[bool], *, at_most: int | None = None
) -> tuple[Told, ...]:
    """The statements for which `condition` holds, first seen first.

    Of more than `at_most` those that name a condition, then the newest published: what may still be averted is read
    first.
    """
    query = _statements_with_article().where(condition)
    if at_most is not None:
        published = article_versions.c.published_at.desc().nulls_last()
        first = (statements.c.condition.is_(None), published, statements.c.statement_id)
        query = query.order_by(None).order_by(*first).limit(at_most)
    found = connection.execute(query).mappings().all()
    return tuple((row["statement_id"], rows.statement_of(row), _article_beside(row)) for row in found)


def read_provenance(connection: Connection, statement_ids: Collection[str]) -> dict[str, Provenance]:
    """By statement, where it comes from."""
    outlets = _outlets(connection, statement_ids)
    query = (
        select(
            statements.c.statement_id,
            statements.c.first_seen_at,
            captures.c.body_sha256,
            captures.c.archive_file,
            captures.c.archive_offset,
        )
        .join(article_versions, article_versions.c.version_id == statements.c.version_id)
        .join(captures, captures.c.capture_id == article_versions.c.capture_id)
    )
    return {
        row.statement_id: Provenance(
            first_seen_at=row.first_seen_at,
            outlets=tuple(outlets[row.statement_id]),
            body_sha256=row.body_sha256,
            archive=f"{row.archive_file}:{row.archive_offset}",
        )
        for part in in_parts(statement_ids)
        for row in connection.execute(query.where(statements.c.statement_id.in_(part)))
    }


def _outlets(connection: Connection, statement_ids: Collection[str]) -> dict[str, list[tuple[str, str]]]:
    query = (
        select(sightings.c.statement_id, article_versions.c.outlet, article_versions.c.source_id, articles.c.url)
        .join(article_versions, article_versions.c.version_id == sightings.c.version_id)
        .join(articles, articles.c.article_id == sightings.c.article_id)
        .where(sightings.c.superseded_at.is_(None))
        .order_by(sightings.c.recorded_at, articles.c.url)
        .distinct()
        .add_columns(sightings.c.recorded_at)
    )
    outlets: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for part in in_parts(statement_ids):
        for row in connection.execute(query.where(sightings.c.statement_id.in_(part))):
            outlet = (row.outlet or row.source_id, row.url)
            if outlet not in outlets[row.statement_id]:
                outlets[row.statement_id].append(outlet)
    return outlets


def _statements_with_article() -> Select[Any]:
    version = [column.label(f"version_{column.name}") for column in article_versions.columns]
    return (
        select(statements, articles.c.url, *version)
        .join(article_versions, article_versions.c.version_id == statements.c.version_id)
        .join(articles, articles.c.article_id == statements.c.article_id)
        .order_by(statements.c.first_seen_at, statements.c.version_id, statements.c.span_start)
    )


def _article_beside(row: RowMapping) -> Article:
    version = {column.name: row[f"version_{column.name}"] for column in article_versions.columns}
    return rows.article_of({**version, "url": row["url"]})
