"""collect: sources → captures → articles. When and in what order; the work itself is `pipeline.jobs.collect`."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from airflow.sdk import Metadata, Param, dag, get_current_context, task
from airflow.sdk.exceptions import AirflowSkipException
from assets import ARTICLES
from running import DEFAULTS, every, read_params, run_job


@dag(
    schedule=every("*/15 * * * *"),
    catchup=False,
    max_active_runs=1,
    dagrun_timeout=timedelta(hours=2),
    default_args=DEFAULTS,
    tags=["bayan", "ingest"],
    doc_md=str(Path(__file__).with_suffix(".md")),
    params={
        "source_ids": Param(
            None,
            type=["null", "array"],
            items={"type": "string", "pattern": "^[a-z0-9][a-z0-9-]*$"},
            title="Sources",
            description="Ids of the sources to collect, as in the sources file. Empty: all that are enabled.",
        ),
    },
)
def collect() -> None:
    @task
    def list_sources() -> list[str]:
        from pipeline import bootstrap

        return bootstrap.source_ids(bootstrap.read_settings(), only=read_params()["source_ids"] or ())

    @task(max_active_tis_per_dagrun=2, execution_timeout=timedelta(minutes=30), map_index_template="{{ source }}")
    def collect_source(source_id: str) -> dict[str, int]:
        from pipeline import bootstrap

        context = get_current_context()
        context["source"] = source_id
        run_id = f"collect/{context['run_id']}/{source_id}"
        return run_job(lambda: bootstrap.run_collect(bootstrap.read_settings(), source_id, run_id=run_id))

    @task(outlets=[ARTICLES])
    def announce() -> Iterator[Metadata]:
        from pipeline import bootstrap

        waiting = bootstrap.articles_waiting(bootstrap.read_settings())
        if not waiting:
            raise AirflowSkipException("no article waits to be read by the rules")
        yield Metadata(ARTICLES, {"waiting": waiting})

    collected = collect_source.expand(source_id=list_sources())
    # A teardown runs although a source failed, and does not hide that: the run's state is that of the sources.
    # Should it fail itself, `analyse` finds what waits within the hour.
    collected >> announce().as_teardown()


collect()
