"""Analysing with told rules, a told gate and a store in memory."""

import json
from collections import Counter

import pytest

from pipeline.errors import GateError, WarehouseUnavailableError
from pipeline.jobs.analyse import AnalysePorts, analyse
from pipeline.quality import Pack
from pipeline.quality.batches import ENOUGH, Volume
from pipeline.records import AnalysedBatch, Article, Loaded
from tests.fakes.analysis import ToldGate, ToldRules
from tests.fakes.press import CLAIM, NOON, article, statement


class Store:
    """Articles that wait, and the batches that were loaded."""

    def __init__(self, *articles: Article) -> None:
        self.articles = articles
        self.seen: dict[str, str] = {}
        self.batches: list[AnalysedBatch] = []
        self.ended: dict[str, object] = {}
        self.volume = Volume(today=1, usual=None)
        self.accepted: set[str] = set()

    def articles_awaiting(self, ruleset, *, limit):
        return tuple(it for it in self.articles if self.seen.get(it.version_id) != ruleset)[:limit]

    def volumes(self, source_ids, *, now):
        return dict.fromkeys(source_ids, self.volume)

    def accepted_versions(self, version_ids):
        return self.accepted & set(version_ids)

    def load(self, batch, *, run_id, now):
        self.batches.append(batch)
        self.seen.update({it.version_id: batch.ruleset for it, _ in batch.analysed})
        found = [found for _, statements in batch.analysed for found in statements]
        return Loaded(
            statements=Counter(it.label for it in found), sightings=len(found), superseded=0, held=len(batch.held)
        )

    def start_run(self, run_id, *, job, now):
        self.ended = {"job": job}

    def finish_run(self, run_id, *, counts, problems, failed, now):
        self.ended = {"counts": counts, "problems": problems, "failed": failed}


def run(store: Store, found=None, gate=None, **more):
    ports = AnalysePorts(
        classifier=ToldRules(found or {}),
        gate=gate or ToldGate(),
        store=store,
        runs=store,
        pack=Pack(groups=frozenset({"harbour-brigade"})),
    )
    return analyse(ports=ports, run_id="run-1", now=NOON, **more)


ONE, TWO, THREE = article(1), article(2), article(3)
CLAIMED = statement(ONE, CLAIM, label="admission")


def test_every_waiting_article_is_loaded_with_its_statements():
    """Counts tell articles, statements by label and sightings, and the log has them too."""
    store = Store(ONE, TWO)
    report = run(store, {ONE.url: [statement(ONE), CLAIMED]})
    assert {"articles": 2, "statements_threat": 1, "statements_admission": 1, "sightings": 2} == {
        name: count for name, count in report.counts.items() if count
    }
    assert [(ONE, (statement(ONE), CLAIMED)), (TWO, ())] == [(it, tuple(f)) for it, f in store.batches[0].analysed]
    assert {"counts": report.counts, "problems": [], "failed": False} == store.ended


def test_batches_are_as_long_as_asked_and_progress_is_told():
    """Each batch is loaded before the next is read."""
    store, told = Store(ONE, TWO, THREE), []
    run(store, batch=2, progress=told.append)
    assert ([2, 1], [2, 3]) == ([len(batch.analysed) for batch in store.batches], told)


def test_nothing_waiting_asks_nobody():
    """Without articles the gate is not asked, and without statements only for articles."""
    idle, quiet = ToldGate(), ToldGate()
    report = run(Store(), gate=idle)
    run(Store(ONE), gate=quiet)
    assert ([], [("articles", 1)]) == (idle.asked, quiet.asked)
    assert 0 == sum(report.counts.values())


def test_a_held_article_goes_to_quarantine_and_the_others_go_on():
    """A held article is not classified, counts as seen, and is no problem of the run."""
    store = Store(ONE, TWO)
    gate = ToldGate({"articles": ("url", ONE.url)})
    report = run(store, {ONE.url: [statement(ONE)], TWO.url: [statement(TWO)]}, gate)
    (batch,) = store.batches
    assert [("articles", "url-right", ONE.version_id)] == [(it.stage, it.reason, it.key) for it in batch.held]
    assert [(ONE, ()), (TWO, (statement(TWO),))] == [(it, tuple(found)) for it, found in batch.analysed]
    assert (1, 1, ()) == (report.counts["held_articles"], report.counts["statements_threat"], report.problems)


