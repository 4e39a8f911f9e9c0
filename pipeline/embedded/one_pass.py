"""One pass through the DAGs as an operator would push it, and what came of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pipeline.embedded.operator import DagRun, Operator

COLLECT, ANALYSE, ALERT = "collect", "analyse", "alert"
DAGS = (COLLECT, ANALYSE, ALERT)


@dataclass(frozen=True, slots=True)
class Pass:
    """What one pass did.

    Attributes:
        runs: the DAG runs in order, those started meanwhile last; `collect` alone when nothing was new.
        failures: one line per step that failed.
    """

    runs: tuple[DagRun, ...]
    failures: tuple[str, ...]


def push_pass(operator: Operator, *, untold: Callable[[], int], tick: Callable[[str], None]) -> Pass:
    """Trigger `collect`, follow the DAGs that its assets start, and wait for the last.

    Args:
        operator: a logged-in session.
        untold: how many statements some subscriber has not been told of.
        tick: hears where the pass is, several times a second.
    """
    runs = [_follow(operator, operator.trigger(COLLECT), tick)]
    for dag_id in (ANALYSE, ALERT):
        if not operator.announced(runs[-1]):
            break
        runs.append(_follow(operator, operator.next_run(dag_id, since=runs[0].queued_at), tick))
    if runs[-1].dag_id != ALERT and untold():
        # Mails that an earlier pass could not send wait in the outbox; nothing new announces them.
        runs.append(_follow(operator, operator.trigger(ALERT), tick))
    # What the watcher or the schedule started meanwhile belongs to the same outcome.
    runs += [_follow(operator, run, tick) for run in operator.open_runs(DAGS, since=runs[0].queued_at)]
    failures = [f"{run.dag_id}: {step} failed" for run in runs for step in operator.failed_steps(run)]
    return Pass(tuple(runs), tuple(failures))


def _follow(operator: Operator, run: DagRun, tick: Callable[[str], None]) -> DagRun:
    return operator.follow(run, lambda steps: tick(f"{run.dag_id}: {steps}"))
