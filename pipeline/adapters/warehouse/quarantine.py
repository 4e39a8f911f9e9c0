"""What people do with quarantined things: look, try again, accept, dismiss. Holding stands in the stages' modules."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update

from pipeline.adapters.warehouse.database import Database
from pipeline.adapters.warehouse.failures import shown
from pipeline.adapters.warehouse.reads import QuarantineRow
from pipeline.adapters.warehouse.schema import article_versions, captures, quarantine
from pipeline.adapters.warehouse.upsert import among, in_parts, insert_missing
from pipeline.errors import WarehouseError

_SHORTEST = 6
"""Characters of an id that may stand for it."""


def hold(connection: Connection, rows: Sequence[dict[str, Any]]) -> int:
    """Hold things back; what was tried again and is held once more is open again. How many are open anew.

    Call it in a transaction that keeps other loaders out. What was dismissed or accepted stays so.
    """
    by_key = {row["quarantine_id"]: row for row in rows}
    query = select(quarantine.c.quarantine_id, quarantine.c.resolution)
    held = connection.execute(query.where(among(connection, quarantine.c.quarantine_id, by_key)))
    standing: dict[str, str | None] = {key: resolution for key, resolution in held}  # noqa: C416 (rows are no pairs to mypy)
    new = [row for key, row in by_key.items() if key not in standing]
    insert_missing(connection, quarantine, new)
    again = [key for key, resolution in standing.items() if resolution in {"retried", "passed"}]
    for key in again:
        values = {"resolved_at": None, "resolution": None, "note": None}
        values |= {name: by_key[key][name] for name in ("detail", "payload", "run_id")}
        connection.execute(update(quarantine).where(quarantine.c.quarantine_id == key).values(values))
    return len(new) + len(again)


def settle_passed(
    connection: Connection, version_ids: Collection[str], *, held: Collection[str], now: datetime
) -> None:
    """Close what was held of versions that were judged again and broke nothing this time."""
    it = quarantine.c
    query = select(it.quarantine_id).where(among(connection, it.version_id, version_ids), it.resolved_at.is_(None))
    passed = set(connection.execute(query).scalars()) - set(held)
    if passed:
        closed = update(quarantine).where(among(connection, it.quarantine_id, passed))
        connection.execute(closed.values(resolved_at=now, resolution="passed"))


class QuarantineTables(Database):
    """What `bayan quarantine` asks and does."""

    def quarantined(
        self, *, stage: str | None = None, reason: str | None = None, source_id: str | None = None, closed: bool = False
    ) -> list[QuarantineRow]:
        """What is held and open, or with `closed` also what was dealt with; newest first."""
        it = quarantine.c
        wanted = {it.stage: stage, it.reason: reason, it.source_id: source_id}
        query = select(quarantine).where(*(column == value for column, value in wanted.items() if value is not None))
        if not closed:
            query = query.where(it.resolved_at.is_(None))
        with self.reading() as connection:
            found = connection.execute(query.order_by(it.held_at.desc(), it.quarantine_id)).mappings().all()
        return [QuarantineRow(**row) for row in found]

    def quarantined_one(self, beginning: str) -> QuarantineRow:
        """The thing whose id begins so.

        Raises:
            WarehouseError: none or several begin so.
        """
        query = select(quarantine).where(quarantine.c.quarantine_id.startswith(beginning, autoescape=True)).limit(2)
        with self.reading() as connection:
            found = connection.execute(query).mappings().all()
        if len(beginning) < _SHORTEST or len(found) != 1:
            what = "several begin so" if len(found) > 1 else f"give at least {_SHORTEST} characters of an id"
            raise WarehouseError(f"{shown(self.url)}: quarantine {beginning}: {what}; see: bayan quarantine list")
        return QuarantineRow(**found[0])

    def resolve(self, row: QuarantineRow, resolution: str, *, note: str | None, now: datetime) -> None:
        """Note what becomes of a thing; retried or accepted, it goes through its stage and the gate again.

        Args:
            row: the thing.
            resolution: `retried`, `accepted` (a held batch, although it broke an expectation) or `dismissed`.
            note: why.
            now: UTC time.
        """
        values = {"resolved_at": now, "resolution": resolution, "note": note}
        with self.loading() as connection:
            connection.execute(update(quarantine).where(quarantine.c.quarantine_id == row.quarantine_id).values(values))
            if resolution != "dismissed":
                _let_come_back(connection, row)

    def accepted_versions(self, version_ids: Collection[str]) -> set[str]:
        """Of these versions, those of a held batch that a person accepted."""
        it = quarantine.c
        query = select(it.payload).where(it.stage == "batches", it.resolution == "accepted")
        with self.reading() as connection:
            batches = [json.loads(payload) for payload in connection.execute(query).scalars()]
        return {version_id for batch in batches for version_id in batch["versions"]} & set(version_ids)


def _let_come_back(connection: Connection, row: QuarantineRow) -> None:
    """Let the stage that held it take it again: by forgetting that it was dealt with."""
    payload = json.loads(row.payload)
    versions = payload["versions"] if row.stage == "batches" else [row.version_id] if row.version_id else []
    for part in in_parts(versions):
        waits = update(article_versions).where(article_versions.c.version_id.in_(part)).values(analysed_by=None)
        connection.execute(waits)
    capture_id = payload.get("capture_id") if row.stage == "articles" else None
    if row.stage == "pages":
        entry = (captures.c.entry_key == row.item_key) & (captures.c.source_id == row.source_id)
        connection.execute(update(captures).where(entry).values(entry_key=None))
    elif capture_id and row.reason == "unstorable-text":
        # No version was stored: the page is fetched again.
        connection.execute(update(captures).where(captures.c.capture_id == capture_id).values(entry_key=None))
