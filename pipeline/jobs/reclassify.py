"""Today's rules over the stored articles of a period, loaded. What they would change is told by `comparison`.

Reading again is analysing with a period. What is done is known to the warehouse: a run that was killed goes on where it
stopped, and a batch that was loaded is not repeated.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from pipeline.jobs.analyse import AnalysePorts, AnalyseReport, Work, work_off
from pipeline.jobs.ports import HistoryStore
from pipeline.records import Period

BATCH = 20_000
"""Articles in one transaction: the gate and its pages cost seconds a batch, whatever is in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is to be read again.

    Attributes:
        period: whose articles, by the day of publication.
        batch: articles in one transaction.
        progress: told after each batch how many articles are done, of how many.
    """

    period: Period
    batch: int = BATCH
    progress: Callable[[int, int], None] = lambda *_: None


def reclassify(plan: Plan, *, ports: AnalysePorts, store: HistoryStore, run_id: str, now: datetime) -> AnalyseReport:
    """Let the rules of today read the articles of a period again, and load what they find.

    The suite `articles` judges only what it has not let through before: the texts are the same.

    Raises:
        GateError, WarehouseError: as `analyse`; finished batches stand.
    """
    ruleset = ports.classifier.ruleset
    total = store.awaiting_in(ruleset, plan.period)
    work = Work(
        job="reclassify",
        take=lambda: store.articles_awaiting_in(ruleset, plan.period, limit=plan.batch),
        judge=lambda articles: store.unjudged([article.version_id for article in articles]),
        progress=lambda done: plan.progress(done, total),
    )
    return work_off(work, ports=ports, run_id=run_id, now=now)
