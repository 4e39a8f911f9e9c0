"""Care of a warehouse: is it whole, what may go by the policy, who may only read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, Integer, Select, cast, delete, exists, func, select, text

from pipeline.adapters.warehouse.database import Database
from pipeline.adapters.warehouse.failures import shown
from pipeline.adapters.warehouse.ingest_schema import metadata
from pipeline.adapters.warehouse.schema import (
    article_versions,
    quality_results,
    quarantine,
    runs,
    sightings,
    statements,
)
from pipeline.errors import UsageError


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """For how many days things are kept. Articles, statements, sightings and what was told are kept for good.

    Attributes:
        quality_days: results of the gate.
        quarantine_days: quarantined things, counted from when they were dealt with; open ones stay.
        run_days: runs to which nothing refers any more.
    """

    quality_days: int = 365
    quarantine_days: int = 365
    run_days: int = 365


class Care(Database):
    """What `bayan warehouse check|prune|reader` does."""

    def problems(self) -> list[str]:
        """What is not as it must be, one line each: references, offsets, histories and what is searched."""
        with self.reading() as connection:
            return [*_damage(connection), *_contradictions(connection)]

    def prune(self, policy: Policy, *, now: datetime, dry_run: bool) -> dict[str, int]:
        """Delete what the policy lets go, in one transaction; how many rows of each table went, or would go."""
        counts: dict[str, int] = {}
        with self.loading() as connection:
            for name, condition in _old(policy, now).items():
                table = metadata.tables[name]
                if dry_run:
                    counts[name] = connection.execute(
                        select(func.count()).select_from(table).where(condition)
                    ).scalar_one()
                else:
                    counts[name] = connection.execute(delete(table).where(condition)).rowcount
        return counts

    def make_reader(self, role: str) -> None:
        """Let a role of PostgreSQL read every table and view, now and later, and write nothing.

        The role is made without a login where it does not exist; grant it to people.

        Raises:
            UsageError: the warehouse is SQLite, or the name is none.
        """
        if self.url.get_backend_name() != "postgresql":
            raise UsageError(f"{shown(self.url)}: SQLite has no roles; open the file with ?mode=ro instead")
        if not re.fullmatch(r"[a-z_][a-z0-9_]{0,62}", role):
            raise UsageError(f"{role!r} is no name for a role: lower-case letters, digits and underscores")
        with self.writing() as connection:
            known = text("SELECT 1 FROM pg_roles WHERE rolname = :role")
            if connection.execute(known, {"role": role}).first() is None:
                connection.exec_driver_sql(f"CREATE ROLE {role} NOLOGIN")
            for line in (
                "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
                f'REVOKE TEMPORARY ON DATABASE "{self.url.database}" FROM PUBLIC',
                f"GRANT USAGE ON SCHEMA public TO {role}",
                f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {role}",
                f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO {role}",
            ):
                connection.exec_driver_sql(line)


def _old(policy: Policy, now: datetime) -> dict[str, ColumnElement[bool]]:
    """By table, in the order of deleting, the rows that may go."""

    def before(days: int) -> datetime:
        return now - timedelta(days=days)

    used = [exists().where(table.c.run_id == runs.c.run_id) for table in (sightings, quarantine, quality_results)]
    return {
        "quality_results": quality_results.c.judged_at < before(policy.quality_days),
        "quarantine": quarantine.c.resolved_at < before(policy.quarantine_days),
        "runs": (runs.c.started_at < before(policy.run_days)) & ~used[0] & ~used[1] & ~used[2],
    }


def _damage(connection: Connection) -> Iterator[str]:
    """What SQLite finds of damaged pages and lost references; PostgreSQL never lets a reference be lost."""
    if connection.dialect.name != "sqlite":
        return
    for (found,) in connection.exec_driver_sql("PRAGMA quick_check"):
        if found != "ok":
            yield f"damaged: {found}; restore the last backup"
    for table, _, target, _ in connection.exec_driver_sql("PRAGMA foreign_key_check"):
        yield f"a row of {table} refers to no row of {target}; restore the last backup"


def _contradictions(connection: Connection) -> Iterator[str]:
    for what, query in _checks().items():
        count = connection.execute(select(func.count()).select_from(query.subquery())).scalar_one()
        if count:
            yield f"{count} {what}; restore the last backup, and report it with the log of runs"
    if connection.dialect.name == "sqlite":
        searched = connection.exec_driver_sql("SELECT count(*) FROM statement_words").scalar_one()
        held = connection.execute(select(func.count()).select_from(statements)).scalar_one()
        if searched != held:
            yield f"{held} statements, of which {searched} can be searched; restore the last backup"


def _checks() -> dict[str, Select[tuple[str]]]:
    it = statements.c
    seen = sightings.c
    stands = exists().where(seen.statement_id == it.statement_id, seen.superseded_at.is_(None))
    ever = exists().where(seen.statement_id == it.statement_id)
    words = func.substr(article_versions.c.body, it.span_start + 1, it.span_end - it.span_start)
    return {
        "statements stand without a sighting that stands": select(it.statement_id).where(
            it.superseded_at.is_(None), ~stands
        ),
        "statements are superseded although a sighting stands": select(it.statement_id).where(
            it.superseded_at.is_not(None), stands
        ),
        "statements were seen nowhere": select(it.statement_id).where(~ever),
        "statements are not the text that their offsets name": select(it.statement_id)
        .join(article_versions, article_versions.c.version_id == it.version_id)
        .where(words != it.text),
        "articles have no current text": select(article_versions.c.article_id)
        .group_by(article_versions.c.article_id)
        .having(func.max(cast(article_versions.c.is_current, Integer)) == 0),
    }
