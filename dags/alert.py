"""alert: statements → e-mail. The work itself is `pipeline.jobs.alert`."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from airflow.sdk import AssetOrTimeSchedule, Metadata, Param, dag, get_current_context, task
from assets import MAILS, STATEMENTS
from running import DEFAULTS, every, read_params, run_job


@dag(
    schedule=AssetOrTimeSchedule(timetable=every("*/30 * * * *"), assets=[STATEMENTS]),
    catchup=False,
    max_active_runs=1,
    dagrun_timeout=timedelta(hours=1),
    default_args=DEFAULTS,
    tags=["bayan", "mail"],
    doc_md=str(Path(__file__).with_suffix(".md")),
    params={
        "subscription_ids": Param(
            None,
            type=["null", "array"],
            items={"type": "string", "pattern": "^[a-z0-9][a-z0-9-]*$"},
            title="Subscriptions",
            description="Ids of the subscriptions to serve, one a line, as in the subscriptions folder. Empty: all.",
        ),
    },
)
def alert() -> None:
    @task(outlets=[MAILS])
    def send_alerts() -> Iterator[Metadata]:
        from pipeline import bootstrap

        run_id = f"alert/{get_current_context()['run_id']}"
        only = read_params()["subscription_ids"] or ()
        counts = run_job(lambda: bootstrap.run_alert(bootstrap.read_settings(), run_id=run_id, only=only))
        if counts["waiting"]:
            raise RuntimeError(f"{counts['waiting']} mail(s) wait in the outbox: the lines above say why")
        yield Metadata(MAILS, counts)

    send_alerts()


alert()
