"""What operators do by hand, over the API that the UI uses: params arrive, failures reach people, news start runs."""

from __future__ import annotations

import json
import sqlite3
import time
import uuid
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

OPERATORS = "operators@newsroom.example"


@pytest.fixture(scope="module")
def operator(house):
    with closing(house.session("operator")) as client:
        yield client


def _query(house, sql):
    with sqlite3.connect(f"file:{house.var / 'warehouse.db'}?mode=ro", uri=True) as connection:
        return connection.execute(sql).fetchall()


def _ended(operator, dag_id, run_id, *, within=150):
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        run = _answered(operator, "GET", f"/api/v2/dags/{dag_id}/dagRuns/{run_id}").json()
        if run.get("state") in ("success", "failed"):
            return run
        time.sleep(0.3)
    pytest.fail(f"{dag_id} {run_id} did not end in {within} s: {run}")


def _run(operator, dag_id, conf):
    run_id = f"test__{uuid.uuid4()}"
    body = {"logical_date": None, "conf": conf, "dag_run_id": run_id}
    answer = _answered(operator, "POST", f"/api/v2/dags/{dag_id}/dagRuns", json=body)
    # A call that was answered too late has made the run all the same.
    assert answer.status_code in {200, 409}, answer.text
    return _ended(operator, dag_id, run_id)


def _answered(operator, method, path, *, within=60, **options):
    """The answer, asked for again while Airflow fails: on SQLite its own requests can lock each other out."""
    deadline = time.monotonic() + within
    while (answer := operator.request(method, path, **options)).is_server_error and time.monotonic() < deadline:
        time.sleep(0.3)
    return answer


def _log(operator, run, task_id, attempt=1):
    path = f"/api/v2/dags/{run['dag_id']}/dagRuns/{run['dag_run_id']}/taskInstances/{task_id}/logs/{attempt}"
    return operator.get(path, headers={"Accept": "application/x-ndjson"}).text


def test_a_backfill_from_the_ui_hands_its_params_to_every_run(operator):
    """The form's values arrive in the task, which says so in its log: Airflow 3.0 lost them on the way."""
    # A span that the schedule has gone through at every hour of the day: the last full hour and the one before.
    until = datetime.now(UTC).replace(minute=30, second=0, microsecond=0) - timedelta(days=1)
    body = {
        "dag_id": "analyse",
        "from_date": (until - timedelta(hours=1)).isoformat(),
        "to_date": until.isoformat(),
        "dag_run_conf": {"batch_size": 7},
        "reprocess_behavior": "completed",
    }
    answer = _answered(operator, "POST", "/api/v2/backfills", json=body)
    assert answer.status_code in {200, 409}, answer.text
    runs = []
    deadline = time.monotonic() + 60
    while not runs and time.monotonic() < deadline:
        found = _answered(operator, "GET", "/api/v2/dags/analyse/dagRuns", params={"run_type": "backfill"}).json()
        runs = found["dag_runs"]
        time.sleep(0.3)
    assert runs
    for run in runs:
        ended = _ended(operator, "analyse", run["dag_run_id"])
        assert ("success", True) == (ended["state"], "'batch_size': 7" in _log(operator, ended, "find_statements"))


