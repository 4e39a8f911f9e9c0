"""collect: sources → captures → articles. When and in what order; the work itself is `pipeline.jobs.collect`.

It runs on schedule, and at once for the sources in which the watcher (`plugins/bayan_watcher.py`) saw something new.
"""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from airflow.sdk import Asset, AssetOrTimeSchedule, AssetWatcher, Metadata, Param, dag, get_current_context, task
from airflow.sdk.exceptions import AirflowSkipException
from assets import ARTICLES
from bayan_watcher import NewsTrigger
from running import DEFAULTS, LOG, OUTLETS_POOL, every, read_params, run_job, show, total

NEWS = Asset(
    name="news",
    uri="bayan://feeds/news",
    group="bayan",
    extra={"description": "Feeds in which the watcher saw entries that are not collected yet."},
    watchers=[AssetWatcher(name="feeds", trigger=NewsTrigger())],
)

TASKS = 40
"""Mapped tasks of one run at most."""


@dag(
    schedule=AssetOrTimeSchedule(timetable=every("*/5 * * * *"), assets=[NEWS]),
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
    def list_sources() -> list[list[str]]:
        """Sources in batches: each alone while they are few, else so many together that the tasks stay few."""
        from pipeline import bootstrap

        # On schedule those that are due; for news those that have them; a person who pushes a run means all.
        due = get_current_context()["dag_run"].run_type == "scheduled"
        only = read_params()["source_ids"] or _seen_by_the_watcher()
        ids = bootstrap.source_ids(bootstrap.read_settings(), only=only, due=due)
        return [ids[number::TASKS] for number in range(min(TASKS, len(ids)))]

    @task(
        pool=OUTLETS_POOL,
        max_active_tis_per_dagrun=2,
        execution_timeout=timedelta(minutes=30),
        map_index_template="{{ source }}",
    )
    def collect_source(source_ids: list[str]) -> dict[str, int]:
        from pipeline import bootstrap

        context = get_current_context()
        context["source"] = source_ids[0] + (f" and {len(source_ids) - 1} more" if source_ids[1:] else "")
        run_ids = {name: f"collect/{context['run_id']}/{name}" for name in source_ids}
        settings = bootstrap.read_settings()
        return run_job(lambda: bootstrap.run_collect_many(settings, run_ids, tick=lambda far: LOG.info("%s", far)))

    @task(outlets=[ARTICLES])
    def announce() -> Iterator[Metadata]:
        from pipeline import bootstrap

        counts = total(get_current_context()["ti"].xcom_pull(task_ids="collect_source"))
        show(counts)
        waiting = bootstrap.articles_waiting(bootstrap.read_settings())
        if not waiting:
            raise AirflowSkipException("no article waits to be read by the rules")
        yield Metadata(ARTICLES, {**counts, "waiting": waiting})

    collected = collect_source.expand(source_ids=list_sources())
    # A teardown runs although a source failed, and does not hide that: the run's state is that of the sources.
    # Should it fail itself, `analyse` finds what waits within the hour.
    collected >> announce().as_teardown()


def _seen_by_the_watcher() -> list[str]:
    """The sources that this run was started for; none when the schedule or a person started it: all."""
    from pipeline.jobs.watch import news_of

    events = get_current_context()["triggering_asset_events"]
    return news_of([event.extra.get("payload") or {} for told in events.values() for event in told])


collect()
