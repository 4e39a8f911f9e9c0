"""The topology of docker-compose.yml without its containers: the same commands with the same environment, by hand.

PostgreSQL, Redis, two Celery workers; one worker is killed while it collects, then the database server is away.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from base64 import urlsafe_b64encode
from pathlib import Path

import httpx
import psutil
import pytest
import yaml
from sqlalchemy import create_engine, make_url, text

from faults.away import Database
from pipeline.settings import PROJECT
from tests.conftest import need
from tests.fakes.local_server import LocalServer

FILE = yaml.safe_load((PROJECT / "docker-compose.yml").read_text())
STARTED = ("api-server", "scheduler", "dag-processor", "worker-1", "worker-2")
WORKERS = ("worker-1", "worker-2")
QUICK = {
    # As in the file, in a test's time: a killed worker is missed after seconds.
    "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT": "15",
    "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_SEC": "2",
    "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT_DETECTION_INTERVAL": "2",
    "AIRFLOW__WORKERS__MIN_HEARTBEAT_INTERVAL": "1",
    "AIRFLOW__DAG_PROCESSOR__REFRESH_INTERVAL": "5",
}
AWAY_SECONDS = 10
FEED = """<rss version="2.0"><channel><title>Outlet</title><link>{base}</link>
<item><title>Nothing happened in the harbour</title><link>{base}/{name}.html</link></item></channel></rss>"""
_WORDS = f"<article>{'<p>The market stayed open.</p>' * 40}</article>"
STORY = f"<html><head><title>Nothing happened</title></head><body>{_WORDS}</body></html>"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class RefusedError(Exception):
    """The API server cannot answer now: what it needs is away."""


class Team:
    """The services that were started, and the way to their API."""

    def __init__(self, folder: Path, env: dict[str, str], address: str) -> None:
        self.folder, self.env, self.address = folder, env, address
        self.processes: dict[str, subprocess.Popen] = {}
        self.database: Database

    def start(self, name: str) -> None:
        command = FILE["services"][name]["command"]
        assert "airflow" == command[0]
        with (self.folder / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                [sys.executable, "-m", *command], env=self.env, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True,
            )  # fmt: skip

    def kill(self, name: str) -> None:
        """As the kernel ends a container: at once, with all that is in it."""
        first = psutil.Process(self.processes[name].pid)
        for process in (first, *first.children(recursive=True)):
            process.kill()
        self.processes.pop(name).wait(timeout=30)

    def stop(self) -> None:
        families = [p for each in self.processes.values() for p in psutil.Process(each.pid).children(recursive=True)]
        for process in self.processes.values():
            process.send_signal(signal.SIGTERM)
        _, left = psutil.wait_procs([psutil.Process(p.pid) for p in self.processes.values()], timeout=15)
        for process in (*left, *families):
            if process.is_running():
                process.kill()
        for process in self.processes.values():
            process.wait(timeout=10)

    def log(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text(errors="replace")

    def call(self, method: str, path: str, **options):
        answer = httpx.request(method, self.address + path, timeout=60, **options)
        if answer.is_server_error:
            raise RefusedError(answer.text)
        assert not answer.is_error, answer.text
        return answer.json()

    def until(self, ask, what: str, *, within: float = 150, restart: bool = False):
        """What `ask` gives, asked until it gives something; parts that end are started again if told so."""
        deadline = time.monotonic() + within
        while True:
            try:
                if found := ask():
                    return found
            except (httpx.TransportError, RefusedError):
                pass
            dead = [name for name, process in self.processes.items() if process.poll() is not None]
            assert restart or not dead, f"{dead} ended: {self.log(dead[0])[-1500:]}"
            for name in dead:
                self.start(name)
            assert time.monotonic() < deadline, f"{what}: not within {within} s"
            time.sleep(0.3)


@pytest.fixture(scope="module")
def outlet():
    """Four feeds; the page of one is held back until the test lets it go."""
    with LocalServer() as server:
        server.asked_for, server.let_go = threading.Event(), threading.Event()

        def slow(connection) -> None:
            server.asked_for.set()
            server.let_go.wait(timeout=120)
            body = STORY.encode()
            head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {len(body)}\r\n\r\n"
            connection.write(head.encode() + body)

        for name in ("a", "b", "c", "slow"):
            server.answer(f"/{name}.xml", FEED.format(base=server.address, name=name), content_type="application/xml")
            server.answer(f"/{name}.html", STORY, content_type="text/html")
        server.answer_raw("/slow.html", slow)
        server.slow = slow
        yield server


@pytest.fixture(scope="module")
def team(tmp_path_factory, outlet):
    need(shutil.which("redis-server"), "Redis", "apt-get install -y redis-server")
    folder = tmp_path_factory.mktemp("team")
    with tempfile.TemporaryDirectory(prefix="bayan-pg-") as place:
        server = Database(Path(place))
        redis = _redis(folder)
        started = None
        try:
            started = _team(folder, server.url, redis, outlet)
            started.database = server
            yield started
        finally:
            outlet.let_go.set()
            if started:
                started.stop()
            redis.process.terminate()
            redis.process.wait(timeout=10)
            server.take_away()


class _Redis:
    def __init__(self, process: subprocess.Popen, url: str) -> None:
        self.process, self.url = process, url


def _redis(folder: Path) -> _Redis:
    port, password = _free_port(), secrets.token_urlsafe(16)
    config = folder / "redis.conf"
    config.write_text(f"bind 127.0.0.1\nport {port}\nrequirepass {password}\nsave ''\nappendonly no\ndir {folder}\n")
    with (folder / "redis.log").open("wb") as log:
        process = subprocess.Popen(["redis-server", str(config)], stdout=log, stderr=log)
    return _Redis(process, f"redis://:{password}@127.0.0.1:{port}/0")


def _team(folder: Path, postgres: str, redis: _Redis, outlet: LocalServer) -> Team:
    databases = _databases(postgres)
    port = _free_port()
    sources = [
        {"id": name, "kind": "feed", "url": f"{outlet.address}/{name}.xml", "name": name}
        for name in ("a", "b", "c", "slow")
    ]
    (folder / "sources.yml").write_text(yaml.safe_dump({"sources": sources}))
    (folder / "passwords.json").write_text(json.dumps({"operator": secrets.token_urlsafe(12), "analyst": "unused"}))
    address = f"http://127.0.0.1:{port}"
    env = {
        **{key: value for key, value in os.environ.items() if not key.startswith(("AIRFLOW", "BAYAN"))},
        **{key: value for key, value in FILE["x-airflow-environment"].items() if "${" not in value},
        "AIRFLOW_HOME": str(folder / "airflow"),
        "AIRFLOW__CORE__DAGS_FOLDER": str(PROJECT / "dags"),
        "AIRFLOW__CORE__PLUGINS_FOLDER": str(PROJECT / "plugins"),
        "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"{address}/execution/",
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(folder / "passwords.json"),
        "AIRFLOW__CORE__FERNET_KEY": urlsafe_b64encode(secrets.token_bytes(32)).decode(),
        "AIRFLOW__API__HOST": "127.0.0.1",
        "AIRFLOW__API__PORT": str(port),
        "AIRFLOW__API__BASE_URL": address,
        "AIRFLOW__API__SECRET_KEY": secrets.token_urlsafe(32),
        "AIRFLOW__API_AUTH__JWT_SECRET": secrets.token_urlsafe(48),
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": databases["airflow"],
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN_ASYNC": databases["airflow"],
        "AIRFLOW__CELERY__BROKER_URL": redis.url,
        "AIRFLOW__CELERY__RESULT_BACKEND": f"db+{databases['airflow']}",
        "AIRFLOW__LOGGING__BASE_LOG_FOLDER": str(folder / "logs"),
        "AIRFLOW__LOGGING__DAG_PROCESSOR_CHILD_PROCESS_LOG_DIRECTORY": str(folder / "logs" / "dag_processor"),
        "BAYAN_VAR": str(folder / "var"),
        "BAYAN_WAREHOUSE_URL": databases["bayan"],
        "BAYAN_SOURCES": str(folder / "sources.yml"),
        "BAYAN_HOST_INTERVAL": "0",
        **QUICK,
    }
    (folder / "var").mkdir()
    for command in (
        ["airflow", "db", "migrate"],
        ["airflow", "pools", "set", "outlets", "4", "x"],
        ["pipeline", "warehouse", "init"],
    ):
        subprocess.run([sys.executable, "-m", *command], env=env, check=True, capture_output=True, timeout=120)
    team = Team(folder, env, address)
    for name in STARTED:
        team.start(name)
    return team


def _databases(postgres: str) -> dict[str, str]:
    first = make_url(postgres).set(drivername="postgresql+psycopg")
    engine = create_engine(first, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for name in ("airflow", "bayan"):
            connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return {name: first.set(database=name).render_as_string(hide_password=False) for name in ("airflow", "bayan")}


def _who_holds(team: Team, outlet: LocalServer) -> str:
    """The worker with an open connection to the outlet: the one whose page is held back."""
    port = int(outlet.address.rsplit(":", 1)[1])
    for name in WORKERS:
        for process in psutil.Process(team.processes[name].pid).children(recursive=True):
            for connection in process.net_connections(kind="inet"):
                if connection.raddr and connection.raddr.port == port and connection.status == psutil.CONN_ESTABLISHED:
                    return name
    pytest.fail("no worker holds a connection to the outlet")


def test_a_worker_killed_in_the_middle_loses_nothing(team, outlet):
    """Tasks run on both workers; what the killed one had under way the other does, and each article stands once."""
    headers = _log_in(team)
    team.until(lambda: all(" ready." in team.log(name) for name in WORKERS), "both workers")
    team.until(
        lambda: [d for d in team.call("GET", "/api/v2/dags", headers=headers)["dags"] if d["dag_id"] == "collect"],
        "the DAG collect",
    )
    _trigger(team, headers, "by-hand")
    team.until(outlet.asked_for.is_set, "the page that is held back")
    killed = _who_holds(team, outlet)
    team.kill(killed)
    outlet.let_go.set()
    # At every fifth minute the schedule may have been first: then its run is the one that was hit.
    assert {"success"} == team.until(lambda: _ends(team, headers), "the run")
    rows = team.call("GET", "/api/v2/dags/collect/dagRuns/~/taskInstances", headers=headers)["task_instances"]
    tries = [row["try_number"] for row in rows if row["task_id"] == "collect_source"]
    assert max(tries) > 1
    assert [] == [name for name in WORKERS if "execute_workload" not in team.log(name)]
    assert (4, 4) == _articles(team)


def test_a_database_server_that_was_away_is_survived(team, outlet):
    """Both databases are gone under every part while a page is fetched; what ends over it is started again, as the
    compose file says, and the work goes on by itself: each article stands once.
    """
    for name in set(STARTED) - team.processes.keys():
        team.start(name)
    headers = _log_in(team)
    outlet.asked_for.clear()
    outlet.let_go.clear()
    for name in ("a", "slow"):
        news = FEED.format(base=outlet.address, name=f"{name}-later")
        outlet.answer(f"/{name}.xml", news, content_type="application/xml")
    outlet.answer("/a-later.html", STORY, content_type="text/html")
    outlet.answer_raw("/slow-later.html", outlet.slow)
    _trigger(team, headers, "before-the-fault")
    team.until(outlet.asked_for.is_set, "the page that is held back")
    team.database.take_away()
    outlet.let_go.set()
    time.sleep(AWAY_SECONDS)
    team.database.give_back()
    team.until(lambda: _ends(team, headers), "the runs", within=300, restart=True)
    assert (6, 6) == _articles(team)
    assert all("restart" in FILE["services"][name] for name in STARTED)


def _log_in(team: Team) -> dict[str, str]:
    password = json.loads((team.folder / "passwords.json").read_text())["operator"]
    login = {"username": "operator", "password": password}
    token = team.until(lambda: team.call("POST", "/auth/token", json=login), "the API")["access_token"]
    return {"Authorization": f"Bearer {token}"}


def _trigger(team: Team, headers: dict[str, str], run_id: str) -> None:
    body = {"logical_date": None, "conf": {}, "dag_run_id": run_id}
    team.call("POST", "/api/v2/dags/collect/dagRuns", json=body, headers=headers)


def _ends(team: Team, headers: dict[str, str]) -> set[str] | None:
    """The states of the runs of `collect`, once all have ended."""
    states = {run["state"] for run in team.call("GET", "/api/v2/dags/collect/dagRuns", headers=headers)["dag_runs"]}
    return states if states <= {"success", "failed"} else None


def _articles(team: Team) -> tuple[int, int]:
    engine = create_engine(team.env["BAYAN_WAREHOUSE_URL"])
    with engine.connect() as connection:
        standing = connection.execute(text("SELECT count(*), count(DISTINCT url) FROM articles")).one()
    engine.dispose()
    return tuple(standing)
