"""What collecting stores: sources, captures, versions of articles, and what it holds back."""

import json
from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest
from sqlalchemy import select

from pipeline.adapters.warehouse.schema import sources
from pipeline.errors import WarehouseError
from pipeline.records import Quarantined
from tests.fakes.press import DAILY, NOON, article, capture, page

HELD = Quarantined(
    stage="pages", reason="status-404", detail="gone", payload="{}", key="entry-9", source_id=DAILY.source_id
)


@pytest.fixture
def collecting(warehouse):
    """A warehouse that knows the source, with a run begun."""
    warehouse.start_run("run-1", job="collect", now=NOON)
    warehouse.save_sources([DAILY], now=NOON)
    return warehouse


def save(warehouse, of, number=1, **changes) -> bool:
    return warehouse.save_page(page(of, number, **changes), run_id="run-1", now=NOON).is_new


def source_row(warehouse) -> tuple:
    it = sources.c
    with warehouse.reading() as connection:
        query = select(it.last_success_at, it.last_problem_at, it.last_problem, it.name, it.enabled)
        return tuple(connection.execute(query).one())


def test_an_article_waits_as_it_was_read(collecting):
    """What analysing gets is equal to what collecting stored, times in UTC."""
    of = article(title="عنوان", author="Jane Roe")
    beirut = replace(of, published_at=NOON.astimezone(timezone(timedelta(hours=2))))
    assert save(collecting, beirut)
    assert (of,) == collecting.articles_awaiting("rules-1", limit=10)


def test_the_same_page_again_is_nothing_new(collecting):
    """A version that stands is not stored twice, whichever capture brings it."""
    assert [True, False] == [save(collecting, article()), save(collecting, article(capture_number=2), 2)]
    rows = collecting.status().rows
    assert (1, 1, 2) == (rows["articles"], rows["article_versions"], rows["captures"])


def test_an_edit_is_a_version_of_the_same_article(collecting):
    """Another text under the same address is a new version, and the old one stays."""
    assert [True, True] == [
        save(collecting, article()),
        save(collecting, article(title="News, corrected", capture_number=2), 2),
    ]
    rows = collecting.status().rows
    assert (1, 2) == (rows["articles"], rows["article_versions"])


def test_entries_are_known_when_their_page_stands_or_is_held(collecting):
    """An entry is settled by its capture or by a held page; a capture of the feed itself settles none."""
    collecting.save_capture(capture(3), entry_key=None)
    save(collecting, article())
    collecting.quarantine([HELD], run_id="run-1", now=NOON)
    assert {page(None).entry_key, "entry-9"} == collecting.known_entries(DAILY.source_id)
    assert frozenset() == collecting.known_entries("weekly")


def test_an_entry_that_two_sources_announce_is_settled_for_both(collecting):
    """A page that is gone is held once for each source, so that neither asks for it in every pass."""
    weekly = replace(DAILY, source_id="weekly")
    collecting.save_sources([weekly], now=NOON)
    held = [HELD, replace(HELD, source_id="weekly")]
    assert [2, 0] == [collecting.quarantine(held, run_id="run-1", now=NOON) for _ in range(2)]
    assert [{"entry-9"}, {"entry-9"}] == [collecting.known_entries(name) for name in ("daily", "weekly")]


def test_an_entry_key_can_be_added_to_a_capture(collecting):
    """A capture stored without its entry settles it once the key is given."""
    collecting.save_capture(capture(1), entry_key=None)
    collecting.save_capture(capture(1), entry_key="entry-1")
    assert {"entry-1"} == collecting.known_entries(DAILY.source_id)


def test_a_page_is_stored_whole_or_not_at_all(collecting):
    """When an article cannot be stored, its capture does not count as known either."""
    with pytest.raises(WarehouseError):
        save(collecting, article(source_id="unheard-of"))
    assert frozenset() == collecting.known_entries(DAILY.source_id)


@pytest.mark.parametrize(
    ("changes", "seen"),
    [
        ({"body": "He said \0 so."}, "U+0000 at 8 of its body"),
        ({"title": "A \ud83d title"}, "U+D83D at 2 of its title"),
    ],
    ids=["nul", "lone-surrogate"],
)
def test_text_that_no_database_stores_is_held_with_its_payload(collecting, changes, seen):
    """The run goes on, the evidence stands, and the quarantine has every character as a JSON escape."""
    of = article(**changes)
    assert not save(collecting, of)
    (row,) = collecting.quarantine_rows(["run-1"])
    assert ("articles", "unstorable-text", of.version_id) == (row.stage, row.reason, row.item_key)
    assert seen in row.detail
    assert changes.items() <= json.loads(row.payload).items()
    assert {page(None).entry_key} == collecting.known_entries(DAILY.source_id)


def test_things_are_held_once_for_a_reason(collecting):
    """Only what was not held for the same reason before counts, also within one call."""
    other = replace(HELD, reason="status-410")
    assert 1 == collecting.quarantine([HELD, HELD], run_id="run-1", now=NOON)
    assert 1 == collecting.quarantine([HELD, other], run_id="run-1", now=NOON)
    assert 2 == collecting.status().rows["quarantine"]


def test_whatever_a_reason_says_can_be_held(collecting):
    """NUL and lone surrogates in what people read are written as escapes."""
    collecting.quarantine([replace(HELD, detail="\0 and \ud800", key="\0")], run_id="run-1", now=NOON)
    assert r"\x00 and \ud800" == collecting.quarantine_rows()[0].detail


def test_a_source_changes_with_its_file(collecting):
    """A source read again takes the file's values and stays one row."""
    collecting.save_sources([replace(DAILY, name="Renamed", enabled=False)], now=NOON)
    assert ("Renamed", False) == source_row(collecting)[3:]


def test_a_fetch_is_noted_as_success_or_problem(collecting):
    """The last success and the last problem of a source stand beside each other."""
    later = NOON + timedelta(hours=1)
    collecting.record_fetch(DAILY.source_id, problem=None, now=NOON)
    collecting.record_fetch(DAILY.source_id, problem="timed out", now=later)
    assert (NOON, later, "timed out") == source_row(collecting)[:3]


def test_a_time_without_a_zone_is_refused(collecting):
    """A naive time names no instant, so it is stored nowhere."""
    with pytest.raises(WarehouseError, match="has no time zone"):
        collecting.start_run("run-2", job="collect", now=datetime(2026, 3, 5))  # noqa: DTZ001 - the point of the test


def test_what_was_held_needs_a_run(collecting):
    """A run that was never started cannot hold anything: its id would lead nowhere."""
    with pytest.raises(WarehouseError, match=r"(?i)foreign key"):
        collecting.quarantine([HELD], run_id="run-7", now=NOON)
