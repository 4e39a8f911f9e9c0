"""digest: daily and weekly digests of statements → e-mail. The work itself is `pipeline.jobs.alert`."""

from datetime import timedelta
from pathlib import Path

from airflow.sdk import dag, task
from assets import MAILS
from running import DEFAULTS, MAIL_RETRIES, SUBSCRIPTIONS, every, send_mails


@dag(
    schedule=every("5,35 * * * *"),
    catchup=False,
    max_active_runs=1,
    dagrun_timeout=timedelta(hours=1),
    default_args=DEFAULTS,
    tags=["bayan", "mail"],
    doc_md=str(Path(__file__).with_suffix(".md")),
    params={"subscription_ids": SUBSCRIPTIONS},
)
def digest() -> None:
    @task(outlets=[MAILS], retries=MAIL_RETRIES)
    def send_digests() -> dict[str, int]:
        from pipeline import bootstrap

        return send_mails("digest", bootstrap.DAILY)

    send_digests()


digest()
