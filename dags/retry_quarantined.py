"""retry_quarantined: what was put right goes through its stage and the gate again. The page's button starts it."""

from datetime import timedelta
from pathlib import Path

from airflow.sdk import Param, dag, task
from assets import ARTICLES, NEW_ARTICLES
from running import DEFAULTS, announce, read_params, run_job


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
    @task(outlets=[NEW_ARTICLES], execution_timeout=timedelta(minutes=10))
    def reopen() -> dict[str, int]:
        from pipeline import bootstrap, operating

        ids = read_params()["quarantine_ids"]
        counts = run_job(lambda: operating.retry_quarantined(bootstrap.read_settings(), ids))
        # Entries and pages are collected again with the next run of their source.
        if counts["to_be_judged_again"]:
            announce(NEW_ARTICLES, ARTICLES, counts)
        return counts

    reopen()


retry_quarantined()
