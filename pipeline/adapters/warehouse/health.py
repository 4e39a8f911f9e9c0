"""How each source fares, kept from poll to poll; which are due, and which the operators were not told of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, Select, select, update

from pipeline.adapters.warehouse.database import Database
from pipeline.adapters.warehouse.ingest_schema import source_health
from pipeline.adapters.warehouse.schema import sources
from pipeline.adapters.warehouse.upsert import upsert
from pipeline.records import SourceHealth, Validators

_SAME_NAME = (
    "source_id", "state", "state_since", "weight", "polled_at", "next_poll_at", "newest_at", "problem", "reason",
    "asked_url", "moved_to", "conditional_polls", "body_sha256", "etag_lies",
)  # fmt: skip
_WORTH_TELLING = ("silent", "disabled")


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthRow:
    """The health of a source beside its name and kind."""

    name: str
    kind: str
    url: str
    health: SourceHealth


class HealthTables(Database):
    """The part of the port `SourceStore` that is about health, and what people are shown of it."""

    def health(self, source_id: str) -> SourceHealth | None:
        """The health of a source, or None when it was never polled."""
        with self.reading() as connection:
            row = connection.execute(select(source_health).where(source_health.c.source_id == source_id)).mappings()
            found = row.first()
        return _health(found) if found else None

    def save_health(self, health: SourceHealth) -> None:
        """Keep how a source fares now."""
        values = {name: getattr(health, name) for name in _SAME_NAME} | {
            "interval_s": health.interval,
            "rhythm_s": health.rhythm,
            "etag": health.validators.etag,
            "last_modified": health.validators.last_modified,
        }
        with self.writing() as connection:
            upsert(
                connection,
                source_health,
                [values],
                lambda new: {name: new[name] for name in values.keys() - {"source_id"}},
            )

    def not_due(self, now: datetime) -> frozenset[str]:
        """Ids of the sources whose next poll is later."""
        with self.reading() as connection:
            later = select(source_health.c.source_id).where(source_health.c.next_poll_at > now)
            return frozenset(connection.execute(later).scalars())

    def disabled(self, now: datetime) -> frozenset[str]:
        """Ids of the sources that are disabled, and whose daily probe is not due."""
        health = source_health.c
        with self.reading() as connection:
            asleep = select(health.source_id).where(health.state == "disabled", health.next_poll_at > now)
            return frozenset(connection.execute(asleep).scalars())

    def health_rows(self) -> list[HealthRow]:
        """Every source that was ever polled, the worst first."""
        with self.reading() as connection:
            found = connection.execute(_with_names().order_by(source_health.c.weight.desc(), sources.c.source_id))
            return [_row(row) for row in found.mappings()]

    def untold_health(self) -> list[HealthRow]:
        """Sources that went silent or were disabled since the operators were told of them."""
        health = source_health.c
        query = _with_names().where(
            health.state.in_(_WORTH_TELLING), health.told_at.is_(None) | (health.told_at < health.state_since)
        )
        with self.reading() as connection:
            return [_row(row) for row in connection.execute(query.order_by(health.source_id)).mappings()]

    def mark_told(self, source_ids: Sequence[str], *, now: datetime) -> None:
        """Note that the operators know."""
        with self.writing() as connection:
            connection.execute(
                update(source_health).where(source_health.c.source_id.in_(source_ids)).values(told_at=now)
            )


def _with_names() -> Select[Any]:
    names = (
        sources.c.name.label("source_name"),
        sources.c.kind.label("source_kind"),
        sources.c.url.label("source_url"),
    )
    return select(source_health, *names).join(sources, sources.c.source_id == source_health.c.source_id)


def _row(row: RowMapping) -> HealthRow:
    return HealthRow(name=row["source_name"], kind=row["source_kind"], url=row["source_url"], health=_health(row))


def _health(row: RowMapping) -> SourceHealth:
    return SourceHealth(
        **{name: row[name] for name in _SAME_NAME},
        interval=row["interval_s"],
        rhythm=row["rhythm_s"],
        validators=Validators(etag=row["etag"], last_modified=row["last_modified"]),
    )
