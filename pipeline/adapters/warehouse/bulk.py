"""Many rows at once: COPY into a staging table and one merge on PostgreSQL, executemany on SQLite.

Small, rare rows go through `upsert`. Neither refuses a row that stands: it is left, or changed in the named columns.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import psycopg
from sqlalchemy import Connection, Table
from sqlalchemy.exc import DBAPIError

from pipeline.adapters.warehouse.upsert import insert_into


def insert_many(
    connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]], *, change: Sequence[str] = ()
) -> None:
    """Insert rows that all have the same columns; where a key stands, set the columns `change`, or leave the row.

    Raises:
        sqlalchemy.exc.DBAPIError: the database refused a row; nothing of this call stands.
    """
    if not rows:
        return
    if connection.dialect.name == "postgresql":
        _merge(connection, table, _each_key_once(table, rows), change)
        return
    insert = insert_into(connection, table)
    key = list(table.primary_key.columns)
    set_ = {name: insert.excluded[name] for name in change}
    resolved = insert.on_conflict_do_update(index_elements=key, set_=set_) if set_ else insert.on_conflict_do_nothing()
    # Tuples rather than mappings: SQLAlchemy would make parameters for each row, which costs as much as the row.
    compiled = resolved.compile(dialect=connection.dialect, column_keys=list(rows[0]))
    connection.exec_driver_sql(str(compiled), _adapted(connection, table, compiled.positiontup or (), rows))


def _each_key_once(table: Table, rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """PostgreSQL refuses a merge that would change one row twice; the last one says what stands."""
    key = [column.name for column in table.primary_key.columns]
    return list({tuple(row[name] for name in key): row for row in rows}.values())


def _merge(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]], change: Sequence[str]) -> None:
    names = list(rows[0])
    columns = ", ".join(f'"{name}"' for name in names)
    staging = f"staging_{table.name}"
    # Kept by the session for its next batch; it has no index and no checks: the merge into the table has them all.
    connection.exec_driver_sql(
        f"CREATE TEMPORARY TABLE IF NOT EXISTS {staging} (LIKE {table.name}) ON COMMIT DELETE ROWS"
    )
    connection.exec_driver_sql(f"TRUNCATE {staging}")
    _copy(connection, f"COPY {staging} ({columns}) FROM STDIN", _adapted(connection, table, names, rows))
    key = ", ".join(column.name for column in table.primary_key.columns)
    set_ = ", ".join(f'"{name}" = excluded."{name}"' for name in change)
    action = f"DO UPDATE SET {set_}" if change else "DO NOTHING"
    connection.exec_driver_sql(
        f"INSERT INTO {table.name} ({columns}) SELECT {columns} FROM {staging} ON CONFLICT ({key}) {action}"  # noqa: S608 (names of the schema)
    )


def _adapted(
    connection: Connection, table: Table, names: Sequence[str], rows: Sequence[Mapping[str, Any]]
) -> list[tuple[Any, ...]]:
    """Rows as the driver takes them: each value through its column's type, as SQLAlchemy would."""
    processors = [
        table.c[name].type.dialect_impl(connection.dialect).bind_processor(connection.dialect) for name in names
    ]
    return [
        tuple(
            row[name] if process is None or row[name] is None else process(row[name])
            for name, process in zip(names, processors, strict=True)
        )
        for row in rows
    ]


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
