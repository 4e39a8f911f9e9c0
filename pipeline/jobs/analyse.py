"""Articles that wait → statements → quality gate → warehouse, batch by batch.

Each batch is one transaction at its end, and what waits is asked of the warehouse each time: killed at any moment and
started again, the warehouse ends the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass
from datetime import datetime

from pipeline.errors import BayanError, GateError
from pipeline.jobs.judging import BROKEN, Judge
from pipeline.jobs.ports import Classifier, Gate, RunStore, StatementStore
from pipeline.quality import Pack
from pipeline.records import LABELS, AnalysedBatch, Article, Loaded


@dataclass(frozen=True, slots=True, kw_only=True)
class AnalysePorts:
    """What analysing reaches.

    Attributes:
        classifier: the rules.
        gate: the judge; asked only when there is something to judge.
        store: the warehouse.
        runs: the log of runs.
        pack: what statements must keep to: groups, rules.
    """

    classifier: Classifier
    gate: Gate
    store: StatementStore
    runs: RunStore
    pack: Pack


@dataclass(frozen=True, slots=True, kw_only=True)
class AnalyseReport:
    """What one run of analysing did.

    Attributes:
        counts: `articles` seen, new statements by label (`statements_threat`, …), new `sightings`, `superseded`
            statements, and what was held now: `held_articles`, `held_statements` and `held_batches`.
        problems: one line for each article on which the rules broke, each batch that is held as a whole, and Data Docs
            that cannot be written; the run counts as failed then. Single rows that the gate held stand in the
            quarantine and are no problem.
    """

    counts: dict[str, int]
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What is to be worked off, batch by batch.

    Attributes:
        job: its name in the log of runs.
        take: the next articles, none when all is done; what was loaded is not taken again.
        judge: of these, the ids of the versions that the suite `articles` has to judge.
        progress: told after each batch how many articles are done.
    """

    job: str
    take: Callable[[], Sequence[Article]]
    judge: Callable[[Sequence[Article]], Set[str]]
    progress: Callable[[int], None]


def analyse(
    *,
    ports: AnalysePorts,
    run_id: str,
    now: datetime,
    batch: int = 200,
    progress: Callable[[int], None] = lambda _: None,
) -> AnalyseReport:
    """Analyse every article that this rule set has not yet seen.

    Args:
        ports: see there.
        run_id: the run in the log of runs; a repeated run has the same.
        now: UTC time of the run.
        batch: articles in one transaction.
        progress: told after each batch how many articles are done.

    Raises:
        GateError: the gate could not judge; nothing of the batch is loaded.
        WarehouseError: the warehouse could not be read or written.
    """
    work = Work(
        job="analyse",
        take=lambda: ports.store.articles_awaiting(ports.classifier.ruleset, limit=batch),
        judge=lambda articles: {article.version_id for article in articles},
        progress=progress,
    )
    return work_off(work, ports=ports, run_id=run_id, now=now)


def work_off(work: Work, *, ports: AnalysePorts, run_id: str, now: datetime) -> AnalyseReport:
    """Judge, classify and load until nothing is left; the run is logged as failed when a part or an article breaks."""
    counts = Counter(dict.fromkeys(_COUNTS, 0))
    problems: list[str] = []
    ports.runs.start_run(run_id, job=work.job, now=now)
    judge = Judge(classifier=ports.classifier, gate=ports.gate, store=ports.store, pack=ports.pack, now=now)

    def finish(*, failed: bool) -> None:
        try:
            ports.gate.publish()
        except GateError as error:
            problems.append(str(error))
        failed = failed or bool(problems)
        ports.runs.finish_run(run_id, counts=dict(counts), problems=problems, failed=failed, now=now)

    try:
        while articles := work.take():
            judged = judge.judge(articles, work.judge(articles))
            counts.update(_counted(judged, ports.store.load(judged, run_id=run_id, now=now)))
            problems += [it.detail for it in judged.held if it.reason == BROKEN or it.stage == "batches"]
            work.progress(counts["articles"])
    except BayanError as error:
        problems.append(str(error))
        finish(failed=True)
        raise
    finish(failed=False)
    return AnalyseReport(counts=dict(counts), problems=tuple(problems))


_COUNTS = (
    "articles",
    *(f"statements_{label}" for label in LABELS),
    "sightings",
    "superseded",
    "held_articles",
    "held_statements",
    "held_batches",
)


def _counted(batch: AnalysedBatch, loaded: Loaded) -> dict[str, int]:
    held = Counter(item.stage for item in batch.held)
    return {
        "articles": len(batch.analysed),
        **{f"statements_{label}": count for label, count in loaded.statements.items()},
        "sightings": loaded.sightings,
        "superseded": loaded.superseded,
        "held_articles": held["articles"],
        "held_statements": held["statements"],
        "held_batches": held["batches"],
    }
