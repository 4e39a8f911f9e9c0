"""ingest_articles: pages that a person names → captures → articles. The work itself is `pipeline.jobs.collect`."""

from datetime import timedelta
from pathlib import Path

from airflow.sdk import Param, dag, get_current_context, task
from assets import ARTICLES, NEW_ARTICLES
from running import DEFAULTS, OUTLETS_POOL, announce, read_params, run_job


@dag(
    schedule=None,
    catchup=False,
    max_active_runs=1,
    dagrun_timeout=timedelta(hours=2),
    default_args=DEFAULTS,
    tags=["bayan", "ingest", "by hand"],
    doc_md=str(Path(__file__).with_suffix(".md")),
    params={
        "urls": Param(
            "",
            type="string",
            format="multiline",
            maxLength=50_000,
            title="Addresses",
            description="Pages to read, one address a line, at most 200. Each is archived as the pages of feeds are.",
        ),
        "inbox": Param(
            "",
            type="string",
            maxLength=200,
            pattern=r"^[^/\x00]*$",
            title="File or folder of the inbox",
            description="Name of a file or folder in var/inbox: pages, text, JSON Lines, WARC. Empty: addresses alone.",
        ),
    },
)
def ingest_articles() -> None:
    @task(pool=OUTLETS_POOL, outlets=[NEW_ARTICLES])
    def read_pages() -> dict[str, int]:
        from pipeline import bootstrap, operating

        run_id = f"ingest/{get_current_context()['run_id']}"
        params = read_params()
        urls, inbox = params["urls"], params["inbox"]
        counts = run_job(lambda: operating.ingest(bootstrap.read_settings(), urls, inbox=inbox, run_id=run_id))
        # Asked of the warehouse: a try that was killed behind its work leaves the next one nothing new to count.
        if waiting := bootstrap.articles_waiting(bootstrap.read_settings()):
            announce(NEW_ARTICLES, ARTICLES, {**counts, "waiting": waiting})
        return counts

    read_pages()


ingest_articles()
