"""analyse: articles → statements → quality gate → warehouse. The work itself is `pipeline.jobs.analyse`."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from airflow.sdk import AssetOrTimeSchedule, Metadata, Param, dag, get_current_context, task
from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException
from assets import ARTICLES, STATEMENTS
from running import DEFAULTS, every, read_params, run_job


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
    @task(execution_timeout=timedelta(hours=6))
    def find_statements() -> dict[str, int]:
        from pipeline import bootstrap

        run_id = f"analyse/{get_current_context()['run_id']}"
        batch = read_params()["batch_size"]
        return run_job(lambda: bootstrap.run_analyse(bootstrap.read_settings(), run_id=run_id, batch=batch))

    @task(outlets=[STATEMENTS])
    def announce(counts: dict[str, int]) -> Iterator[Metadata]:
        from pipeline import bootstrap

        untold = bootstrap.statements_untold(bootstrap.read_settings())
        if not untold:
            raise AirflowSkipException("every subscriber has been told of every statement")
        yield Metadata(STATEMENTS, {**counts, "untold": untold})

    @task(retries=0)
    def tell_operator(counts: dict[str, int]) -> None:
        if counts["held_batches"]:
            what = "a source's batch is held as a whole, see the log of find_statements and `bayan quarantine list`"
            raise AirflowFailException(f"{counts['held_batches']} times {what}")

    counts = find_statements()
    announce(counts)
    tell_operator(counts)


analyse()
