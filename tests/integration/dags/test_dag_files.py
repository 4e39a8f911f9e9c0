"""Every DAG file is parsed by Airflow itself, in a process of its own, as the dag-processor does."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[3]
DAGS = PROJECT / "dags"
EXPECTED = {
    "collect",
    "analyse",
    "alert",
    "backfill",
    "check_sources",
    "digest",
    "ingest_articles",
    "reclassify_history",
    "retry_quarantined",
    "send_test_alert",
    "watch_house",
}
NO_DAG = {"assets", "running"}
HEAVY = ("pipeline", "pandas", "numpy", "great_expectations", "trafilatura", "feedparser")

PARSE = """
import json, sys
from types import SimpleNamespace
from airflow.dag_processing.dagbag import DagBag
NONE = SimpleNamespace(objects=())
bag = DagBag(sys.argv[1])
print("RESULT" + json.dumps({
    "errors": bag.import_errors,
    "modules": sorted({name.partition(".")[0] for name in sys.modules}),
    "dags": {
        dag.dag_id: {
            "doc": dag.doc_md, "tags": sorted(dag.tags), "owner": dag.owner, "catchup": dag.catchup,
            "max_active_runs": dag.max_active_runs, "timeout": bool(dag.dagrun_timeout),
            "tasks": {
                t.task_id: {
                    "retries": t.retries, "outlets": [o.name for o in t.outlets], "pool": t.pool,
                    "timeout": bool(t.execution_timeout), "tells": bool(t.on_failure_callback),
                } for t in dag.tasks
            },
            "params": {
                name: {**dag.params.get_param(name).schema, "description": dag.params.get_param(name).description}
                for name in dag.params
            },
            "schedule": [asset.uri for asset in (getattr(dag.timetable, "asset_condition", None) or NONE).objects],
        } for dag in bag.dags.values()
    },
}))
"""


@pytest.fixture(scope="module")
def parsed(tmp_path_factory):
    home = tmp_path_factory.mktemp("airflow")
    env = {
        **{key: value for key, value in os.environ.items() if not key.startswith("AIRFLOW")},
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__DAGS_FOLDER": str(DAGS),
        "AIRFLOW__CORE__PLUGINS_FOLDER": str(PROJECT / "plugins"),
        "PYTHONPATH": str(DAGS),
    }
    command = [sys.executable, "-c", PARSE, str(DAGS)]
    run = subprocess.run(command, env=env, capture_output=True, text=True, timeout=120, check=False)
    assert run.returncode == 0, run.stderr[-2000:]
    return json.loads(run.stdout.partition("RESULT")[2])


def test_every_file_is_a_dag_of_its_name_or_is_known_to_hold_none(parsed):
    """A new DAG file must be listed here; one that fails to parse is named with its error."""
    assert ({}, EXPECTED) == (parsed["errors"], set(parsed["dags"]))
    assert EXPECTED | NO_DAG == {path.stem for path in DAGS.glob("*.py")}


def test_parsing_imports_nothing_heavy(parsed):
    """The dag-processor parses these files again and again; the work's libraries load in the tasks."""
    assert [] == sorted(set(HEAVY) & set(parsed["modules"]))


@pytest.mark.parametrize("dag_id", sorted(EXPECTED))
def test_a_dag_explains_itself(parsed, dag_id):
    """Runbook, tags, owner, limits: what an operator needs at night."""
    dag = parsed["dags"][dag_id]
    assert "When it fails" in dag["doc"]
    assert ("bayan", False, True) == (dag["owner"], dag["catchup"], dag["timeout"])
    # What writes the same rows never runs beside itself; a button pressed twice need not wait.
    assert (4 if dag_id == "retry_quarantined" else 1) == dag["max_active_runs"]
    assert "bayan" in dag["tags"]


@pytest.mark.parametrize("dag_id", sorted(EXPECTED))
def test_every_param_is_typed_and_described(parsed, dag_id):
    """The trigger form shows title and description, and refuses what is of another type."""
    params = parsed["dags"][dag_id]["params"]
    assert params
    for schema in params.values():
        assert all(schema.get(name) for name in ("type", "title", "description"))


def test_the_dags_are_linked_by_assets(parsed):
    """collect updates articles, which starts analyse, which updates statements, which starts alert.

    Reading history again updates statements too, and starts by hand alone. What starts another DAG is updated through
    an alias, and so only when there is something for that DAG.
    """
    outlets = {
        dag_id: [name for task in dag["tasks"].values() for name in task["outlets"]]
        for dag_id, dag in parsed["dags"].items()
    }
    schedules = {dag_id: dag["schedule"] for dag_id, dag in parsed["dags"].items()}
    articles, statements = ["articles, if any wait"], ["statements, if any are untold"]
    assert outlets == {
        "collect": ["articles"],
        "ingest_articles": articles,
        "backfill": articles,
        "retry_quarantined": articles,
        "analyse": statements,
        "reclassify_history": statements,
        "alert": ["mails"],
        "digest": ["mails"],
        "send_test_alert": ["test mails"],
        "check_sources": ["source checks"],
        "watch_house": ["watch"],
    }
    waits = {
        "collect": ["bayan://feeds/news"],
        "analyse": ["bayan://warehouse/articles"],
        "alert": ["bayan://warehouse/statements"],
    }
    assert {**{name: [] for name in EXPECTED}, **waits} == schedules


@pytest.mark.parametrize("dag_id", sorted(EXPECTED))
def test_every_task_ends_and_its_failure_reaches_people(parsed, dag_id):
    """No task runs for ever, and none fails in silence."""
    assert {(True, True)} == {(task["timeout"], task["tells"]) for task in parsed["dags"][dag_id]["tasks"].values()}


def test_what_fetches_from_outlets_takes_turns_over_all_workers(parsed):
    """One pool holds the tasks of every worker back: the outlets' servers see one visitor."""
    fetching = {
        f"{dag_id}.{task_id}"
        for dag_id, dag in parsed["dags"].items()
        for task_id, task in dag["tasks"].items()
        if task["pool"] == "outlets"
    }
    assert {
        "check_sources.try_sources",
        "collect.collect_source",
        "ingest_articles.read_pages",
        "backfill.read_archive",
    } == fetching