def test_the_days_of_a_backfill_arrive_and_bound_what_is_read(house, operator):
    """Of an archive in the inbox only the rows of the period become articles; the log echoes the params."""
    (house.var / "inbox").mkdir(exist_ok=True)
    days = ("2019-04-30", "2019-05-01", "2019-05-31", "2019-06-01")
    rows = [
        {
            "title": f"كان الميناء هادئاً {day}",
            "text": "بقي السوق مفتوحاً حتى المساء.",
            "published_at": f"{day}T12:00:00Z",
        }
        for day in days
    ]
    (house.var / "inbox" / "spring.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    conf = {"archive": "spring.jsonl", "first_day": "2019-05-01", "last_day": "2019-05-31"}
    run = _run(operator, "backfill", conf)
    log = _log(operator, run, "read_archive")
    assert ("success", True) == (run["state"], all(f"'{name}': '{value}'" in log for name, value in conf.items()))
    held = _query(house, "select substr(published_at, 1, 10) from article_versions where published_at like '2019-%'")
    assert {"2019-05-01", "2019-05-31"} == {day for (day,) in held}


def test_what_an_operator_does_stands_at_an_asset_with_its_figures(house, operator):
    """Trying sources and watching the house update assets of their own, which carry what came of them."""
    figures = {}
    for dag_id in ("check_sources", "watch_house", "digest"):
        run = _run(operator, dag_id, {})
        assert "success" == run["state"]
        query = {"source_dag_id": dag_id, "source_run_id": run["dag_run_id"]}
        (event,) = _answered(operator, "GET", "/api/v2/assets/events", params=query).json()["asset_events"]
        figures[dag_id] = event["name"], event["extra"]
    assert ("source checks", 1) == (figures["check_sources"][0], figures["check_sources"][1]["sources"])
    assert "needs_a_person" in figures["watch_house"][1]
    assert ("mails", 0) == (figures["digest"][0], figures["digest"][1]["mails"])


def test_pasted_pages_go_the_way_of_all_pages(house, operator):
    """A page that stands already is archived again and is no new article; the figures stand in the log."""
    ((url,),) = _query(house, "select url from captures where url like '%/articles/%' order by url limit 1")
    before = _query(house, "select count(*) from articles")
    run = _run(operator, "ingest_articles", {"urls": f"{url}\n{url}#twice\n"})
    log = _log(operator, run, "read_pages")
    assert ("success", True) == (run["state"], "named: 2" in log)
    assert before == _query(house, "select count(*) from articles")
    kept = _query(
        house, "select distinct source_id from captures where source_id like 'by-hand-%' and url like 'http%'"
    )
    assert 2 == len(kept)


def test_a_failure_reaches_the_operators_once_a_day(house, operator):
    """What failed, why, what to do, where to look; the second failure of the day is said in the log alone."""
    for _ in range(2):
        run = _run(operator, "ingest_articles", {"urls": "ftp://outlet.example/story"})
        assert "failed" == run["state"]
    (mail,) = [mail for mail in house.mails(OPERATORS) if "ingest_articles" in mail["Subject"]]
    text = " ".join(mail.get_content().split())
    assert "Bayan needs you: ingest_articles: read_pages failed" == mail["Subject"]
    told = ("ftp://outlet.example/story", "paste whole addresses", "look at: http://127.0.0.1")
    assert [] == [word for word in told if word not in text]


def test_a_test_alert_arrives_and_is_stored_nowhere(house, operator):
    """Rendered as real alerts are, marked as a test; no subscriber is told, nothing stands in the warehouse."""
    before = _query(house, "select count(*) from alerts")
    run = _run(operator, "send_test_alert", {"recipient": "newcomer@newsroom.example"})
    (mail,) = house.mails("newcomer@newsroom.example")
    assert ("success", True) == (run["state"], "TEST" in mail["Subject"])
    assert 'dir="rtl"' in mail.get_body(("html",)).get_content()
    assert before == _query(house, "select count(*) from alerts")


@pytest.mark.parametrize(
    ("dag_id", "conf"),
    [
        ("send_test_alert", {"recipient": "nobody"}),
        ("send_test_alert", {}),
        ("ingest_articles", {"urls": ["a"]}),
        ("watch_house", {"repeat_hours": 0}),
        ("analyse", {"batch_size": 100_000}),
        ("backfill", {"archive": "../warehouse.db"}),
        ("backfill", {"archive": "spring.jsonl", "first_day": "May 2019"}),
    ],
)
def test_params_beyond_their_limits_are_refused_by_the_form(operator, dag_id, conf):
    """No run is made of them."""
    body = {"logical_date": None, "conf": conf}
    answer = _answered(operator, "POST", f"/api/v2/dags/{dag_id}/dagRuns", json=body)
    assert 400 == answer.status_code, answer.text


def test_news_start_collecting_for_their_source_alone(house, operator):
    """What the watcher tells becomes a run of collect within seconds, for the sources that it named."""
    (asset,) = _answered(operator, "GET", "/api/v2/assets", params={"name_pattern": "news"}).json()["assets"]
    told = {"asset_id": asset["id"], "extra": {"payload": {"source_ids": ["newsroom"]}}}
    since = datetime.now(UTC).isoformat()
    assert 200 == _answered(operator, "POST", "/api/v2/assets/events", json=told).status_code
    runs = []
    deadline = time.monotonic() + 60
    while not runs and time.monotonic() < deadline:
        query = {"run_type": "asset_triggered", "run_after_gte": since}
        runs = _answered(operator, "GET", "/api/v2/dags/collect/dagRuns", params=query).json()["dag_runs"]
        time.sleep(0.3)
    run = _ended(operator, "collect", runs[0]["dag_run_id"])
    xcom = operator.get(
        f"/api/v2/dags/collect/dagRuns/{run['dag_run_id']}/taskInstances/list_sources/xcomEntries/return_value"
    ).json()
    assert ("success", True) == (run["state"], "newsroom" in str(xcom["value"]))


def test_the_watcher_runs_in_the_triggerer(house):
    """It started with the house, and it is not what Airflow calls a badly written trigger that ends."""
    log = (house.var / "logs" / "triggerer.log").read_text()
    assert "bayan_watcher" in log or "trigger ID 1 starting" in log
    assert "looking again in" not in log
