"""Loading batches: what stands afterwards, on SQLite and on PostgreSQL."""

import threading
from contextlib import closing
from datetime import timedelta

import pytest

from pipeline.adapters.warehouse import Warehouse
from pipeline.adapters.warehouse import statements as loading
from pipeline.errors import WarehouseError
from pipeline.records import AnalysedBatch, Article, Quarantined, Statement, Verdict
from tests.fakes.press import BODY, CLAIM, DAILY, NOON, article, page, statement

LATER = NOON + timedelta(hours=1)


def collect(warehouse: Warehouse, *articles: Article, run_id: str = "run-1") -> None:
    warehouse.start_run(run_id, job="collect", now=NOON)
    warehouse.save_sources([DAILY], now=NOON)
    for it in articles:
        number = int(it.capture_id.rsplit("-", 1)[1])
        warehouse.save_page(page(it, number), run_id=run_id, now=NOON)


def load(warehouse, *analysed: tuple[Article, list[Statement]], ruleset="rules-1", run_id="run-1", now=NOON, **more):
    warehouse.start_run(run_id, job="analyse", now=now)
    batch = AnalysedBatch(**{"analysed": analysed, "held": (), "verdicts": (), "ruleset": ruleset, **more})
    return warehouse.load(batch, run_id=run_id, now=now)


def standing(warehouse) -> set[str]:
    return {row.statement_id for row in warehouse.statement_rows()}


def test_a_statement_is_read_back_as_it_was_loaded(warehouse):
    """What alerts get is equal to what the rules found, with the article that it stands in."""
    it = article()
    found = statement(it, condition="if the blockade stays", speaker="Jane Roe", quoted=True)
    collect(warehouse, it)
    load(warehouse, (it, [found]))
    assert [(found.statement_id, found, it)] == list(warehouse.unalerted("desk"))


def test_a_batch_loaded_twice_is_loaded_once(warehouse):
    """The second load of a batch changes nothing and counts nothing as new."""
    it = article()
    collect(warehouse, it)
    first = load(warehouse, (it, [statement(it)]))
    rows = warehouse.statement_rows()
    second = load(warehouse, (it, [statement(it)]), now=LATER)
    assert ({"threat": 1}, 1) == (first.statements, first.sightings)
    assert ({}, 0, 0) == (second.statements, second.sightings, second.superseded)
    assert rows == warehouse.statement_rows()


def test_a_version_waits_until_this_rule_set_has_seen_it(warehouse):
    """An analysed version waits no more, and waits again for another rule set."""
    it, other = article(1), article(2)
    collect(warehouse, it, other)
    assert 2 == warehouse.awaiting_analysis("rules-1")
    load(warehouse, (it, []))
    assert (other,) == warehouse.articles_awaiting("rules-1", limit=10)
    assert 2 == warehouse.awaiting_analysis("rules-2")


def test_the_same_statement_in_another_article_is_a_further_sighting(warehouse):
    """Two outlets with the same words make one row, seen twice."""
    it, reprint = article(1), article(2, outlet="The Evening")
    collect(warehouse, it, reprint)
    loaded = load(warehouse, (it, [statement(it)]), (reprint, [statement(reprint)]))
    (row,) = warehouse.statement_rows()
    assert ({"threat": 1}, 2) == (loaded.statements, loaded.sightings)
    assert (it.url, 2) == (row.url, row.sightings)


def test_another_rule_set_supersedes_what_it_does_not_find(warehouse):
    """A statement that the new rules miss stands no more, but its row stays as it was."""
    it = article()
    threat, claim = statement(it), statement(it, CLAIM, label="admission", cameo="015")
    collect(warehouse, it)
    load(warehouse, (it, [threat, claim]))
    loaded = load(warehouse, (it, [claim]), ruleset="rules-2", now=LATER)
    assert 1 == loaded.superseded
    assert {claim.statement_id} == standing(warehouse)
    assert 2 == warehouse.status().rows["statements"]


def test_a_statement_found_again_stands_again(warehouse):
    """Going back to the old rules brings a statement back, with a sighting of its own for the second time."""
    it = article()
    collect(warehouse, it)
    for number, found in enumerate([[statement(it)], [], [statement(it)]], start=1):
        load(warehouse, (it, found), ruleset=f"rules-{number}", now=NOON + timedelta(hours=number))
    assert {statement(it).statement_id} == standing(warehouse)
    assert 2 == warehouse.status().rows["sightings"]


def test_an_edit_supersedes_what_it_removed(warehouse):
    """A threat that an edited text has no more stands no more; one that it still has stays one row."""
    it = article(1)
    edited = article(1, body=BODY[CLAIM[0] :], capture_number=2)
    claim, moved = (statement(of, span, label="admission") for of, span in ((it, CLAIM), (edited, (0, 48))))
    collect(warehouse, it)
    load(warehouse, (it, [statement(it), claim]))
    collect(warehouse, edited)
    load(warehouse, (edited, [moved]), now=LATER)
    assert {claim.statement_id} == standing(warehouse)
    assert claim.statement_id == moved.statement_id


