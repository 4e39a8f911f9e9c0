"""How a task runs a job: its log tells what came of it, and only what a retry can mend is retried."""

import logging
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from airflow.sdk import CronTriggerTimetable, get_current_context
from airflow.sdk.exceptions import AirflowFailException

DEFAULTS = {
    "owner": "bayan",
    "retries": 3,
    "retry_delay": timedelta(seconds=20),
    "retry_exponential_backoff": True,
    "max_retry_delay": timedelta(minutes=10),
}


def every(cron: str) -> CronTriggerTimetable:
    """A schedule in UTC whose first run waits for the next time.

    Airflow 3.3 takes `run_immediately=False` for "up to five minutes late": a fresh start would run twice.
    """
    return CronTriggerTimetable(cron, timezone="UTC", run_immediately=timedelta())


def read_params() -> Mapping[str, Any]:
    """The params of this run, echoed to the task's log, so that an operator sees what arrived."""
    params = dict(get_current_context()["params"])
    logging.getLogger("bayan").info("params: %s", params)
    return params


def run_job(job: Callable[[], Any]) -> Mapping[str, int]:
    """Run a job and return its counts; its problems go to the task's log, one line each.

    Raises:
        AirflowFailException: for an error that no retry can mend.
    """
    import stamina

    from pipeline.errors import BayanError

    stamina.instrumentation.set_on_retry_hooks([stamina.instrumentation.LoggingOnRetryHook])
    log = logging.getLogger("bayan")
    try:
        report = job()
    except BayanError as error:
        if error.retryable:
            raise
        raise AirflowFailException(str(error)) from error
    for problem in report.problems:
        log.warning("%s", problem)
    log.info("%s", ", ".join(f"{name.replace('_', ' ')}: {count}" for name, count in report.counts.items()))
    return dict(report.counts)
