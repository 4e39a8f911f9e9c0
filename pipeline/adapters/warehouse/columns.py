"""Column types that mean the same on SQLite and on PostgreSQL.

What a table holds stands in `schema`; this module only says how a value travels.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, DateTime, Dialect, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeDecorator

from pipeline.quality.characters import escaped

JSON_TEXT = JSON().with_variant(JSONB(), "postgresql")
"""JSON: text on SQLite, `jsonb` on PostgreSQL."""


class UtcDateTime(TypeDecorator[datetime]):
    """An aware time in UTC. SQLite keeps `YYYY-MM-DD HH:MM:SS.ffffff` without a zone, which is always UTC.

    Raises:
        ValueError: a naive time was given; it names no instant.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value.isoformat()} has no time zone; times in the warehouse are aware")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class EscapedText(TypeDecorator[str]):
    r"""Text for people that must be stored whatever it holds: NUL and lone surrogates become `\x00` and `\udXXX`.

    PostgreSQL refuses the first and UTF-8 the second. Text that offsets point into is never escaped: it is refused.
    """

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        return None if value is None else escaped(value)


def escaped_json(value: Any) -> Any:
    """A JSON value of strings, lists and mappings with every string `escaped`, since `jsonb` refuses NUL as well."""
    if isinstance(value, str):
        return escaped(value)
    if isinstance(value, dict):
        return {escaped(key): escaped_json(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [escaped_json(item) for item in value]
    return value
