"""What the warehouse adds to loading: ids, merging, history and the gate's marks against the driver alone.

The same rows go into the same tables, with all their keys, checks, indexes and triggers, on both sides.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta

import psycopg
from sqlalchemy import make_url

from bench.databases import new_warehouse
from bench.results import Measure
from bench.stored import NOW, make_article, store_articles
from pipeline.adapters.warehouse import Warehouse
from pipeline.records import AnalysedBatch, Article, Statement

_BATCH = 5_000
"""Articles in one transaction, a large one of the daily run."""
_TABLES = ("statements", "sightings")
_GROUPS, _A_DAY, _AN_ARTICLE = 40, 50, 2
"""A busy day: fifty articles with two statements each, of all groups; they come in the order of their days."""
_FIRST = datetime(2024, 2, 1, 12, tzinfo=UTC)
_WORDS = (
    "وقال المتحدث العسكري باسم الكتائب في بيان نشر مساء أمس إن مقاتليها سيستهدفون القاعدة رقم {0}",
    "سنغلق طريق الميناء رقم {0} أمام السفن كلها إذا لم تنسحب القوات من محيط المدينة قبل نهاية الشهر",
)


def ratio(kind: str, statements: int) -> Measure:
    """Time of loading a history into an empty warehouse, in times the driver's own for the same rows."""
    count = statements // _AN_ARTICLE
    with new_warehouse(kind) as url:
        store_articles(url, _articles(range(count)))
        with closing(Warehouse(url)) as warehouse:
            warehouse.start_run("run", job="analyse", now=NOW)
            ours = sum(_seconds(warehouse, batch) for batch in _batches(count))
        alone = _again(url, count) if kind == "postgresql" else _executemany(url, count)
    way = "COPY" if kind == "postgresql" else "sqlite3's executemany"
    done = f"{statements} statements and sightings in {ours:.1f} s"
    remark = f"{done}; {way} of the same rows into the same tables {alone:.1f} s"
    return Measure(ours / alone, "times", "<=2", remark)


def _seconds(warehouse: Warehouse, batch: AnalysedBatch) -> float:
    began = time.perf_counter()
    warehouse.load(batch, run_id="run", now=NOW)
    return time.perf_counter() - began


def _again(url: str, count: int) -> float:
    """Seconds that COPY takes for the rows that stand, into the same tables of another database."""
    with _connect(url) as full:
        rows = {table: _copied(full, table) for table in _TABLES}
    with new_warehouse("postgresql") as empty:
        store_articles(empty, _articles(range(count)))
        with closing(Warehouse(empty)) as warehouse:
            warehouse.start_run("run", job="analyse", now=NOW)
        began = time.perf_counter()
        with _connect(empty) as connection, connection.cursor() as cursor:
            for table, blocks in rows.items():
                with cursor.copy(f"COPY {table} FROM STDIN") as copy:
                    for block in blocks:
                        copy.write(block)
        return time.perf_counter() - began


def _copied(connection: psycopg.Connection, table: str) -> list[bytes]:
    with connection.cursor() as cursor, cursor.copy(f"COPY (SELECT * FROM {table}) TO STDOUT") as copy:
        return [bytes(block) for block in copy]


def _connect(url: str) -> psycopg.Connection:
    return psycopg.connect(make_url(url).set(drivername="postgresql").render_as_string(hide_password=False))


def _executemany(url: str, count: int) -> float:
    """Seconds that executemany takes for the rows that stand, into the same tables of another file."""
    with closing(sqlite3.connect(str(make_url(url).database))) as full:
        rows = {table: full.execute(f"SELECT * FROM {table} ORDER BY rowid").fetchall() for table in _TABLES}
    with new_warehouse("sqlite") as empty:
        store_articles(empty, _articles(range(count)))
        with closing(Warehouse(empty)) as warehouse:
            warehouse.start_run("run", job="analyse", now=NOW)
        with closing(sqlite3.connect(str(make_url(empty).database))) as connection:
            for pragma in ("foreign_keys = ON", "journal_mode = WAL", "synchronous = FULL"):
                connection.execute(f"PRAGMA {pragma}")
            began = time.perf_counter()
            with connection:
                for table, values in rows.items():
                    marks = ", ".join("?" for _ in values[0])
                    connection.executemany(f"INSERT INTO {table} VALUES ({marks})", values)
            return time.perf_counter() - began


def _articles(numbers: Iterable[int]) -> Iterator[Article]:
    for number in numbers:
        body = "\n".join(words.format(number) for words in _WORDS)
        yield make_article(number, body, published_at=_FIRST + timedelta(days=number // _A_DAY))


def _batches(count: int) -> Iterator[AnalysedBatch]:
    """One after the other, as a run makes them: of those to come nothing is in memory."""
    for start in range(0, count, _BATCH):
        numbers = range(start, min(start + _BATCH, count))
        analysed = [(it, _found(it, number)) for it, number in zip(_articles(numbers), numbers, strict=True)]
        yield AnalysedBatch(analysed=analysed, held=(), verdicts=(), ruleset="rules-1")


def _found(article: Article, number: int) -> list[Statement]:
    found, start = [], 0
    for line in article.body.split("\n"):
        found.append(
            Statement(
                label="threat", text=line, start=start, end=start + len(line), group=f"group-{number % _GROUPS}",
                said_on=(_FIRST + timedelta(days=number // _A_DAY)).date(), said_on_precision="day",
                said_on_basis="text", confidence=0.9, cameo="138", rules=("r",),
            )
        )  # fmt: skip
        start += len(line) + 1
    return found