def test_a_held_statement_goes_to_quarantine_and_its_neighbours_go_on():
    """The article stays analysed with what passed."""
    store = Store(ONE)
    report = run(store, {ONE.url: [statement(ONE), CLAIMED]}, ToldGate({"statements": ("label", "threat")}))
    (batch,) = store.batches
    assert [("statements", statement(ONE).statement_id)] == [(it.stage, it.key) for it in batch.held]
    assert [(ONE, (CLAIMED,))] == [(it, tuple(found)) for it, found in batch.analysed]
    assert (1, 1) == (report.counts["held_statements"], report.counts["statements_admission"])


def test_an_article_on_which_the_rules_break_is_held_and_the_run_fails_at_its_end():
    """One text does not stop the others, and the operator is told of the fault."""
    store = Store(ONE, TWO)
    report = run(store, {ONE.url: ValueError("no such token"), TWO.url: [statement(TWO)]})
    assert ["classifier-error"] == [it.reason for it in store.batches[0].held]
    assert 1 == report.counts["statements_threat"]
    assert "ValueError: no such token" in report.problems[0]
    assert store.ended["failed"]


@pytest.mark.parametrize("error", [GateError("suite broke"), WarehouseUnavailableError("down")])
def test_when_a_part_fails_the_run_is_logged_as_failed_and_nothing_of_the_batch_is_loaded(error):
    """The error goes on to whoever started the run, who can try again."""

    class Broken(ToldGate):
        def judge(self, suite, rows):
            raise error

    store = Store(ONE)
    with pytest.raises(type(error)):
        run(store, gate=Broken())
    assert ([], True, [str(error)]) == (store.batches, store.ended["failed"], store.ended["problems"])


def test_data_docs_that_cannot_be_written_fail_the_run_and_take_nothing_from_the_warehouse():
    """The batch stands; the operator is told that there is nothing to look at, and why."""

    class Mute(ToldGate):
        def publish(self):
            raise GateError("no space left")

    store = Store(ONE)
    report = run(store, gate=Mute())
    assert 1 == len(store.batches)
    assert (("no space left",), True) == (report.problems, store.ended["failed"])


def test_what_was_judged_is_shown_once_a_run_however_it_ended():
    """Pages cost as much as the judging of a small batch."""

    class Down(Store):
        def load(self, batch, *, run_id, now):
            raise WarehouseUnavailableError("down")

    gate, broken = ToldGate(), ToldGate()
    run(Store(ONE, TWO, THREE), gate=gate, batch=1)
    with pytest.raises(WarehouseUnavailableError):
        run(Down(ONE), gate=broken)
    assert (1, 1) == (gate.published, broken.published)


def test_verdicts_of_both_suites_are_loaded_with_the_batch():
    """What the gate found stands beside what it let through."""
    store = Store(ONE)
    run(store, {ONE.url: [statement(ONE)]})
    assert ["articles", "statements"] == [verdict.suite for verdict in store.batches[0].verdicts]


MANY = [article(number) for number in range(1, ENOUGH + 1)]
FLOOD = {it.url: [statement(it)] for it in MANY}


def flooded(*more, accepted=frozenset()):
    store = Store(*MANY, *more)
    store.accepted = set(accepted)
    return store, run(store, FLOOD, ToldGate({"batches": ("row_key", "daily")}))


def test_a_batch_out_of_proportion_is_held_as_a_whole_and_the_operator_is_told():
    """Nothing of the source is loaded, one thing is held that names its versions, and the run counts as failed."""
    other = article(99, source_id="evening")
    store, report = flooded(other)
    (batch,) = store.batches
    (held,) = batch.held
    assert ("batches", "row_key-right", "daily") == (held.stage, held.reason, held.source_id)
    assert {it.version_id for it in MANY} == batch.not_loaded == set(json.loads(held.payload)["versions"])
    assert 1 == report.counts["held_batches"]
    assert "a batch of 20 articles is held" in report.problems[0]
    assert store.ended["failed"]


def test_a_held_batch_that_a_person_accepted_goes_through():
    """The expectation is broken still, and what was accepted is loaded."""
    store, report = flooded(accepted={it.version_id for it in MANY})
    assert (frozenset(), 0, ()) == (store.batches[0].not_loaded, report.counts["held_batches"], report.problems)


def test_few_articles_are_no_batch_to_judge():
    """A share of three articles says nothing."""
    gate = ToldGate()
    run(Store(*MANY[1:]), FLOOD, gate)
    assert "batches" not in dict(gate.asked)
