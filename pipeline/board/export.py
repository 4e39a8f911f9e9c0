"""Statements as lines of a file: CSV for spreadsheets, JSON Lines for programs. What is taken stands in `app`."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from pipeline.records import Statement
from pipeline.records.browsing import ListedStatement

BOM = "\ufeff"
"""Without it spreadsheets take UTF-8 for another encoding."""

COLUMNS = (
    "statement_id", "label", "group_id", "group_name", "speaker", "said_on", "said_on_precision", "said_on_basis",
    "channel", "target", "condition", "text", "quoted", "language", "confidence", "cameo", "rule_ids", "outlets",
    "title", "outlet", "url", "published_at", "first_seen_at", "recorded_at",
)  # fmt: skip
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv_lines(found: Iterable[ListedStatement], group_name: Callable[[str], str]) -> Iterator[str]:
    """A header and a row a statement, columns named as in the warehouse; no cell is taken for a formula."""
    yield BOM + _row(COLUMNS)
    for each in found:
        it = each.statement
        values = {name: getattr(each if hasattr(each, name) else it, name, None) for name in COLUMNS}
        values["group_id"], values["group_name"] = it.group, group_name(it.group) if it.group else None
        values["rule_ids"] = " ".join(it.rules)
        yield _row(_cell(values[name]) for name in COLUMNS)


def json_lines(found: Iterable[ListedStatement]) -> Iterator[str]:
    """An object a statement: `statement` as schemas/statement.schema.json has it, and where it was seen beside it."""
    for each in found:
        line = {
            "statement_id": each.statement_id,
            "statement": as_contract(each.statement),
            "article": {
                "url": each.url,
                "title": each.title,
                "outlet": each.outlet,
                "language": each.language,
                "published_at": _text(each.published_at),
            },
            "outlets": each.outlets,
            "first_seen_at": _text(each.first_seen_at),
            "recorded_at": _text(each.recorded_at),
        }
        yield json.dumps(line, ensure_ascii=False) + "\n"


def as_contract(statement: Statement) -> dict[str, Any]:
    """The statement as an object of schemas/statement.schema.json."""
    return {**asdict(statement), "said_on": _text(statement.said_on)}


def _cell(value: object) -> str:
    shown = _text(value) or ""
    return f"'{shown}" if shown.startswith(_FORMULA) else shown


def _text(value: object) -> str | None:
    if value is None:
        return None
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, bool):
        return str(value).lower()
    return value.isoformat() if isinstance(value, date) else str(value)


def _row(values: Iterable[str]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow(values)
    return line.getvalue()
