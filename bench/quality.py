"""Speed of the quality gate: one suite over as many rows as a year brings, import of Great Expectations apart."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

from bench.results import Measure
from pipeline.adapters.expectations import ExpectationsGate
from pipeline.quality import Pack, statement_rows
from pipeline.records import Article, Statement
from pipeline.settings import PROJECT

_ROWS = 50_000
_NOW = datetime(2026, 3, 5, 12, tzinfo=UTC)
_WORDS = "سنقصف القاعدة إن عادت الطائرات"


def measures() -> Iterator[tuple[str, Measure]]:
    """All measures of the gate."""
    with tempfile.TemporaryDirectory() as folder:
        gate = ExpectationsGate(suites=PROJECT / "schemas" / "expectations", data_docs=Path(folder))
        gate.judge("statements", _rows(10))
        rows = _rows(_ROWS)
        began = time.perf_counter()
        verdicts = gate.judge("statements", rows)
        gate.publish()
        seconds = time.perf_counter() - began
    failed = [verdict.expectation for verdict in verdicts if not verdict.passed]
    if failed:
        raise AssertionError(f"sound rows broke {', '.join(failed)}")
    remark = f"{_ROWS} statements, {len(verdicts)} expectations, pages written; Great Expectations imported before"
    yield "quality.gate_50k_s", Measure(seconds, "s", "<=5", remark)


def _rows(count: int) -> list[dict[str, object]]:
    found = []
    for number in range(count):
        article = Article(
            url=f"https://o.example/{number}", title="خبر", body=_WORDS, language="ar", published_at=_NOW,
            published_basis="feed", author=None, outlet=None, source_id="o", capture_id=str(number),
        )  # fmt: skip
        statement = Statement(
            label="threat", text=_WORDS, start=0, end=len(_WORDS), group="hezbollah", said_on=date(2026, 3, 5),
            said_on_precision="day", said_on_basis="text", confidence=0.9, cameo="138", rules=("r",),
        )  # fmt: skip
        found.append((article, [statement]))
    return statement_rows(found, pack=Pack(groups={"hezbollah"}, founded={"hezbollah": 1982}), now=_NOW)
