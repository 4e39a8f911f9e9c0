"""check_sources: tries sources and keeps nothing. The work itself is `pipeline.jobs.check_sources`."""

from datetime import timedelta
from pathlib import Path

from airflow.sdk import Param, dag, task
from assets import CHECKS
from running import DEFAULTS, LOG, OUTLETS_POOL, read_params, record, run_job


@dag(
    schedule=None,
    catchup=False,
    max_active_runs=1,
    dagrun_timeout=timedelta(hours=2),
    default_args={**DEFAULTS, "retries": 0},
    tags=["bayan", "ingest", "by hand"],
    doc_md=str(Path(__file__).with_suffix(".md")),
    params={
        "source_ids": Param(
            None,
            type=["null", "array"],
            items={"type": "string", "pattern": "^[a-z0-9][a-z0-9-]*$"},
            title="Sources",
            description="Ids of the sources to try, as in the sources file. Empty: all that are enabled.",
        ),
    },
)
def check_sources() -> None:
    @task(pool=OUTLETS_POOL, outlets=[CHECKS])
    def try_sources() -> dict[str, int]:
        from pipeline import bootstrap, operating

        only = read_params()["source_ids"] or ()
        counts = run_job(lambda: operating.check_sources(bootstrap.read_settings(), only=only, say=LOG.info))
        record(CHECKS, counts)
        return counts

    try_sources()


check_sources()
