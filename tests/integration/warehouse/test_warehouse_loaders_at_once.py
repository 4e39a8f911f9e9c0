"""Several loaders at once, and loaders that are killed: the warehouse ends as if one had worked in peace."""

import subprocess
import sys
import time

import pytest

from faults.loading import losses
from pipeline.adapters.warehouse import Warehouse
from pipeline.settings import PROJECT
from tests.fakes.press import DAILY, NOON, article, page

ARTICLES = 30

LOADER = """
import sys
from faults.loading import losses
from pipeline.adapters.warehouse import Warehouse
from pipeline.records import AnalysedBatch
from pipeline.settings import PROJECT
from tests.fakes.press import CLAIM, NOON, statement

warehouse = Warehouse(sys.argv[1])
warehouse.start_run(sys.argv[2], job="analyse", now=NOON)
print("go", flush=True)
while awaiting := warehouse.articles_awaiting("rules-1", limit=5):
    # The threat is the same in all articles, the claim another in each: shared rows and own rows.
    analysed = [(it, [statement(it), statement(it, CLAIM, label="admission", speaker=it.url)]) for it in awaiting]
    batch = AnalysedBatch(analysed=analysed, held=(), verdicts=(), ruleset="rules-1")
    warehouse.load(batch, run_id=sys.argv[2], now=NOON)
"""


@pytest.fixture
def awaiting(warehouse) -> Warehouse:
    """A warehouse with articles that wait."""
    warehouse.start_run("run-1", job="collect", now=NOON)
    warehouse.save_sources([DAILY], now=NOON)
    for number in range(1, ARTICLES + 1):
        warehouse.save_page(page(article(number), number), run_id="run-1", now=NOON)
    return warehouse


def start_loader(url: str, name: str) -> subprocess.Popen:
    loader = subprocess.Popen(
        [sys.executable, "-c", LOADER, url, name], stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=PROJECT
    )
    assert b"go\n" == loader.stdout.readline()
    return loader


def whole(warehouse: Warehouse) -> tuple[int, int, int, int]:
    """Versions that wait, statements, sightings, and articles that carry the shared statement."""
    rows = warehouse.status().rows
    shared = max(row.sightings for row in warehouse.statement_rows())
    return warehouse.awaiting_analysis("rules-1"), rows["statements"], rows["sightings"], shared


EXPECTED = (0, ARTICLES + 1, 2 * ARTICLES, ARTICLES)


def test_two_loaders_with_the_same_batches_load_each_statement_once(awaiting, url):
    """Nothing is lost, doubled or refused when two processes load the same articles."""
    loaders = [start_loader(url, f"loader-{number}") for number in range(2)]
    assert [b"", b""] == [loader.communicate()[1] for loader in loaders]
    assert EXPECTED == whole(awaiting)


def test_a_loader_that_is_killed_again_and_again_loses_and_doubles_nothing(awaiting, url):
    """Whenever it is killed, what stands is whole batches, and the next start ends where one run would have."""
    for number in range(3):
        loader = start_loader(url, f"killed-{number}")
        time.sleep(0.03 * number)
        loader.kill()
        loader.communicate()
        assert 2 * (ARTICLES - awaiting.awaiting_analysis("rules-1")) == awaiting.status().rows["sightings"]
    assert b"" == start_loader(url, "last").communicate()[1]
    assert EXPECTED == whole(awaiting)


def test_two_loaders_that_are_killed_leave_what_an_undisturbed_one_leaves(empty_url, tmp_path):
    """A few of the kills of `make faults`: rule sets that read differently, reprints in other batches, two loaders."""
    (tmp_path / "var").mkdir()
    assert [] == losses(empty_url, kills=3, articles=15)
