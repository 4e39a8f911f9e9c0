"""Articles that wait → statements → quality gate → warehouse, batch by batch.

Each batch is one transaction at its end, and what waits is asked of the warehouse each time: killed at any moment and
started again, the warehouse ends the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass
from datetime import datetime

from pipeline.errors import BayanError
from pipeline.jobs.ports import Classifier, Gate, RunStore, StatementStore
from pipeline.quality import article_held, article_row, held_reasons, statement_held, statement_rows
from pipeline.quality.holding import Reason
from pipeline.quality.statements import row_key
from pipeline.records import LABELS, AnalysedBatch, Article, Loaded, Quarantined, Statement, Verdict

Analysed = list[tuple[Article, Sequence[Statement]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class AnalysePorts:
    """What analysing reaches.

    Attributes:
        classifier: the rules.
        gate: the judge; asked only when there is something to judge.
        store: the warehouse.
        runs: the log of runs.
        groups: ids of the registry, which statements must keep to.
    """

    classifier: Classifier
    gate: Gate
    store: StatementStore
    runs: RunStore
    groups: Set[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class AnalyseReport:
    """What one run of analysing did.

    Attributes:
        counts: `articles` seen, new statements by label (`statements_threat`, …), new `sightings`, `superseded`
            statements, and what was held now: `held_articles` and `held_statements`.
        problems: one line for each article on which the rules broke; the run counts as failed then. What the gate
            held stands in the quarantine and is no problem of the run.
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

    def finish(*, failed: bool) -> None:
        ports.runs.finish_run(run_id, counts=dict(counts), problems=problems, failed=failed, now=now)

    try:
        while articles := work.take():
            judged = _judge(articles, work.judge(articles), ports, now=now)
            counts.update(_counted(judged, ports.store.load(judged, run_id=run_id, now=now)))
            problems += [item.detail for item in judged.held if item.reason == _BROKEN]
            work.progress(counts["articles"])
    except BayanError as error:
        problems.append(str(error))
        finish(failed=True)
        raise
    finish(failed=bool(problems))
    return AnalyseReport(counts=dict(counts), problems=tuple(problems))


_BROKEN = "classifier-error"
"""Reason in the quarantine of an article on which the rules' own code broke."""

_COUNTS = (
    "articles",
    *(f"statements_{label}" for label in LABELS),
    "sightings",
    "superseded",
    "held_articles",
    "held_statements",
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
    }


def _judge(articles: Sequence[Article], unjudged: Set[str], ports: AnalysePorts, *, now: datetime) -> AnalysedBatch:
    asked = [article for article in articles if article.version_id in unjudged]
    kept, held, verdicts = _judge_articles(asked, ports.gate, now=now) if asked else ([], [], ())
    passed_now = {article.version_id for article in kept}
    sound = [it for it in articles if it.version_id in passed_now or it.version_id not in unjudged]
    found, broken = _classify(sound, ports.classifier)
    passed, held_statements, more = _judge_statements(found, ports, now=now)
    statements = {article.version_id: those for article, those in passed}
    return AnalysedBatch(
        analysed=[(article, statements.get(article.version_id, ())) for article in articles],
        held=[*held, *broken, *held_statements],
        verdicts=[*verdicts, *more],
        ruleset=ports.classifier.ruleset,
    )


def _judge_articles(
    articles: Sequence[Article], gate: Gate, *, now: datetime
) -> tuple[list[Article], list[Quarantined], tuple[Verdict, ...]]:
    verdicts = gate.judge("articles", [article_row(article, now=now) for article in articles])
    reasons = held_reasons(verdicts, [article.version_id for article in articles])
    held = [article_held(article, reasons[article.version_id]) for article in articles if article.version_id in reasons]
    return [article for article in articles if article.version_id not in reasons], held, verdicts


def _classify(articles: Sequence[Article], classifier: Classifier) -> tuple[Analysed, list[Quarantined]]:
    found: Analysed = []
    held: list[Quarantined] = []
    for article in articles:
        try:
            found.append((article, classifier.statements(article)))
        except Exception as error:  # noqa: BLE001 - one text that breaks the rules' code must not stop all others
            observed = f"the rules broke on it ({type(error).__name__}: {error}); report it with the quarantined text"
            held.append(article_held(article, Reason(expectation=_BROKEN, observed=observed)))
    return found, held


def _judge_statements(
    found: Analysed, ports: AnalysePorts, *, now: datetime
) -> tuple[Analysed, list[Quarantined], tuple[Verdict, ...]]:
    rows = statement_rows(found, groups=ports.groups, now=now)
    if not rows:
        return found, [], ()
    verdicts = ports.gate.judge("statements", rows)
    reasons = held_reasons(verdicts, [str(row["row_key"]) for row in rows])
    passed: Analysed = []
    held: list[Quarantined] = []
    for article, statements in found:
        keyed = [(row_key(article, position), statement) for position, statement in enumerate(statements)]
        passed.append((article, [statement for key, statement in keyed if key not in reasons]))
        held += [statement_held(statement, article, reasons[key]) for key, statement in keyed if key in reasons]
    return passed, held, verdicts
