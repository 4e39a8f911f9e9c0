"""The data dictionary: the comments of the schema as a page for analysts, and what the views are for."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Table

from pipeline.adapters.warehouse.ingest_schema import metadata

VIEWS = {
    "current_statements": "every statement that stands now, with the article where it was first recorded: `url`, "
    "`title`, `outlet`, `published_at`, and `articles`, how many carry it; the other columns as in `statements`",
    "daily_counts": "how many statements stand, by day of saying (known to the day), label and group: `said_on`, "
    "`label`, `group_id`, `statements`",
    "group_activity": "one row a group: `statements`, `threats`, `admissions`, `truces`, `first_said_on`, "
    "`last_said_on`",
    "source_report": "one row a source: its state from `source_health`, `articles`, `last_article_at`, and "
    "`quarantined`, how many things of it are held and open",
    "open_quarantine": "what is held and not dealt with; the columns of `quarantine` without the payload",
}


def dictionary_page() -> str:
    """The page, in Markdown."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield "# Data dictionary"
    yield "Made from the schema by `bayan warehouse dictionary`; a test holds the two together. Times are UTC. In"
    yield "PostgreSQL the same sentences are the comments of tables and columns. Ask the views first."
    yield ""
    yield "## Views"
    yield "| view | what it tells |"
    yield "|---|---|"
    yield from (f"| `{name}` | {meaning} |" for name, meaning in VIEWS.items())
    for table in sorted(metadata.tables.values(), key=lambda it: it.name):
        yield ""
        yield f"## {table.name}"
        yield f"{_sentence(table.comment)}"
        yield ""
        yield "| column | type | may be null | meaning |"
        yield "|---|---|---|---|"
        yield from _columns(table)


def _columns(table: Table) -> Iterator[str]:
    for column in table.columns:
        kind = type(column.type).__name__
        key = " (key)" if column.primary_key else ""
        shown = _TYPES.get(kind, kind.lower())
        yield f"| `{column.name}`{key} | {shown} | {_yes(column.nullable)} | {column.comment} |"


def _sentence(comment: str | None) -> str:
    text = comment or ""
    return f"{text[:1].upper()}{text[1:]}."


def _yes(nullable: bool | None) -> str:  # noqa: FBT001 (the column's own)
    return "yes" if nullable else ""


_TYPES = {"UtcDateTime": "time", "EscapedText": "text", "JSON": "JSON", "BigInteger": "integer"}
