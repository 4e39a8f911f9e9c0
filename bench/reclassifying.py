"""What reading history again costs beside the rules themselves: taking articles, gate, comparing, writing."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

from bench.databases import new_warehouse
from bench.results import Measure
from bench.stored import NOW, make_article, store_articles
from bench.texts import ordinary_texts
from pipeline import bootstrap
from pipeline.adapters.expectations import ExpectationsGate, read_founded
from pipeline.adapters.warehouse import Warehouse
from pipeline.jobs.analyse import AnalysePorts
from pipeline.jobs.reclassify import BATCH, Plan, reclassify
from pipeline.quality import Pack, article_rows
from pipeline.records import AnalysedBatch, Article, Period, Statement
from pipeline.settings import PROJECT, Settings
from pipeline.statements import Engine

_FIRST = datetime(2023, 3, 1, 12, tzinfo=UTC)
_DAYS = 1_365


class _Timed:
    """The rules, with a clock: both times come from one run, so that neither has the machine more for itself."""

    def __init__(self, engine: Engine) -> None:
        self.ruleset = engine.ruleset
        self.seconds = 0.0
        self._engine = engine

    def statements(self, article: Article) -> tuple[Statement, ...]:
        """What the rules find."""
        began = time.perf_counter()
        found = self._engine.statements(article)
        self.seconds += time.perf_counter() - began
        return found


def ratio(articles: int) -> Measure:
    """Time of reading stored articles again on SQLite, in times that of the rules within it."""
    texts, what = ordinary_texts()
    with tempfile.TemporaryDirectory(prefix="bayan-bench-") as folder, new_warehouse("sqlite") as url:
        engine = Engine(bootstrap.rulebook(Settings(var=Path(folder))))
        store_articles(url, _articles(texts, articles))
        rules = _Timed(engine)
        with closing(Warehouse(url)) as warehouse:
            statements = _read_before(engine, warehouse, _articles(texts, articles))
            ports = _ports(engine, rules, warehouse, Path(folder))
            began = time.perf_counter()
            report = reclassify(Plan(period=Period()), ports=ports, store=warehouse, run_id="again", now=NOW)
            ours = time.perf_counter() - began
    if report.counts["articles"] != articles or report.problems:
        raise AssertionError(f"not all was read again: {report}")
    done = f"{articles} articles ({what}) with {statements} statements on SQLite: {ours:.0f} s"
    return Measure(ours / rules.seconds, "times", "<=1.5", f"{done}, of which the rules {rules.seconds:.0f} s")


def _articles(texts: list[str], count: int) -> Iterator[Article]:
    """The texts over and over, each time as another article of another day."""
    for number in range(count):
        day = _FIRST + timedelta(days=number // len(texts) * 7 % _DAYS)
        yield make_article(number, f"{texts[number % len(texts)]}\n{number}", published_at=day)


def _read_before(engine: Engine, warehouse: Warehouse, articles: Iterator[Article]) -> int:
    """Load what the rules find as the reading of older rules, and tell how many statements that are."""
    statements = 0
    warehouse.start_run("before", job="analyse", now=NOW)
    while some := list(islice(articles, BATCH)):
        analysed = [(article, engine.statements(article)) for article in some]
        statements += sum(len(found) for _, found in analysed)
        batch = AnalysedBatch(analysed=analysed, held=(), verdicts=(), ruleset="rules-before")
        warehouse.load(batch, run_id="before", now=NOW - timedelta(days=1))
    return statements


def _ports(engine: Engine, rules: _Timed, warehouse: Warehouse, folder: Path) -> AnalysePorts:
    """The real gate; Great Expectations is imported before the clock starts, as a worker has done long ago."""
    suites = PROJECT / "schemas" / "expectations"
    gate = ExpectationsGate(suites=suites, data_docs=folder / "docs")
    gate.judge("articles", article_rows([make_article(0, "نص", published_at=_FIRST)], now=NOW))
    book = engine.rulebook
    pack = Pack(groups=book.registry.groups.keys(), rules=book.rules.keys(), founded=read_founded(suites))
    return AnalysePorts(classifier=rules, gate=gate, store=warehouse, runs=warehouse, pack=pack)
