"""backfill: what an archive has of a period → captures → articles. The work itself is `pipeline.operating.backfill`."""

from datetime import timedelta
from pathlib import Path

from airflow.sdk import Param, dag, get_current_context, task
from assets import ARTICLES, NEW_ARTICLES
from running import DEFAULTS, LOG, OUTLETS_POOL, announce, day_param, read_params, read_period, run_job


@dag(
    schedule=None,
    catchup=False,
    max_active_runs=1,
    dagrun_timeout=timedelta(hours=24),
    default_args=DEFAULTS,
    tags=["bayan", "ingest", "by hand", "history"],
    doc_md=str(Path(__file__).with_suffix(".md")),
    params={
        "archive": Param(
            "",
            type="string",
            minLength=1,
            maxLength=2000,
            pattern=r"^(https?://\S+|[^/\x00]+)$",
            title="Archive",
            description="Address of a sitemap or an index of such, or the name of a WARC file or folder in var/inbox.",
        ),
        "first_day": day_param("First day", "First day of what is taken, in UTC. Empty: from the beginning."),
        "last_day": day_param("Last day", "Last day of what is taken, in UTC. Empty: to the end."),
    },
)
def backfill() -> None:
    @task(pool=OUTLETS_POOL, outlets=[NEW_ARTICLES], execution_timeout=timedelta(hours=24))
    def read_archive() -> dict[str, int]:
        from pipeline import bootstrap, operating

        settings = bootstrap.read_settings()
        run_id = f"backfill/{get_current_context()['run_id']}"
        params = read_params()
        archive, period = params["archive"], read_period(params)
        counts = run_job(lambda: operating.backfill(settings, archive, period, run_id=run_id, say=LOG.info))
        if waiting := bootstrap.articles_waiting(settings):
            announce(NEW_ARTICLES, ARTICLES, {**counts, "waiting": waiting})
        return counts

    read_archive()


backfill()
