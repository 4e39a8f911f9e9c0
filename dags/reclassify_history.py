"""reclassify_history: today's rules over the stored articles of a period. The work is `pipeline.jobs.reclassify`."""

from datetime import timedelta
from pathlib import Path

from airflow.sdk import Param, dag, get_current_context, task
from assets import NEW_STATEMENTS, STATEMENTS
from running import DEFAULTS, LOG, announce, day_param, read_params, read_period, run_job


@dag(
    schedule=None,
    catchup=False,
    max_active_runs=1,
    dagrun_timeout=timedelta(hours=24),
    default_args=DEFAULTS,
    tags=["bayan", "rules", "history"],
    doc_md=str(Path(__file__).with_suffix(".md")),
    params={
        "first_day": day_param("First day", "First day of publication, in UTC. Empty: from the beginning."),
        "last_day": day_param("Last day", "Last day of publication, in UTC. Empty: to the end."),
        "dry_run": Param(
            default=True,
            type="boolean",
            title="Dry run",
            description="Only compare and say what would be added, removed and changed; nothing is written.",
        ),
        "batch_size": Param(
            20000,
            type="integer",
            minimum=1,
            maximum=50000,
            title="Batch size",
            description="Articles read and loaded in one transaction. A finished batch is never repeated.",
        ),
    },
)
def reclassify_history() -> None:
    @task(outlets=[NEW_STATEMENTS], execution_timeout=timedelta(hours=24))
    def replay_rules() -> dict[str, int]:
        from pipeline import bootstrap
        from pipeline.jobs.reclassify import Plan

        params = read_params()
        period = read_period(params)
        settings = bootstrap.read_settings()
        if params["dry_run"]:
            return run_job(lambda: bootstrap.rehearse_reclassify(settings, period, say=LOG.info))
        plan = Plan(
            period=period,
            batch=params["batch_size"],
            progress=lambda done, total: LOG.info("%s of %s articles read again", f"{done:,}", f"{total:,}"),
        )
        run_id = f"reclassify/{get_current_context()['run_id']}"
        counts = run_job(lambda: bootstrap.run_reclassify(settings, plan, run_id=run_id))
        if untold := bootstrap.statements_untold(settings):
            announce(NEW_STATEMENTS, STATEMENTS, {**counts, "untold": untold})
        return counts

    replay_rules()


reclassify_history()