def test_a_text_replaced_before_it_was_analysed_leaves_its_statements_as_superseded(warehouse):
    """A threat that an outlet took back within the hour is on record, and does not stand."""
    it, edited = article(1), article(1, body=BODY[CLAIM[0] :], capture_number=2)
    collect(warehouse, it, edited)
    assert (it, edited) == tuple(sorted(warehouse.articles_awaiting("rules-1", limit=9), key=lambda a: -len(a.body)))
    loaded = load(warehouse, (it, [statement(it)]), (edited, []))
    assert {"threat": 1} == loaded.statements
    assert set() == standing(warehouse)


def test_the_order_of_two_versions_does_not_matter(warehouse):
    """An old text loaded after the new one does not push the new one's statements out."""
    it, edited = article(1), article(1, body=BODY + " The end.", capture_number=2)
    claim = statement(edited, CLAIM, label="admission")
    collect(warehouse, it, edited)
    load(warehouse, (edited, [claim]))
    load(warehouse, (it, [statement(it)]), now=LATER)
    assert {claim.statement_id} == standing(warehouse)


def test_a_page_that_went_back_to_an_older_text_is_analysed_again(warehouse):
    """An edit that is undone makes the old version current, and it waits for the rules again."""
    it, edited = article(1), article(1, body="Nothing more is known.", capture_number=2)
    collect(warehouse, it)
    load(warehouse, (it, [statement(it)]))
    collect(warehouse, edited)
    load(warehouse, (edited, []), now=LATER)
    collect(warehouse, it)
    assert (it,) == warehouse.articles_awaiting("rules-1", limit=10)
    load(warehouse, (it, [statement(it)]), now=LATER)
    assert {statement(it).statement_id} == standing(warehouse)


def test_a_held_version_supersedes_nothing_and_is_seen(warehouse):
    """A broken edit that the gate holds says nothing about the statements of the text before it."""
    it, broken = article(1), article(1, body="?", capture_number=2)
    collect(warehouse, it)
    load(warehouse, (it, [statement(it)]))
    collect(warehouse, broken)
    held = Quarantined(stage="articles", reason="body-long-enough", detail="d", payload="{}", key=broken.version_id)
    loaded = load(warehouse, (broken, []), held=[held], now=LATER)
    assert (1, 0) == (loaded.held, warehouse.awaiting_analysis("rules-1"))
    assert {statement(it).statement_id} == standing(warehouse)


def test_a_batch_with_one_impossible_row_leaves_nothing_behind(warehouse):
    """A load is one transaction: a row that the schema refuses takes the whole batch back."""
    it, other = article(1), article(2)
    collect(warehouse, it, other)
    with pytest.raises(WarehouseError, match="confidence"):
        load(warehouse, (it, [statement(it)]), (other, [statement(other, confidence=1.5, group="x")]))
    assert ([], 2) == (warehouse.statement_rows(), warehouse.awaiting_analysis("rules-1"))


def test_an_article_that_was_never_collected_is_refused(warehouse):
    """Statements without a stored text behind them are no evidence."""
    with pytest.raises(WarehouseError, match="collect it first"):
        load(warehouse, (article(), []))


def test_an_earlier_capture_dates_a_statement_back(warehouse):
    """`first_seen_at` is the earliest capture that carries the statement, whichever was analysed first."""
    it, older = article(1), article(2)
    collect(warehouse, it)
    warehouse.save_page(page(older, 2, fetched_at=NOON - timedelta(hours=2)), run_id="run-1", now=NOON)
    load(warehouse, (it, [statement(it)]))
    load(warehouse, (older, [statement(older)]), now=LATER)
    assert NOON - timedelta(hours=2) == warehouse.statement_rows()[0].first_seen_at


def test_verdicts_are_kept_once_a_batch(warehouse):
    """What the gate found of a batch stands beside the run, and a repeated load does not double it."""
    it = article()
    verdict = Verdict(
        suite="articles", expectation="body-present", passed=True, row_level=True, rows=1, failed_rows={}, observed=None
    )
    collect(warehouse, it)
    for _ in range(2):
        load(warehouse, (it, []), verdicts=[verdict])
    assert 1 == warehouse.status().rows["quality_results"]


def test_rows_are_told_by_run(warehouse):
    """The table at the end of a run has what that run saw, and a later run that sees nothing new has none."""
    it = article()
    collect(warehouse, it)
    load(warehouse, (it, [statement(it)]))
    load(warehouse, (it, [statement(it)]), run_id="run-2", now=LATER)
    assert (1, 0) == (len(warehouse.statement_rows(["run-1"])), len(warehouse.statement_rows(["run-2"])))


def test_a_page_that_changes_while_its_batch_is_loaded_is_read_again(warehouse, url, monkeypatch):
    """A collector that brings the older text back in the middle of a load waits, and that text is analysed anew."""
    old, new = article(), article(title="News, corrected", capture_number=2)
    collect(warehouse, old, new)
    load(warehouse, (old, [statement(old)]), (new, []))
    reconcile = loading.reconcile

    def collect_once_more() -> None:
        with closing(Warehouse(url)) as it:
            collect(it, article(capture_number=3), run_id="run-2")

    collector = threading.Thread(target=collect_once_more)

    def meanwhile(*found, **known):
        collector.start()
        collector.join(timeout=0.5)
        return reconcile(*found, **known)

    monkeypatch.setattr(loading, "reconcile", meanwhile)
    load(warehouse, (old, [statement(old)]), (new, []), ruleset="rules-2", run_id="run-3")
    collector.join()
    assert [old.version_id] == [it.version_id for it in warehouse.articles_awaiting("rules-2", limit=10)]
