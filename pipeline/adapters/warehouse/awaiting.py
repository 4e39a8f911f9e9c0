"""Which versions a rule set has still to see: asked by collecting (is there work?) and by analysing (which?)."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from sqlalchemy import ColumnElement, Connection, and_, func, literal, select

from pipeline.adapters.warehouse import rows
from pipeline.adapters.warehouse.columns import UtcDateTime
from pipeline.adapters.warehouse.schema import article_versions, articles
from pipeline.records import Article, Period

_READ = ("source_id", "capture_id", "title", "body", "language", "published_at", "published_basis", "author", "outlet")


def unseen_by(ruleset: str) -> ColumnElement[bool]:
    """Versions that another rule set saw last, or none: as ranges, since no index answers `<>`."""
    seen = article_versions.c.analysed_by
    return seen.is_(None) | (seen < ruleset) | (seen > ruleset)


def dated(period: Period) -> ColumnElement[bool]:
    """Versions published in a period; those that name no time count by when they were stored."""
    version = article_versions.c
    at = func.coalesce(version.published_at, version.recorded_at, type_=UtcDateTime)
    first = datetime.combine(period.first, time(), UTC) if period.first else None
    after = datetime.combine(period.last + timedelta(days=1), time(), UTC) if period.last else None
    return and_(literal(value=True), *([at >= first] if first else ()), *([at < after] if after else ()))


def oldest(connection: Connection, which: ColumnElement[bool], *, limit: int) -> tuple[Article, ...]:
    """So many of these versions at most, the oldest stored first.

    They are chosen before they are read: a database that sorts whole texts takes twice as long.
    """
    it = article_versions.c
    chosen = select(it.version_id).where(which).order_by(it.recorded_at, it.version_id).limit(limit)
    columns = (it.version_id, it.recorded_at, articles.c.url, *(it[name] for name in _READ))
    query = select(*columns).join(articles).where(it.version_id.in_(chosen))
    found = connection.execute(query).mappings().all()
    return tuple(map(rows.known_article_of, sorted(found, key=lambda row: (row["recorded_at"], row["version_id"]))))
