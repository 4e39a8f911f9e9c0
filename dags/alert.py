"""alert: statements → e-mail. The work itself is `pipeline.jobs.alert`."""

from datetime import timedelta
from pathlib import Path

from airflow.sdk import AssetOrTimeSchedule, dag, task
from assets import MAILS, STATEMENTS
from running import DEFAULTS, MAIL_RETRIES, SUBSCRIPTIONS, every, send_mails


@dag(
    schedule=AssetOrTimeSchedule(timetable=every("*/30 * * * *"), assets=[STATEMENTS]),
    catchup=False,
    max_active_runs=1,
    dagrun_timeout=timedelta(hours=1),
    default_args=DEFAULTS,
    tags=["bayan", "mail"],
    doc_md=str(Path(__file__).with_suffix(".md")),
    params={"subscription_ids": SUBSCRIPTIONS},
)
def alert() -> None:
    @task(outlets=[MAILS], retries=MAIL_RETRIES)
    def send_alerts() -> dict[str, int]:
        from pipeline import bootstrap

        return send_mails("alert", bootstrap.PROMPT)

    send_alerts()


alert()
