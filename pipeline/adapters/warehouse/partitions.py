"""Monthly partitions of the tables that only grow, on PostgreSQL; SQLite has none and needs none.

A table whose key is its content (`statements`, `article_versions`) is not partitioned: PostgreSQL could no longer keep
the key unique over all months. What falls into no month that was made goes into the table's `_other` partition.
"""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import Connection, text

PARTITIONED = {"sightings": "recorded_at", "quality_results": "judged_at"}
"""By table, the column whose month decides."""


def make_partitions(connection: Connection, now: datetime) -> None:
    """Make the partitions of the month of `now`; one loader at a time calls it, in the transaction that writes."""
    if connection.dialect.name != "postgresql":
        return
    first = now.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    after = first.replace(year=first.year + first.month // 12, month=first.month % 12 + 1)
    for table, column in PARTITIONED.items():
        name = f"{table}_{first:%Y_%m}"
        if connection.execute(text("SELECT to_regclass(:name)"), {"name": name}).scalar_one() is not None:
            continue
        stray = text(f"SELECT 1 FROM {table}_other WHERE {column} >= :first AND {column} < :after LIMIT 1")  # noqa: S608
        if connection.execute(stray, {"first": first, "after": after}).first() is None:
            bounds = f"FROM ('{first.isoformat()}') TO ('{after.isoformat()}')"
            connection.exec_driver_sql(f"CREATE TABLE {name} PARTITION OF {table} FOR VALUES {bounds}")
