"""retry_quarantined: what was put right goes through its stage and the gate again. The page's button starts it."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from airflow.sdk import Metadata, Param, dag, task
from airflow.sdk.exceptions import AirflowSkipException
from assets import ARTICLES
from running import DEFAULTS, read_params, run_job


@dag(
    schedule=None,
    catchup=False,
    # Each press of the button is a run of its own, and none waits for another.
    max_active_runs=4,
    dagrun_timeout=timedelta(minutes=30),
    default_args=DEFAULTS,
    tags=["bayan", "quality", "by hand"],
    doc_md=str(Path(__file__).with_suffix(".md")),
    params={
        "quarantine_ids": Param(
            [],
            type="array",
            minItems=1,
            maxItems=500,
            items={"type": "string", "pattern": "^[0-9a-f]{6,32}$"},
            title="What is held",
            description="Ids in quarantine, or their first characters, one a line: the page and bayan quarantine list.",
        ),
    },
)
def retry_quarantined() -> None:
    @task(execution_timeout=timedelta(minutes=10))
    def reopen() -> dict[str, int]:
        from pipeline import bootstrap, operating

        ids = read_params()["quarantine_ids"]
        return run_job(lambda: operating.retry_quarantined(bootstrap.read_settings(), ids))

    @task(outlets=[ARTICLES])
    def announce(counts: dict[str, int]) -> Iterator[Metadata]:
        if not counts["to_be_judged_again"]:
            raise AirflowSkipException("entries and pages are collected again with the next run of their source")
        yield Metadata(ARTICLES, counts)

    announce(reopen())


retry_quarantined()
