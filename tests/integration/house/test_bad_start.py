"""What cannot start says so in one line that names the thing and the remedy."""

import fcntl
import os
import socket
import subprocess
import sys

import pytest


def _up(var, *options, **settings):
    env = {
        **{key: value for key, value in os.environ.items() if not key.startswith(("AIRFLOW", "BAYAN"))},
        "BAYAN_VAR": str(var),
        **settings,
    }
    command = [sys.executable, "-m", "pipeline", "up", "--once", *options]
    return subprocess.run(command, env=env, capture_output=True, text=True, timeout=60, check=False)


def _errors(run):
    return [line for line in run.stderr.splitlines() if line.startswith("bayan: ")]


def test_a_taken_port_is_named_with_the_way_out(tmp_path):
    """Another program has the port: say which, and how to choose one."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        run = _up(tmp_path, BAYAN_AIRFLOW_PORT=str(port))
    (line,) = _errors(run)
    assert (1, True, True) == (run.returncode, str(port) in line, "PORT=" in line)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (None, "sources.yml"),
        ("sources: [", "sources.yml:"),
        ("sources:\n  - id: a\n    kind: feed\n    url: ftp://example.org/feed\n    name: A\n", "sources.yml:"),
        ("sources:\n  - id: a\n    kind: feed\n    name: A\n", "url"),
    ],
    ids=["missing", "no-yaml", "no-http", "no-url"],
)
def test_a_sources_file_that_cannot_be_used_is_named(tmp_path, content, told):
    """Missing or broken sources end the command with 2 before anything is started."""
    path = tmp_path / "sources.yml"
    if content is not None:
        path.write_text(content)
    run = _up(tmp_path / "var", "--sources", str(path))
    (line,) = _errors(run)
    assert (2, True) == (run.returncode, told in line)


def test_a_folder_without_a_feed_is_named(tmp_path):
    """A folder is served as an outlet: it needs a feed.xml."""
    (tmp_path / "pages").mkdir()
    run = _up(tmp_path / "var", "--sources", str(tmp_path / "pages"))
    (line,) = _errors(run)
    assert (2, True) == (run.returncode, "feed.xml" in line)


def test_a_file_that_is_no_warehouse_is_named(tmp_path):
    """A damaged warehouse is neither used nor overwritten."""
    (tmp_path / "warehouse.db").write_bytes(b"not a database, but something that somebody wrote" * 100)
    run = _up(tmp_path)
    (line,) = _errors(run)
    assert (1, True) == (run.returncode, "warehouse.db" in line)
    assert (tmp_path / "warehouse.db").read_bytes().startswith(b"not a database")


def test_a_second_run_in_the_same_folder_is_refused(tmp_path):
    """Two runs never share one warehouse file and one Airflow."""
    (tmp_path / "run").mkdir()
    with (tmp_path / "run" / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        run = _up(tmp_path)
    (line,) = _errors(run)
    assert (1, True) == (run.returncode, "another run uses this folder" in line)


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    """A var folder below a file: one line with the path, no traceback."""
    (tmp_path / "file").write_text("")
    run = _up(tmp_path / "file" / "var")
    (line,) = _errors(run)
    assert (1, True) == (run.returncode, str(tmp_path / "file") in line)
