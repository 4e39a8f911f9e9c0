"""Measures of collecting: what it adds to feedparser and trafilatura, and what two thousand feeds need."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import feedparser
from trafilatura import bare_extraction

from bench.outlets import ENTRIES, FEEDS, HOSTS, host_names
from bench.results import Measure
from bench.texts import PROJECT
from pipeline import bootstrap
from pipeline.matching.rulebook import Rulebook
from pipeline.records import AnalysedBatch
from pipeline.settings import Settings
from pipeline.statements import Engine

_PAGES = 90
_ROUNDS = 3
_SHARED = PROJECT.parent / "shared" / "newsroom" / "pages"
_TITLE = b"</title>"


def measures() -> Iterator[tuple[str, Measure]]:
    """Each measure as it is known."""
    yield "ingest.overhead", _overhead()
    yield "ingest.feeds_2000_mb", _many_feeds()


def _overhead() -> Measure:
    """Collecting, classifying and storing against parsing alone, over the same pages, the best of some rounds each."""
    pages, what = _pages()
    with tempfile.TemporaryDirectory(prefix="bayan-bench-") as name:
        folder = Path(name)
        feed = _write_outlet(folder / "outlet", pages)
        rules = bootstrap.rulebook(Settings(var=folder / "rules"))
        with _serving(folder / "outlet") as address:
            sources = folder / "sources.yml"
            row = {"id": "outlet", "kind": "feed", "url": f"{address}/feed.xml", "name": "Outlet"}
            sources.write_text(json.dumps({"sources": [row]}))
            ours, alone = list[float](), list[float]()
            for number in range(_ROUNDS):
                alone.append(_timed(lambda: _parse(feed, pages)))
                settings = Settings(var=folder / str(number), sources=sources, host_interval=0)
                bootstrap.prepare_warehouse(settings)
                ours.append(_timed(partial(_collect_and_store, settings, rules)))
    remark = f"{len(pages)} pages ({what}), {min(alone) / len(pages) * 1000:.1f} ms a page for the parsers alone"
    return Measure(min(ours) / min(alone), "times", "<=1.25", remark)


_SERVE = (
    "import sys; from pathlib import Path; from pipeline.embedded.newsroom import Newsroom\n"
    "with Newsroom(Path(sys.argv[1])) as server: print(server.address, flush=True); sys.stdin.read()"
)


@contextmanager
def _serving(folder: Path) -> Iterator[str]:
    """The outlet's address; it is served by a process of its own, since its work is not the collector's."""
    command = [sys.executable, "-c", _SERVE, str(folder)]
    with subprocess.Popen(command, cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        yield _line_of(server)
        server.communicate("")


def _line_of(process: subprocess.Popen[str]) -> str:
    if process.stdout is None or not (line := process.stdout.readline().strip()):
        raise RuntimeError("a server of the bench did not start")
    return line


def _pages() -> tuple[list[bytes], str]:
    """Pages that differ, of real ones where they stand beside the checkout."""
    real = sorted(_SHARED.glob("*.html"))
    files = real or sorted((PROJECT / "samples" / "newsroom" / "articles").glob("*.html"))
    bodies = [file.read_bytes() for file in files]
    pages = [_own(bodies[number % len(bodies)], number) for number in range(_PAGES)]
    return pages, "real" if real else "of the sample newsroom"


def _own(page: bytes, number: int) -> bytes:
    """The page with a title of its own, and no other canonical address."""
    return (
        page.replace(b"canonical", b"other").replace(b"og:url", b"og:u").replace(_TITLE, f" {number}".encode() + _TITLE)
    )


def _write_outlet(folder: Path, pages: list[bytes]) -> bytes:
    folder.mkdir()
    items = "".join(
        f"<item><title>خبر {n}</title><link>@BASE@/{n}.html</link><guid>{n}</guid></item>" for n in range(len(pages))
    )
    feed = f'<rss version="2.0"><channel><title>صحيفة</title>{items}</channel></rss>'.encode()
    (folder / "feed.xml").write_bytes(feed)
    for number, page in enumerate(pages):
        (folder / f"{number}.html").write_bytes(page)
    return feed


def _parse(feed: bytes, pages: list[bytes]) -> None:
    """What nobody can do without."""
    feedparser.parse(feed)
    for page in pages:
        bare_extraction(page, with_metadata=True, include_comments=False)


def _collect_and_store(settings: Settings, rules: Rulebook) -> None:
    report = bootstrap.run_collect(settings, "outlet", run_id="bench")
    if report.new_articles + report.held != _PAGES:
        raise RuntimeError(f"only {report.new_articles} of {_PAGES} pages were collected: {report.problems}")
    engine = Engine(rules)
    with closing(bootstrap.open_warehouse(settings)) as warehouse:
        articles = warehouse.articles_awaiting(engine.ruleset, limit=_PAGES)
        found = [(article, engine.statements(article)) for article in articles]
        batch = AnalysedBatch(analysed=found, held=(), verdicts=(), ruleset=engine.ruleset)
        warehouse.load(batch, run_id="bench", now=datetime.now(UTC))


def _timed(work: Callable[[], None]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _many_feeds() -> Measure:
    """Peak memory of one run over all feeds; the servers' log says whether the hosts were spared."""
    with tempfile.TemporaryDirectory(prefix="bayan-bench-") as name:
        folder = Path(name)
        command = [sys.executable, "-m", "bench.outlets"]
        with subprocess.Popen(
            command, cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as servers:
            port = int(_line_of(servers))
            rows = [
                {"id": f"h{n}-{feed}", "kind": "feed", "url": f"http://{host}:{port}/{feed}.xml", "name": host}
                for n, host in enumerate(host_names())
                for feed in range(FEEDS)
            ]
            (folder / "sources.yml").write_text(json.dumps({"sources": rows}))
            environment = os.environ | {
                "BAYAN_VAR": str(folder / "var"),
                "BAYAN_SOURCES": str(folder / "sources.yml"),
                "BAYAN_ALLOW_ADDRESSES": '["127.0.0.0/8"]',
                "BAYAN_PAGES_PER_PASS": "1",
            }
            done = subprocess.run(
                [sys.executable, "-m", "bench.collector"], cwd=PROJECT, env=environment, capture_output=True, text=True,
                check=True,
            )  # fmt: skip
            seen = json.loads(servers.communicate("")[0])
    ran = json.loads(done.stdout)
    counts = ran["counts"]
    if (counts["sources"], counts["entries"], counts["failed"]) != (HOSTS * FEEDS, HOSTS * FEEDS * ENTRIES, 0):
        raise RuntimeError(f"not all feeds were polled: {counts}")
    if seen["shortest_gap_s"] < 5 or seen["most_connections"] > 2:
        raise RuntimeError(f"the hosts were not spared: {seen}")
    remark = (
        f"{counts['sources']} feeds on {seen['hosts']} hosts, {counts['new_articles']} pages, {ran['seconds']:.0f} s; "
        f"to a host {seen['most_connections']} connections, {seen['shortest_gap_s']:.2f} s or more between requests"
    )
    return Measure(ran["peak_mb"], "MB", "<=500", remark)
