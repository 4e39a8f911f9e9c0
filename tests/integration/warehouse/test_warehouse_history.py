"""What was held when: rule sets, edits and corrections never overwrite what was known on a day."""

from contextlib import closing
from datetime import date, timedelta

import pytest
from sqlalchemy import text

from pipeline.adapters.warehouse import Warehouse
from pipeline.adapters.warehouse.database import Database
from pipeline.records import AnalysedBatch
from tests.fakes.press import BODY, DAILY, NOON, article, page, statement

DAY = date(2026, 3, 5)
IT = article()


@pytest.fixture
def held(warehouse, url):
    """Load what rules find of IT on the n-th day; what was held on the n-th day about the day of saying."""

    class History:
        def collect(self, *articles, day=0):
            warehouse.start_run("run-1", job="collect", now=NOON)
            warehouse.save_sources([DAILY], now=NOON)
            for of in articles:
                number = int(of.capture_id.rsplit("-", 1)[1])
                warehouse.save_page(page(of, number), run_id="run-1", now=at(day))

        def load(self, *analysed, day):
            warehouse.start_run(f"run-{day}", job="analyse", now=at(day))
            batch = AnalysedBatch(analysed=analysed, held=(), verdicts=(), ruleset=f"rules-{day}")
            return warehouse.load(batch, run_id=f"run-{day}", now=at(day))

        def on(self, day):
            rows = warehouse.held_on(at(day) + timedelta(hours=1), said_on=DAY)
            return [(row.speaker, row.confidence, row.rule_ids, row.ruleset) for row in rows]

        def column(self, query):
            with Database(url).reading() as connection:
                return list(connection.execute(text(query)).scalars())

    history = History()
    history.collect(IT)
    return history


def at(day: int):
    return NOON + timedelta(days=day)


def test_what_another_rule_set_reads_differently_is_shown_now_and_kept_as_it_was(held):
    """The same words with another confidence keep their id: the row shows the new reading, day 1 still has the old."""
    held.load((IT, [statement(IT, confidence=0.7, rules=("a",))]), day=1)
    loaded = held.load((IT, [statement(IT, confidence=0.9, rules=("a", "b"))]), day=3)
    assert (0, {}) == (loaded.superseded, dict(loaded.statements))
    assert [0.9] == held.column("SELECT confidence FROM statements")
    assert ["rules-3"] == held.column("SELECT ruleset FROM statements WHERE superseded_at IS NULL")
    assert [] == held.on(0)
    assert [(None, 0.7, ("a",), "rules-1")] == held.on(1) == held.on(2)
    assert [(None, 0.9, ("a", "b"), "rules-3")] == held.on(3)


def test_the_same_reading_by_another_rule_set_changes_nothing(held):
    """A rule set that reads the same leaves row and sighting as they are: history tells changes, not runs."""
    for day in (1, 2, 3):
        held.load((IT, [statement(IT)]), day=day)
    assert ["rules-1"] == held.column("SELECT ruleset FROM sightings")
    assert [(None, 0.9, ("threat-shell",), "rules-1")] == held.on(3)


def test_a_corrected_speaker_is_a_new_row_and_the_old_one_is_superseded(held):
    """Who was taken for the speaker until day 3 can still be asked for."""
    held.load((IT, [statement(IT, speaker="Jane Roe")]), day=1)
    assert 1 == held.load((IT, [statement(IT, speaker="John Doe")]), day=3).superseded
    assert ["Jane Roe"] == [speaker for speaker, *_ in held.on(2)]
    assert ["John Doe"] == [speaker for speaker, *_ in held.on(3)]
    assert 2 == len(held.column("SELECT statement_id FROM statements"))


def test_a_speaker_added_by_new_rules_is_a_correction_too(held):
    """In its own article a fuller reading takes the place of the poorer one, it is not merged into it."""
    held.load((IT, [statement(IT)]), day=1)
    held.load((IT, [statement(IT, speaker="John Doe")]), day=3)
    assert [[None], ["John Doe"]] == [[speaker for speaker, *_ in held.on(day)] for day in (2, 3)]


def test_what_new_rules_miss_was_held_until_then(held):
    """A statement that fell on day 3 was held on days 1 and 2, and again from day 5 when rules find it again."""
    for day, found in ((1, [statement(IT)]), (3, []), (5, [statement(IT)])):
        held.load((IT, found), day=day)
    assert [0, 1, 1, 0, 0, 1] == [len(held.on(day)) for day in range(6)]


def test_an_edit_leaves_what_was_held_before_it(held):
    """A threat that the outlet took out on day 2 was held on day 1."""
    edited = article(1, body=BODY[89:], capture_number=2)
    held.load((IT, [statement(IT)]), day=1)
    held.collect(edited, day=2)
    held.load((edited, []), day=2)
    assert ([1, 0]) == [len(held.on(day)) for day in (1, 2)]


def test_a_reading_that_goes_back_is_recorded_each_time(held):
    """Old rules, new rules, old rules: three spans of time, the last one as the first."""
    for day, confidence in ((1, 0.7), (2, 0.9), (3, 0.7)):
        held.load((IT, [statement(IT, confidence=confidence)]), day=day)
    assert [0.7, 0.9, 0.7] == [held.on(day)[0][1] for day in (1, 2, 3)]
    assert [0.7] == held.column("SELECT confidence FROM statements")


def test_a_batch_of_changed_readings_loaded_twice_changes_nothing_more(held, url):
    """The second load of the same batch finds everything as it left it."""
    held.load((IT, [statement(IT, confidence=0.7)]), day=1)
    held.load((IT, [statement(IT)]), day=2)
    with closing(Warehouse(url)) as it:
        before = it.status().rows
        held.load((IT, [statement(IT)]), day=2)
        assert before == it.status().rows
