"""Today's rules over stored articles: compared without a trace, or loaded, also after being killed in between."""

from contextlib import closing
from datetime import timedelta

import pytest

from pipeline.adapters.warehouse import Warehouse
from pipeline.jobs.analyse import AnalysePorts, analyse
from pipeline.jobs.comparison import compare, comparison_lines
from pipeline.jobs.reclassify import Plan, reclassify
from pipeline.quality import Pack
from pipeline.records import Period
from tests.fakes.analysis import ToldGate, ToldRules
from tests.fakes.press import CLAIM, DAILY, NOON, article, page, statement

ARTICLES = [article(n, published_at=NOON + timedelta(days=n)) for n in range(1, 7)]
OLD = {of.url: [statement(of, speaker=of.url)] for of in ARTICLES}
GONE, CHANGED, ADDED = ARTICLES[:3]
NEW = {
    **OLD,
    GONE.url: [],
    CHANGED.url: [statement(CHANGED, speaker=CHANGED.url, confidence=0.5)],
    ADDED.url: [*OLD[ADDED.url], statement(ADDED, CLAIM, label="admission", cameo="015")],
}
EVER = Period()


class Counting(ToldRules):
    """Rules that keep which articles they were asked about."""

    def __init__(self, found, ruleset="rules-2", broken_at=None) -> None:
        super().__init__(found, ruleset)
        self.asked: list[str] = []
        self.broken_at = broken_at

    def statements(self, of):
        if len(self.asked) == self.broken_at:
            raise KeyboardInterrupt
        self.asked.append(of.url)
        return super().statements(of)


def ports(store, rules, gate=None) -> AnalysePorts:
    return AnalysePorts(
        classifier=rules,
        gate=gate or ToldGate(),
        store=store,
        runs=store,
        pack=Pack(groups=frozenset({"harbour-brigade"})),
    )


@pytest.fixture
def history(warehouse):
    """Six articles of six days, read by the old rules."""
    warehouse.start_run("run-1", job="collect", now=NOON)
    warehouse.save_sources([DAILY], now=NOON)
    for number, of in enumerate(ARTICLES, start=1):
        warehouse.save_page(page(of, number), run_id="run-1", now=NOON)
    analyse(ports=ports(warehouse, ToldRules(OLD, "rules-1")), run_id="analyse-1", now=NOON)
    return warehouse


def standing(warehouse):
    return sorted((row.url, row.label, row.confidence) for row in warehouse.statement_rows())


def test_a_comparison_tells_what_is_added_removed_and_changed_and_writes_nothing(history):
    """The sums, the fields that differ, and a sample of each with its article."""
    before = history.status()
    told = compare(classifier=ToldRules(NEW), store=history, period=EVER)
    lines = comparison_lines(told)
    assert "6 articles read: 1 added, 1 removed, 1 changed, 4 unchanged" == lines[0]
    assert ["added: admission 1", "removed: threat 1", "changed: threat 1"] == [
        line for line in lines if line.startswith(("added", "removed", "changed"))
    ]
    (change,) = told.samples["changed"]
    assert (("confidence",), CHANGED.url) == (change.fields, change.url)
    assert any("confidence: 0.9 → 0.5" in line for line in lines)
    assert before == history.status()


def test_a_comparison_with_the_same_rules_finds_nothing(history):
    """What is held equals what was found, field by field, on both databases."""
    assert ["6 articles read: 0 added, 0 removed, 0 changed, 6 unchanged"] == comparison_lines(
        compare(classifier=ToldRules(OLD), store=history, period=EVER)
    )


def test_a_text_on_which_the_rules_break_is_a_problem_of_the_comparison(history):
    """The others are compared all the same."""
    told = compare(classifier=ToldRules({**OLD, GONE.url: ValueError("x")}), store=history, period=EVER)
    assert (1, 6, 5) == (len(told.problems), told.articles, told.unchanged)


def test_reclassifying_loads_what_the_comparison_told(history):
    """Afterwards the comparison finds nothing, and what was held before can still be asked for."""
    report = reclassify(
        Plan(period=EVER), ports=ports(history, ToldRules(NEW, "rules-2")), store=history, run_id="r-1",
        now=NOON + timedelta(hours=1),
    )  # fmt: skip
    assert (6, 1, 1) == tuple(report.counts[name] for name in ("articles", "statements_admission", "superseded"))
    told = compare(classifier=ToldRules(NEW), store=history, period=EVER)
    assert 0 == sum(told.counts.values())
    assert 6 == len(history.held_on(NOON, said_on=NOON.date()))


def test_only_articles_of_the_period_are_read_again(history):
    """Both ends of the period count, by the day of publication."""
    rules = Counting(NEW)
    period = Period(first=ARTICLES[1].published_at.date(), last=ARTICLES[3].published_at.date())
    reclassify(Plan(period=period), ports=ports(history, rules), store=history, run_id="r-1", now=NOON)
    assert sorted(of.url for of in ARTICLES[1:4]) == sorted(rules.asked)
    assert 3 == history.awaiting_analysis("rules-2")


def test_killed_and_started_again_it_does_not_repeat_a_finished_batch(history, url):
    """The batches until then stand, and the next run takes the rest and tells progress of the rest."""
    first, progress = Counting(NEW, broken_at=5), []
    with pytest.raises(KeyboardInterrupt):
        reclassify(Plan(period=EVER, batch=2), ports=ports(history, first), store=history, run_id="r-1", now=NOON)
    second = Counting(NEW)
    with closing(Warehouse(url)) as again:
        plan = Plan(period=EVER, batch=2, progress=lambda *told: progress.append(told))
        reclassify(plan, ports=ports(again, second), store=again, run_id="r-1", now=NOON)
    assert (set(first.asked[:4]), 2, [(2, 2)]) == (
        {of.url for of in ARTICLES} - set(second.asked),
        len(second.asked),
        progress,
    )
    assert 0 == sum(compare(classifier=ToldRules(NEW), store=history, period=EVER).counts.values())


def test_texts_that_the_gate_let_through_are_not_judged_again(history):
    """Only what the rules find anew is judged; the texts are the same as before."""
    gate = ToldGate()
    reclassify(
        Plan(period=EVER), ports=ports(history, ToldRules(NEW, "rules-2"), gate), store=history, run_id="r-1", now=NOON
    )
    assert [("statements", 6)] == gate.asked


def test_a_text_that_the_gate_held_is_judged_again(warehouse):
    """What was held stays held while it is broken, whatever the rules."""
    warehouse.start_run("run-1", job="collect", now=NOON)
    warehouse.save_sources([DAILY], now=NOON)
    warehouse.save_page(page(GONE), run_id="run-1", now=NOON)
    broken = {"articles": ("url", GONE.url)}
    analyse(ports=ports(warehouse, ToldRules(OLD), ToldGate(broken)), run_id="a-1", now=NOON)
    gate = ToldGate(broken)
    reclassify(
        Plan(period=EVER), ports=ports(warehouse, ToldRules(OLD, "rules-2"), gate), store=warehouse, run_id="r-1",
        now=NOON,
    )  # fmt: skip
    assert ([("articles", 1)], []) == (gate.asked, standing(warehouse))
