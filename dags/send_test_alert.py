"""send_test_alert: one alert about an invented statement, to see that mails arrive and how they read."""

from datetime import timedelta
from pathlib import Path

from airflow.sdk import Param, dag, get_current_context, task
from assets import TEST_MAILS
from running import DEFAULTS, read_params, record, run_job


@dag(
    schedule=None,
    catchup=False,
    max_active_runs=1,
    dagrun_timeout=timedelta(minutes=15),
    # The one who pushed it is watching: an answer now is worth more than a success in ten minutes.
    default_args={**DEFAULTS, "retries": 0},
    tags=["bayan", "mail", "by hand"],
    doc_md=str(Path(__file__).with_suffix(".md")),
    params={
        "recipient": Param(
            "",
            type="string",
            format="email",
            maxLength=254,
            title="Recipient",
            description="The mail address that gets the test; it need not be in any subscription.",
        ),
    },
)
def send_test_alert() -> None:
    @task(outlets=[TEST_MAILS], execution_timeout=timedelta(minutes=5))
    def send() -> dict[str, int]:
        from pipeline import bootstrap, operating

        run_id = f"send_test_alert/{get_current_context()['run_id']}"
        to = read_params()["recipient"]
        counts = run_job(lambda: operating.send_test_alert(bootstrap.read_settings(), to, run_id=run_id))
        record(TEST_MAILS, counts)
        return counts

    send()


send_test_alert()
