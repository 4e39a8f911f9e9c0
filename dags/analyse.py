"""analyse: articles → statements → quality gate → warehouse. The work itself is `pipeline.jobs.analyse`."""

from datetime import timedelta
from pathlib import Path

from airflow.sdk import AssetOrTimeSchedule, Param, dag, get_current_context, task
from airflow.sdk.exceptions import AirflowFailException
from assets import ARTICLES, NEW_STATEMENTS, STATEMENTS
from running import DEFAULTS, LOG, announce, every, read_params, run_job


@dag(
    schedule=AssetOrTimeSchedule(timetable=every("7 * * * *"), assets=[ARTICLES]),
    catchup=False,
    max_active_runs=1,
    dagrun_timeout=timedelta(hours=6),
    default_args=DEFAULTS,
    tags=["bayan", "rules", "quality"],
    doc_md=str(Path(__file__).with_suffix(".md")),
    params={
        "batch_size": Param(
            200,
            type="integer",
            minimum=1,
            maximum=2000,
            title="Batch size",
            description="Articles judged, read and loaded in one transaction. Smaller needs less memory.",
        ),
    },
)
def analyse() -> None:
    @task(outlets=[NEW_STATEMENTS], execution_timeout=timedelta(hours=6))
    def find_statements() -> dict[str, int]:
        from pipeline import bootstrap

        run_id = f"analyse/{get_current_context()['run_id']}"
        batch = read_params()["batch_size"]
        counts = run_job(lambda: bootstrap.run_analyse(bootstrap.read_settings(), run_id=run_id, batch=batch))
        if untold := bootstrap.statements_untold(bootstrap.read_settings()):
            announce(NEW_STATEMENTS, STATEMENTS, {**counts, "untold": untold})
        LOG.info("untold: %s; alert starts when there are any", untold)
        return counts

    @task(retries=0)
    def tell_operator(counts: dict[str, int]) -> None:
        if counts["held_batches"]:
            what = "a source's batch is held as a whole, see the log of find_statements and `bayan quarantine list`"
            raise AirflowFailException(f"{counts['held_batches']} times {what}")

    tell_operator(find_statements())


analyse()
