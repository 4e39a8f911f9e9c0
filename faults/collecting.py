"""SIGKILL at random moments of a run, then a rerun: the warehouse must hold what an undisturbed run gives it."""

from __future__ import annotations

import os
import random
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from pipeline import bootstrap
from pipeline.embedded.newsroom import Newsroom
from pipeline.settings import PROJECT, Settings

ARTICLES, KILLS = 500, 50

_PAGE = """<!doctype html><html lang="ar"><head><meta charset="utf-8"><title>خبر {n}</title></head><body><article>
<h1>خبر {n}</h1><p>أعلنت كتائب حزب الله العراقية، الأربعاء، مسؤوليتها عن استهداف القاعدة رقم {n} بطائرتين مسيّرتين.</p>
<p>وقال سكان في القرية {n} إنهم سمعوا دوي انفجارين قبل شروق الشمس، وإن الطريق الرئيس أُغلق ساعات ثم فُتح.</p>
</article></body></html>"""
_ITEM = (
    "<item><title>خبر {n}</title><link>@BASE@/{n}.html</link><guid>{n}</guid>"
    "<pubDate>Wed, 18 Nov 2026 18:00:00 +0300</pubDate></item>"
)

_CONTENT = {
    "articles": "SELECT url FROM articles",
    "versions": "SELECT version_id, title, body, is_current FROM article_versions",
    "visits": "SELECT article_id, url, visits FROM article_visits",
    "near-duplicates": "SELECT count(*) FROM fingerprints",
    "quarantine": "SELECT quarantine_id, stage, reason FROM quarantine",
    "statements": "SELECT statement_id, label, group_id, text FROM statements WHERE superseded_at IS NULL",
    "sightings": "SELECT statement_id, version_id, span_start FROM sightings WHERE superseded_at IS NULL",
    "settled entries": "SELECT DISTINCT entry_key FROM captures WHERE entry_key IS NOT NULL",
}
"""What must be the same; times and record ids differ from run to run."""

_COLLECT = (
    "import sys; from pipeline import bootstrap as b; s = b.read_settings(); b.prepare_warehouse(s); "
    "b.run_collect(s, 'outlet', run_id=sys.argv[1])"
)


@dataclass(frozen=True, slots=True)
class Killing:
    """What is killed.

    Attributes:
        folder: where warehouses and archives may be made.
        sources: the sources file.
        whole: a whole pass (collect, analyse, alert) rather than collecting alone, which starts quickly.
    """

    folder: Path
    sources: Path
    whole: bool

    def undisturbed(self) -> tuple[dict[str, list[tuple[object, ...]]], float]:
        """What the warehouse holds behind a run that nothing disturbed, and the seconds that it took."""
        began = time.monotonic()
        self._finish("undisturbed")
        return _content(self.folder / "undisturbed"), time.monotonic() - began

    def losses(self, name: str, moments: list[float], expected: dict[str, list[tuple[object, ...]]]) -> list[str]:
        """Kill a run at each moment (seconds from its start), run once more, and tell what differs."""
        for moment in moments:
            with self._start(name) as process:
                try:
                    process.wait(moment)
                except subprocess.TimeoutExpired:
                    process.kill()
        self._finish(name)
        found = _content(self.folder / name)
        differing = [what for what, rows in expected.items() if found[what] != rows]
        proof = bootstrap.run_verify(Settings(var=self.folder / name), tick=lambda done, total: None)  # noqa: ARG005
        return [*(f"other {what}" for what in differing), *proof.problems]

    def _start(self, name: str) -> subprocess.Popen[bytes]:
        environment = {key: value for key, value in os.environ.items() if not key.startswith(("AIRFLOW", "BAYAN"))}
        environment |= {
            "BAYAN_VAR": str(self.folder / name),
            "BAYAN_SOURCES": str(self.sources),
            "BAYAN_HOST_INTERVAL": "0",
            "BAYAN_PAGES_PER_PASS": "10000",
        }
        whole = ["-m", "pipeline", "run", "--once"]
        alone = ["-c", _COLLECT, f"collect/{time.time_ns()}"]
        return subprocess.Popen(
            [sys.executable, *(whole if self.whole else alone)],
            cwd=PROJECT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        )  # fmt: skip

    def _finish(self, name: str) -> None:
        with self._start(name) as process:
            said = process.communicate()[1].decode(errors="replace")
        if process.returncode:
            raise RuntimeError(f"a run that nobody killed failed: {said.strip()[-500:]}")


def outlet(folder: Path, articles: int, *, missing: int = 1) -> None:
    """Write an invented outlet: a feed, its pages, some pages that are missing, one entry without a link."""
    folder.mkdir(parents=True)
    items = "".join(_ITEM.format(n=n) for n in range(articles + missing)) + "<item><title>بلا رابط</title></item>"
    feed = f'<rss version="2.0"><channel><title>صحيفة</title>{items}</channel></rss>'
    (folder / "feed.xml").write_text(feed, encoding="utf-8")
    for n in range(articles):
        (folder / f"{n}.html").write_text(_PAGE.format(n=n), encoding="utf-8")


def sources_file(path: Path, address: str) -> Path:
    """A sources file with the outlet at an address."""
    path.write_text(f"sources:\n- {{id: outlet, kind: feed, url: '{address}/feed.xml', name: Outlet}}\n")
    return path


def faults() -> Iterator[tuple[str, list[str]]]:
    """Fifty runs over five hundred articles, each killed once."""
    seed = int(time.time())
    draw = random.Random(seed)
    with tempfile.TemporaryDirectory(prefix="bayan-faults-") as name:
        folder = Path(name)
        outlet(folder / "outlet", ARTICLES)
        with Newsroom(folder / "outlet") as server:
            killing = Killing(folder, sources_file(folder / "sources.yml", server.address), whole=True)
            expected, seconds = killing.undisturbed()
            for number in range(KILLS):
                moment = draw.uniform(0.0, seconds)
                what = (
                    f"run over {ARTICLES} articles killed after {moment:.2f} of {seconds:.1f} s (seed {seed}: {number})"
                )
                yield what, killing.losses(f"killed-{number}", [moment], expected)


def _content(var: Path) -> dict[str, list[tuple[object, ...]]]:
    with closing(sqlite3.connect(f"file:{var / 'warehouse.db'}?mode=ro", uri=True)) as connection:
        return {what: sorted(connection.execute(query).fetchall()) for what, query in _CONTENT.items()}
