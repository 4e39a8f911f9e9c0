"""Many rows at once: COPY into a staging table and one merge on PostgreSQL, executemany on SQLite.

Small, rare rows go through `upsert`. Neither refuses a row that stands: it is left, or changed in the named columns.
Rows go to the drivers column by column and past SQLAlchemy's own executemany, which costs as much as the writing.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from operator import itemgetter
from typing import Any

import psycopg
from sqlalchemy import JSON, Connection, Dialect, Table
from sqlalchemy.exc import DBAPIError
from sqlalchemy.types import TypeEngine

Row = Mapping[str, Any]
"""Values by column; JSON is made of tuples, since every value of a column whose type adapts it must be hashable."""


def insert_many(connection: Connection, table: Table, rows: Sequence[Row], *, change: Sequence[str] = ()) -> None:
    """Insert rows that all have the same columns; where a key stands, set the columns `change`, or leave the row.

    Raises:
        sqlalchemy.exc.DBAPIError: the database refused a row; nothing of this call stands.
    """
    if not rows:
        return
    names = list(rows[0])
    if connection.dialect.name == "postgresql":
        # What is left where it stands may come twice.
        _merge(connection, table, names, _each_key_once(table, rows) if change else rows, change)
        return
    marks = ", ".join("?" for _ in names)
    statement = f"INSERT INTO {table.name} ({_listed(names)}) VALUES ({marks}) {_on_conflict(table, change)}"  # noqa: S608 (names of the schema)
    connection.exec_driver_sql(statement, _adapted(connection.dialect, table, names, rows))


def _each_key_once(table: Table, rows: Sequence[Row]) -> list[Row]:
    """PostgreSQL refuses a merge that would change one row twice; the last one says what stands."""
    key = itemgetter(*(column.name for column in table.primary_key.columns))
    return list({key(row): row for row in rows}.values())


def _merge(
    connection: Connection, table: Table, names: Sequence[str], rows: Sequence[Row], change: Sequence[str]
) -> None:
    columns = _listed(names)
    staging = f"staging_{table.name}"
    # Kept by the session for its next batch; it has no index and no checks: the merge into the table has them all.
    connection.exec_driver_sql(
        f"CREATE TEMPORARY TABLE IF NOT EXISTS {staging} (LIKE {table.name}) ON COMMIT DELETE ROWS"
    )
    connection.exec_driver_sql(f"TRUNCATE {staging}")
    _copy(connection, f"COPY {staging} ({columns}) FROM STDIN", _adapted(connection.dialect, table, names, rows))
    connection.exec_driver_sql(
        f"INSERT INTO {table.name} ({columns}) SELECT {columns} FROM {staging} {_on_conflict(table, change)}"  # noqa: S608 (names of the schema)
    )


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def _on_conflict(table: Table, change: Sequence[str]) -> str:
    key = _listed([column.name for column in table.primary_key.columns])
    values = ", ".join(f'"{name}" = excluded."{name}"' for name in change)
    return f"ON CONFLICT ({key}) " + (f"DO UPDATE SET {values}" if change else "DO NOTHING")


def _adapted(dialect: Dialect, table: Table, names: Sequence[str], rows: Sequence[Row]) -> list[tuple[Any, ...]]:
    """Rows as the driver takes them: each value through its column's type, as SQLAlchemy would."""
    columns = []
    for name in names:
        process = _processor(table.c[name].type, dialect)
        values = [row[name] for row in rows]
        columns.append(values if process is None else list(map(_Adapted(process).__getitem__, values)))
    return list(zip(*columns, strict=True))


def _processor(of_type: TypeEngine[Any], dialect: Dialect) -> Callable[[Any], Any] | None:
    if isinstance(of_type, JSON):
        return json.dumps
    return of_type.dialect_impl(dialect).bind_processor(dialect)


class _Adapted(dict[Any, Any]):
    """Each value adapted once: the times, days and rules of a batch are few."""

    def __init__(self, process: Callable[[Any], Any]) -> None:
        super().__init__({None: None})
        self._process = process

    def __missing__(self, value: Any) -> Any:
        adapted = self[value] = self._process(value)
        return adapted


def _copy(connection: Connection, statement: str, rows: Sequence[tuple[Any, ...]]) -> None:
    driver = connection.connection.driver_connection
    if driver is None:
        raise ValueError("COPY needs an open connection")
    try:
        with driver.cursor() as cursor, cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(row)
    except psycopg.Error as error:
        raise DBAPIError.instance(statement, None, error, psycopg.Error) from error
