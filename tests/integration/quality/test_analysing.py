"""Analysing with the real gate and a real warehouse: what passes stands, what breaks is held, nothing is lost."""

import contextlib
import json
from pathlib import Path

import pytest

from pipeline.adapters.expectations import ExpectationsGate
from pipeline.adapters.warehouse import Warehouse, migrate
from pipeline.jobs.analyse import AnalysePorts, analyse
from pipeline.quality import Pack
from pipeline.settings import PROJECT
from tests.fakes.analysis import ToldRules
from tests.fakes.press import CLAIM, DAILY, NOON, article, page, statement

GOOD, TEASER, ODD = article(1), article(2, body="Read more."), article(3)
FOUND = {
    GOOD.url: [statement(GOOD), statement(GOOD, CLAIM, label="admission", cameo="015", speaker="y")],
    ODD.url: [statement(ODD, group="unheard-of"), statement(ODD, CLAIM, label="admission", cameo="015", speaker="x")],
}


@pytest.fixture
def warehouse(tmp_path: Path):
    """A warehouse with a sound article, a teaser, and an article whose group no registry knows."""
    url = f"sqlite:///{tmp_path / 'warehouse.db'}"
    migrate(url)
    with contextlib.closing(Warehouse(url)) as it:
        it.start_run("collect-1", job="collect", now=NOON)
        it.save_sources([DAILY], now=NOON)
        for number, of in enumerate((GOOD, TEASER, ODD), start=1):
            it.save_page(page(of, number), run_id="collect-1", now=NOON)
        yield it


def run(warehouse: Warehouse, folder: Path, run_id: str = "analyse-1", **more):
    ports = AnalysePorts(
        classifier=ToldRules(FOUND),
        gate=ExpectationsGate(suites=PROJECT / "schemas" / "expectations", data_docs=folder / "data_docs"),
        store=warehouse,
        runs=warehouse,
        pack=Pack(groups=frozenset({"harbour-brigade"})),
    )
    return analyse(ports=ports, run_id=run_id, now=NOON, **more)


def test_what_passes_stands_and_what_breaks_is_held_with_its_reason(warehouse, tmp_path):
    """The counts, the rows, the quarantine and the verdicts tell the same."""
    report = run(warehouse, tmp_path)
    assert {
        "articles": 3,
        "statements_threat": 1,
        "statements_admission": 2,
        "statements_truce": 0,
        "sightings": 3,
        "superseded": 0,
        "held_articles": 1,
        "held_statements": 1,
        "held_batches": 0,
    } == report.counts
    assert 3 == len(warehouse.statement_rows(["analyse-1"]))
    held = {row.stage: row for row in warehouse.quarantine_rows(["analyse-1"])}
    assert {"articles": "body-length", "statements": "group-in-registry"} == {
        stage: row.reason for stage, row in held.items()
    }
    assert "unheard-of" == json.loads(held["statements"].payload)["group"]
    assert 31 == warehouse.status().rows["quality_results"]
    assert (tmp_path / "data_docs" / "index.html").is_file()


def test_a_second_run_finds_nothing_to_do(warehouse, tmp_path):
    """What was held is seen too, and is not tried again by the same rules."""
    run(warehouse, tmp_path)
    before = warehouse.status().rows
    report = run(warehouse, tmp_path, "analyse-2")
    assert 0 == sum(report.counts.values())
    assert {**before, "runs": before["runs"] + 1} == warehouse.status().rows


def test_a_run_that_ends_between_two_batches_is_picked_up(warehouse, tmp_path):
    """Stopped after the first batch and started again, the warehouse ends as if nothing had happened."""

    def stop(done: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(warehouse, tmp_path, batch=1, progress=stop)
    assert 2 == warehouse.awaiting_analysis("rules-1")
    run(warehouse, tmp_path, "analyse-2")
    rows = warehouse.status().rows
    assert (0, 3, 2) == (warehouse.awaiting_analysis("rules-1"), rows["statements"], rows["quarantine"])
