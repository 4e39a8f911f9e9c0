"""What the warehouse says of the house, on both databases."""

from datetime import timedelta

from pipeline.quality.batches import batch_held
from pipeline.quality.holding import Reason
from pipeline.records import Alert, Quarantined
from tests.fakes.press import DAILY, NOON, article, page


def _held(key: str) -> Quarantined:
    return Quarantined(stage="pages", reason="status-404", detail="gone", payload="{}", key=key, source_id="daily")


def test_an_empty_warehouse_has_figures(warehouse):
    """Nothing is counted, and nothing fails."""
    figures = warehouse.figures(now=NOON)
    assert ((), {}, 0, None, ()) == (
        figures.sources, figures.statements, figures.waiting, figures.waiting_since, figures.lags,
    )  # fmt: skip
    assert ([], []) == (warehouse.latest_statements(limit=5), warehouse.latest_held(limit=5))


def test_figures_count_by_what_happened_when(warehouse):
    """The last day and the week before it are told apart; lag runs from publication to the row."""
    warehouse.save_sources([DAILY], now=NOON)
    warehouse.start_run("run-1", job="collect", now=NOON - timedelta(hours=1))
    warehouse.save_page(page(article()), run_id="run-1", now=NOON + timedelta(minutes=3))
    warehouse.quarantine([_held("a"), _held("b")], run_id="run-1", now=NOON - timedelta(hours=2))
    warehouse.quarantine([_held("c")], run_id="run-1", now=NOON - timedelta(days=3))
    figures = warehouse.figures(now=NOON + timedelta(hours=1))
    assert (2, 1, {"pages": 3}) == (figures.held_last_day, figures.held_week_before, figures.held)
    assert ((180.0,), {("collect", "running"): 1}) == (figures.lags, figures.runs)
    (source,) = figures.sources
    assert ("daily", 1, "new", None) == (source.source_id, source.articles, source.state, source.problem)
    assert ["a", "b", "c"] != [each.quarantine_id for each in warehouse.latest_held(limit=2)]
    assert [NOON - timedelta(hours=2)] * 2 == [each.held_at for each in warehouse.latest_held(limit=2)]


def test_what_the_gate_held_of_a_source_is_told_until_someone_dealt_with_it(warehouse):
    """The batch of a source stands in the quarantine as one thing, and is counted while it is open."""
    warehouse.save_sources([DAILY], now=NOON)
    warehouse.start_run("run-1", job="analyse", now=NOON)
    reason = Reason(expectation="usual-volume", observed="900 articles, usually 20")
    warehouse.quarantine([batch_held("daily", ["v1", "v2"], reason)], run_id="run-1", now=NOON)
    (held,) = warehouse.figures(now=NOON + timedelta(hours=1)).batches_held
    assert ("daily", "usual-volume", NOON) == (held.of, held.expectation, held.held_at)
    assert "900 articles" in held.observed
    assert () == warehouse.figures(now=NOON + timedelta(hours=25)).batches_held
    warehouse.resolve(warehouse.quarantined_one(held.quarantine_id), "dismissed", note="a test", now=NOON)
    assert () == warehouse.figures(now=NOON + timedelta(hours=1)).batches_held


def test_a_mail_without_statements_waits_for_nobody(warehouse):
    """The outbox keeps no alert that has nothing to tell, and so counts none."""
    warehouse.queue(
        Alert(subscription_id="s", statement_ids=(), message_id="<m@x>", recipients=("a@x.example",), created_at=NOON)
    )
    assert (0, None) == (warehouse.figures(now=NOON).waiting, warehouse.figures(now=NOON).waiting_since)
