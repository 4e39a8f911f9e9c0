"""reclassify_history: today's rules over the stored articles of a period. The work is `pipeline.jobs.reclassify`."""

import logging
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from airflow.sdk import Metadata, Param, dag, get_current_context, task
from airflow.sdk.exceptions import AirflowSkipException
from assets import STATEMENTS
from running import DEFAULTS, read_params, run_job


def _day(title: str, description: str) -> Param:
    return Param(None, type=["null", "string"], format="date", title=title, description=description)


@dag(
    schedule=None,
    catchup=False,
    max_active_runs=1,
    dagrun_timeout=timedelta(hours=24),
    default_args=DEFAULTS,
    tags=["bayan", "rules", "history"],
    doc_md=str(Path(__file__).with_suffix(".md")),
    params={
        "first_day": _day("First day", "First day of publication, in UTC. Empty: from the beginning."),
        "last_day": _day("Last day", "Last day of publication, in UTC. Empty: to the end."),
        "dry_run": Param(
            default=True,
            type="boolean",
            title="Dry run",
            description="Only compare and say what would be added, removed and changed; nothing is written.",
        ),
        "batch_size": Param(
            5000,
            type="integer",
            minimum=1,
            maximum=50000,
            title="Batch size",
            description="Articles read and loaded in one transaction. A finished batch is never repeated.",
        ),
    },
)
def reclassify_history() -> None:
    @task(execution_timeout=timedelta(hours=24))
    def replay_rules() -> dict[str, int]:
        from datetime import date

        from pipeline import bootstrap
        from pipeline.jobs.reclassify import Plan
        from pipeline.records import Period

        params = read_params()
        first, last = (date.fromisoformat(day) if day else None for day in (params["first_day"], params["last_day"]))
        period = Period(first=first, last=last)
        settings = bootstrap.read_settings()
        if params["dry_run"]:
            return run_job(lambda: bootstrap.rehearse_reclassify(settings, period, say=logging.getLogger("bayan").info))
        log = logging.getLogger("bayan")
        plan = Plan(
            period=period,
            batch=params["batch_size"],
            progress=lambda done, total: log.info("%s of %s articles read again", f"{done:,}", f"{total:,}"),
        )
        run_id = f"reclassify/{get_current_context()['run_id']}"
        return run_job(lambda: bootstrap.run_reclassify(settings, plan, run_id=run_id))

    @task(outlets=[STATEMENTS])
    def announce(counts: dict[str, int]) -> Iterator[Metadata]:
        from pipeline import bootstrap

        untold = 0 if read_params()["dry_run"] else bootstrap.statements_untold(bootstrap.read_settings())
        if not untold:
            raise AirflowSkipException("a dry run, or every subscriber has been told of every statement")
        yield Metadata(STATEMENTS, {**counts, "untold": untold})

    announce(replay_rules())


reclassify_history()
