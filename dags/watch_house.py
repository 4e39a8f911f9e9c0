"""watch_house: tells the operators of what needs a person. What that is: `pipeline.jobs.look_after`."""

from datetime import timedelta
from pathlib import Path

from airflow.sdk import Param, conf, dag, task
from assets import WATCH
from running import DEFAULTS, LOG, Told, every, read_params, record, show


@dag(
    schedule=every("17,47 * * * *"),
    catchup=False,
    max_active_runs=1,
    dagrun_timeout=timedelta(minutes=20),
    default_args=DEFAULTS,
    tags=["bayan", "watch"],
    doc_md=str(Path(__file__).with_suffix(".md")),
    params={
        "repeat_hours": Param(
            24,
            type="integer",
            minimum=1,
            maximum=168,
            title="Tell again after",
            description="Hours after which the same trouble is told again for as long as it lasts.",
        ),
    },
)
def watch_house() -> None:
    @task(outlets=[WATCH], execution_timeout=timedelta(minutes=5))
    def look() -> dict[str, int]:
        from pipeline import bootstrap, operating

        repeat = read_params()["repeat_hours"]
        settings = bootstrap.read_settings()
        board = f"{conf.get('api', 'base_url', fallback='').rstrip('/')}/plugin/bayan"
        found = operating.trouble(settings, board=board)
        for notice in found:
            LOG.warning("%s: %s; %s", notice.title, notice.reason, notice.remedy)
        told = operating.tell_operators(settings, found, memory=Told(), repeat_hours=repeat)
        counts = {"needs_a_person": len(found), "told_now": len(told)}
        show(counts)
        record(WATCH, counts)
        return counts

    look()


watch_house()
