"""How long analysts wait: every documented view and every worked query over a warehouse with years in it."""

from __future__ import annotations

import re
import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import closing

from sqlalchemy import text

from bench.databases import KINDS, new_warehouse
from bench.history_rows import fill
from bench.results import Measure
from bench.texts import PROJECT
from pipeline.adapters.warehouse.database import Database
from pipeline.adapters.warehouse.dictionary import VIEWS

_ROUNDS = 5
_ROWS = 1_000
"""Rows that are fetched of a view, as a client shows them page by page; the worked queries are fetched whole."""
_WORKED = re.compile(r"^## ([^\n]+)\n[^`]+?```sql\n(.+?)\n```", re.M | re.S)


def slowest_median(statements: int) -> Measure:
    """The median of the slowest one, in milliseconds, on the slower database; each median over a line is told."""
    slowest = []
    asked = dict(questions())
    for kind in KINDS:
        with new_warehouse(kind) as url:
            fill(url, statements)
            for name, median in medians(url, asked):
                slowest.append((median, f"{name!r} on {kind}"))
                if median >= 200:
                    print(f"  {median:8.0f} ms  {name} on {kind}", file=sys.stderr, flush=True)
    median, name = max(slowest)
    over = sum(it >= 200 for it, _ in slowest)
    what = f"{statements} statements, {len(asked)} views and worked queries on each database"
    remark = f"{what}, {over} over; slowest {name}"
    return Measure(median, "ms", "<=200", remark)


def questions() -> Iterator[tuple[str, str]]:
    """Name and SQL of each."""
    for view in VIEWS:
        yield view, f"SELECT * FROM {view} LIMIT {_ROWS}"
    yield from _WORKED.findall((PROJECT / "docs" / "queries.md").read_text(encoding="utf-8"))


def medians(url: str, asked: dict[str, str]) -> Iterator[tuple[str, float]]:
    """Name and median in milliseconds of each, fetched whole; the first round, which reads the disk, is not counted."""
    with closing(Database(url)) as database:
        for name, sql in asked.items():
            taken = []
            for _ in range(_ROUNDS + 1):
                began = time.perf_counter()
                with database.reading() as connection:
                    connection.execute(text(sql)).all()
                taken.append((time.perf_counter() - began) * 1000)
            yield name, statistics.median(taken[1:])
