"""Insert or leave, insert or change: what SQLite and PostgreSQL share in their dialects but not in SQLAlchemy's core.

All of it runs as executemany, which is the fastest way through the drivers of both.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import ARRAY, ColumnElement, Connection, Table, Text, any_, func, literal, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql import JSONB

_IN_LIST = 1000
"""Values in one IN list: far below what both databases take as parameters (32,766 and 65,535)."""

_Insert = sqlite.Insert | postgresql.Insert
_Value = TypeVar("_Value")


def insert_missing(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert the rows whose key or unique values do not stand yet."""
    if rows:
        connection.execute(insert_into(connection, table).on_conflict_do_nothing(), list(rows))


def insert_new(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """As `insert_missing` for a table with a key of one column; the rows that were new, each key once.

    True only while nobody else writes: call it in a transaction that keeps other writers out.
    """
    (key,) = table.primary_key.columns
    by_key = {row[key.name]: row for row in reversed(rows)}
    standing = existing(connection, key, by_key)
    new = [row for row_key, row in reversed(by_key.items()) if row_key not in standing]
    insert_missing(connection, table, new)
    return new


def upsert(
    connection: Connection,
    table: Table,
    rows: Sequence[Mapping[str, Any]],
    change: Callable[[Any], Mapping[str, Any]],
    where: Callable[[Any], ColumnElement[bool]] | None = None,
) -> None:
    """Insert rows; where the key stands, set what `change` makes of the new values, if `where` of them is true."""
    if not rows:
        return
    statement = insert_into(connection, table)
    new = statement.excluded
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=list(table.primary_key.columns), set_=change(new), where=where(new) if where else None
        ),
        list(rows),
    )


def insert_into(connection: Connection, table: Table) -> _Insert:
    """The dialect's own INSERT, with ON CONFLICT."""
    return postgresql.insert(table) if connection.dialect.name == "postgresql" else sqlite.insert(table)


def existing(connection: Connection, key: ColumnElement[Any], values: Collection[Any]) -> set[Any]:
    """Which of `values` stand in the column."""
    return set(connection.execute(select(key).where(among(connection, key, values)).distinct()).scalars())


def among(connection: Connection, column: ColumnElement[Any], values: Collection[str]) -> ColumnElement[bool]:
    """Whether a column of text is one of `values`: one parameter, however many they are."""
    listed = sorted(set(values))
    if connection.dialect.name == "postgresql":
        # As an array, since rows of unknown number may make the planner read the whole table.
        each = select(func.jsonb_array_elements_text(literal(listed, JSONB))).scalar_subquery()
        return column == any_(func.array(each, type_=ARRAY(Text)))
    return column.in_(select(func.json_each(json.dumps(listed)).table_valued("value").c.value))


def in_parts(values: Collection[_Value]) -> Iterator[list[_Value]]:
    """`values`, each once and sorted, in lists short enough for an IN."""
    ordered = sorted(set(values))  # type: ignore[type-var]
    for start in range(0, len(ordered), _IN_LIST):
        yield ordered[start : start + _IN_LIST]
