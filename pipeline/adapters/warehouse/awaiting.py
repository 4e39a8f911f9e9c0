"""Which versions a rule set has still to see: asked by collecting (is there work?) and by analysing (which?)."""

from __future__ import annotations

from sqlalchemy import ColumnElement

from pipeline.adapters.warehouse.schema import article_versions


def unseen_by(ruleset: str) -> ColumnElement[bool]:
    """Versions that another rule set saw last, or none: as ranges, since no index answers `<>`."""
    seen = article_versions.c.analysed_by
    return seen.is_(None) | (seen < ruleset) | (seen > ruleset)
