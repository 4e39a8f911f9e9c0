"""Which versions a rule set has still to see: asked by collecting (is there work?) and by analysing (which?)."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from sqlalchemy import ColumnElement, and_, func, literal

from pipeline.adapters.warehouse.columns import UtcDateTime
from pipeline.adapters.warehouse.schema import article_versions
from pipeline.records import Period


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
