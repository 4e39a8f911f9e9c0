"""The log of runs."""

from datetime import timedelta

import pytest

from pipeline.errors import WarehouseError
from tests.fakes.press import NOON

LATER = NOON + timedelta(minutes=5)


def test_a_run_is_logged_from_start_to_end(warehouse):
    """A run is running until its end is noted, with counts and problems as given."""
    warehouse.start_run("run-1", job="collect", now=NOON)
    assert "running" == warehouse.status().last_run.status
    warehouse.finish_run("run-1", counts={"entries": 3}, problems=["feed: \0 empty"], failed=False, now=LATER)
    (run,) = warehouse.runs_since(NOON)
    assert ("done", {"entries": 3}, (r"feed: \x00 empty",)) == (run.status, run.counts, run.problems)
    assert (NOON, LATER) == (run.started_at, run.finished_at)


def test_a_run_that_is_tried_again_starts_anew(warehouse):
    """A retried run keeps its id and loses the end of the try before."""
    warehouse.start_run("run-1", job="collect", now=NOON)
    warehouse.finish_run("run-1", counts={"entries": 3}, problems=["down"], failed=True, now=NOON)
    warehouse.start_run("run-1", job="collect", now=LATER)
    (run,) = warehouse.runs_since(LATER)
    assert ("running", {}, (), None) == (run.status, run.counts, run.problems, run.finished_at)


def test_runs_of_before_are_not_told(warehouse):
    """Only runs that started since then are of this pass."""
    warehouse.start_run("run-1", job="collect", now=NOON)
    warehouse.start_run("run-2", job="alert", now=LATER)
    assert ["run-2"] == [run.run_id for run in warehouse.runs_since(LATER)]


def test_a_run_that_never_started_cannot_end(warehouse):
    """The end of an unknown run is a mistake of the caller, not a row that appears."""
    with pytest.raises(WarehouseError, match="was never started"):
        warehouse.finish_run("run-9", counts={}, problems=[], failed=False, now=NOON)
