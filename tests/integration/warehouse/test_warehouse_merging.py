"""One statement, many outlets: one row, a sighting in each article, with what each of them told differently."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from pipeline.adapters.warehouse.database import Database
from pipeline.records import AnalysedBatch, Article, Statement
from tests.fakes.press import DAILY, NOON, article, page, statement

FULL = "سنقصف مستودعات الوقود قرب منفذ الحمادة الحدودي إذا استمرت القوافل بالعبور."
SHORT = "وقالت الكتائب إنها ستقصف مستودعات الوقود قرب منفذ الحمادة الحدودي."
OTHER = "سنقصف محطات الكهرباء قرب منفذ الزهراء البحري إذا استمرت القوافل بالعبور."
CONDITION = "إذا استمرت القوافل بالعبور"


def told(number: int, words: str, **changes) -> tuple[Article, list[Statement]]:
    of = article(number, body=words)
    return of, [statement(of, (0, len(words)), **changes)]


FIRST = told(1, FULL, condition=CONDITION, speaker="مهند الدجيلاوي")
REPRINT = told(2, SHORT)


@pytest.fixture
def outlets(warehouse, url):
    """Collect and load articles; ask the database."""

    class Outlets:
        def load(self, *analysed, ruleset="rules-1", hours=0):
            now = NOON + timedelta(hours=hours)
            warehouse.start_run("run-1", job="collect", now=NOON)
            warehouse.save_sources([DAILY], now=NOON)
            for of, _ in analysed:
                number = int(of.capture_id.rsplit("-", 1)[1])
                warehouse.save_page(page(of, number), run_id="run-1", now=NOON)
            batch = AnalysedBatch(analysed=analysed, held=(), verdicts=(), ruleset=ruleset)
            return warehouse.load(batch, run_id="run-1", now=now)

        def ask(self, query):
            with Database(url).reading() as connection:
                return [tuple(row) for row in connection.execute(text(query))]

        def standing(self):
            return {row.text: row.sightings for row in warehouse.statement_rows()}

    return Outlets()


@pytest.mark.parametrize("together", [True, False], ids=["one-batch", "two-batches"])
def test_another_wording_is_a_sighting_of_the_same_statement(outlets, together):
    """In one batch or two, the row has the first article's words and both carry it."""
    for batch in [(FIRST, REPRINT)] if together else [(FIRST,), (REPRINT,)]:
        outlets.load(*batch)
    assert {FULL: 2} == outlets.standing()


def test_what_an_outlet_told_differently_stands_in_its_sighting(outlets):
    """The wording, the speaker that is not named, and who dropped the condition."""
    outlets.load(FIRST, REPRINT)
    dropped = (
        "SELECT a.url, g.text, g.speaker FROM sightings g JOIN statements s USING (statement_id) "
        "JOIN articles a ON a.article_id = g.article_id WHERE s.condition IS NOT NULL AND g.condition IS NULL"
    )
    assert [(REPRINT[0].url, SHORT, None)] == outlets.ask(dropped)
    assert [None] == [words for (words,) in outlets.ask("SELECT text FROM sightings WHERE condition IS NOT NULL")]


def test_another_statement_of_the_same_day_stays_its_own(outlets):
    """Another place is another threat, in the same article or another one."""
    outlets.load(FIRST, told(2, OTHER, condition=CONDITION))
    assert {FULL: 1, OTHER: 1} == outlets.standing()


def test_two_statements_of_one_article_are_never_merged(outlets):
    """An article that says a thing twice means two places, not two outlets."""
    of = article(1, body=f"{FULL}\n{SHORT}")
    twice = [statement(of, (0, len(FULL))), statement(of, (len(FULL) + 1, len(of.body)))]
    outlets.load((of, twice))
    assert {FULL: 1, SHORT: 1} == outlets.standing()


def test_loading_again_in_another_order_changes_nothing(outlets, warehouse):
    """What belongs together stays together, whichever article is read again first."""
    outlets.load(FIRST, REPRINT)
    before = warehouse.statement_rows(), warehouse.status().rows["sightings"]
    for batch in ((REPRINT,), (FIRST,), (REPRINT, FIRST)):
        outlets.load(*batch, hours=1)
    assert before == (warehouse.statement_rows(), warehouse.status().rows["sightings"])


@pytest.mark.parametrize("together", [True, False], ids=["one-batch", "two-batches"])
def test_a_corrected_speaker_takes_the_other_outlets_with_it(outlets, together):
    """New rules read another speaker in the first article: the reprint follows to the corrected statement."""
    outlets.load(FIRST, REPRINT)
    corrected = told(1, FULL, condition=CONDITION, speaker="حيدر الموزاني")
    for batch in [(corrected, REPRINT)] if together else [(corrected,), (REPRINT,)]:
        outlets.load(*batch, ruleset="rules-2", hours=1)
    assert [("حيدر الموزاني", 2)] == outlets.ask("SELECT speaker, articles FROM current_statements")
    assert [("مهند الدجيلاوي",)] == outlets.ask("SELECT speaker FROM statements WHERE superseded_at IS NOT NULL")


def test_a_reprint_keeps_a_statement_that_its_first_article_took_back(outlets):
    """The first outlet deleted the threat; the second still has it, so it stands."""
    outlets.load(FIRST, REPRINT)
    outlets.load((FIRST[0], []), ruleset="rules-2", hours=1)
    outlets.load(REPRINT, ruleset="rules-2", hours=1)
    assert {FULL: 1} == outlets.standing()


@pytest.mark.parametrize(("basis", "carried"), [("text", 1), ("publication", 2)])
def test_a_neighbouring_day_counts_only_where_days_are_counted(outlets, basis, carried):
    """A report dated from its publication may be a day off; two written dates may not."""
    next_day = {"said_on": (NOON + timedelta(days=1)).date(), "said_on_basis": basis}
    outlets.load(FIRST, told(2, SHORT, **next_day))
    assert carried == outlets.standing()[FULL]
