"""How a task runs a job: its log tells what came of it, what a retry can mend is retried, and who is told if not."""

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from airflow.sdk import Asset, AssetAlias, CronTriggerTimetable, Param, Variable, get_current_context
from airflow.sdk.exceptions import AirflowFailException
from assets import MAILS

LOG = logging.getLogger("bayan")

OUTLETS_POOL = "outlets"
"""Tasks that fetch from outlets take their turn here, over all workers: bayan up and docker-compose.yml make it."""

MEMORY = "bayan_told"
"""Prefix of the Airflow variables that say when the operators were told of what."""


_MISTAKES = (ArithmeticError, AssertionError, AttributeError, LookupError, NameError, TypeError)


def every(cron: str) -> CronTriggerTimetable:
    """A schedule in UTC whose first run waits for the next time.

    Airflow 3.3 takes `run_immediately=False` for "up to five minutes late": a fresh start would run twice.
    """
    return CronTriggerTimetable(cron, timezone="UTC", run_immediately=timedelta())


def read_params() -> Mapping[str, Any]:
    """The params of this run, echoed to the task's log, so that an operator sees what arrived."""
    params = dict(get_current_context()["params"])
    LOG.info("params: %s", params)
    return params


def run_job(job: Callable[[], Any]) -> dict[str, int]:
    """Run a job and return its counts; its problems go to the task's log, one line each.

    Raises:
        AirflowFailException: for an error that no retry can mend.
    """
    import stamina

    from pipeline.errors import BayanError

    stamina.instrumentation.set_on_retry_hooks([stamina.instrumentation.LoggingOnRetryHook])
    try:
        report = job()
    except BayanError as error:
        if error.retryable:
            raise
        raise AirflowFailException(str(error)) from error
    except _MISTAKES as error:
        # A mistake of the code's own is the same at the next try.
        LOG.exception("this is a mistake in Bayan's code")
        raise AirflowFailException(f"{type(error).__name__}: {error}; report it with this log") from error
    for problem in report.problems:
        LOG.warning("%s", problem)
    show(report.counts)
    return dict(report.counts)


def show(counts: Mapping[str, int]) -> None:
    """The figures of a run in its log, one under the other."""
    LOG.info("what came of it: %s", ", ".join(f"{name.replace('_', ' ')}: {count}" for name, count in counts.items()))


def record(asset: Asset, counts: Mapping[str, int]) -> None:
    """Let the update of a task's asset carry its figures, for the UI."""
    get_current_context()["outlet_events"][asset].extra = dict(counts)


def announce(alias: AssetAlias, asset: Asset, counts: Mapping[str, int]) -> None:
    """Update an asset, with these figures, so that the DAGs behind it start: the task names the alias as its outlet.

    An asset that is an outlet itself is updated by every task that succeeds, whether there is something new or not.
    """
    get_current_context()["outlet_events"][alias].add(asset, extra=dict(counts))


def send_mails(job: str, paces: Sequence[str]) -> dict[str, int]:
    """Make the mails of these paces, or of the subscriptions that the run names, and send what waits.

    Raises:
        RuntimeError: mails wait still.
    """
    from pipeline import bootstrap

    run_id = f"{job}/{get_current_context()['run_id']}"
    only = read_params()["subscription_ids"] or ()
    counts = run_job(lambda: bootstrap.run_alert(bootstrap.read_settings(), run_id=run_id, only=only, paces=paces))
    if counts["waiting"]:
        raise RuntimeError(f"{counts['waiting']} mail(s) wait in the outbox: the lines above say why")
    record(MAILS, counts)
    return counts


SUBSCRIPTIONS = Param(
    None,
    type=["null", "array"],
    items={"type": "string", "pattern": "^[a-z0-9][a-z0-9-]*$"},
    title="Subscriptions",
    description="Ids of the subscriptions to serve, one a line, as in the subscriptions folder. Empty: all of them.",
)


def day_param(title: str, description: str) -> Param:
    """A day of the form, or nothing."""
    return Param(None, type=["null", "string"], format="date", title=title, description=description)


def read_period(params: Mapping[str, Any]) -> Any:
    """The `Period` from `first_day` to `last_day`.

    Raises:
        AirflowFailException: the last day is before the first.
    """
    from datetime import date

    from pipeline.records import Period

    first, last = (date.fromisoformat(day) if day else None for day in (params["first_day"], params["last_day"]))
    try:
        return Period(first=first, last=last)
    except ValueError as error:
        raise AirflowFailException(f"{error}; correct the days") from error


def total(pulled: Mapping[str, int] | Iterable[Mapping[str, int] | None] | None) -> dict[str, int]:
    """The sums of the counts of mapped tasks, as XCom gives them: one alone as it is; one that failed has none."""
    sums: dict[str, int] = {}
    for counts in [pulled] if isinstance(pulled, Mapping) else pulled or ():
        for name, count in (counts or {}).items():
            sums[name] = sums.get(name, 0) + count
    return sums


class Told:
    """When the operators were told of what, in Airflow's variables: they stand when the warehouse does not."""

    def told_at(self, key: str) -> datetime | None:
        said = Variable.get(_variable(key), default=None)
        return datetime.fromisoformat(said) if said else None

    def remember(self, key: str, *, now: datetime) -> None:
        Variable.set(_variable(key), now.isoformat(), description=f"when the operators were told: {key}"[:500])


def _variable(key: str) -> str:
    from pipeline.records.identity import content_id

    return f"{MEMORY}_{content_id(key)}"


def tell_of_failure(context: Mapping[str, Any]) -> None:
    """Mail the operators that a task failed for good: which, why, what to do, where; a task at most once a day.

    A mail that cannot be sent must not hide the failure that it tells of: it is said in the log, and that is all.
    """
    try:
        from pipeline import bootstrap, operating

        told = operating.tell_operators(bootstrap.read_settings(), [_failure(context)], memory=Told())
    except Exception:
        LOG.exception("the operators could not be told of this failure")
    else:
        LOG.info("operators told: %s", bool(told))


def _failure(context: Mapping[str, Any]) -> Any:
    from pipeline.records.notice import Notice

    task = context["ti"]
    # An error of Bayan's is one line: what is wrong; what to do.
    said = " ".join(str(context.get("exception") or "the process was ended from outside").split())
    reason, _, remedy = said.partition("; ")
    return Notice(
        key=f"task/{task.dag_id}/{task.task_id}",
        title=f"{task.dag_id}: {task.task_id} failed",
        reason=reason,
        remedy=remedy or f"read the log, then the page of the DAG {task.dag_id}: it says what each failure means",
        link=getattr(task, "log_url", None),
    )


MAIL_RETRIES = 5
"""Over ten minutes with the delays below: a mail server that is started again is met by one of them."""

DEFAULTS = {
    "owner": "bayan",
    "retries": 3,
    "retry_delay": timedelta(seconds=20),
    "retry_exponential_backoff": True,
    "max_retry_delay": timedelta(minutes=10),
    "execution_timeout": timedelta(hours=1),
    "on_failure_callback": tell_of_failure,
}
