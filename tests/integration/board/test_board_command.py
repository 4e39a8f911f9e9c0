"""`bayan board` as a process: it serves on loopback until it is told to stop, and refuses what it may not do."""

import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from contextlib import contextmanager
from pathlib import Path

from tests.integration.board.conftest import owned_warehouse


def command(var: Path, *arguments: str, **variables: str) -> subprocess.Popen[str]:
    env = {"PATH": os.environ["PATH"], "BAYAN_VAR": str(var), **variables}
    words = [sys.executable, "-m", "pipeline", "board", *arguments]
    return subprocess.Popen(words, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@contextmanager
def served(var: Path, **variables: str):
    """Address of a board on a free port; it has ended behind the block, by SIGTERM."""
    process = command(var, "--port", "0", **variables)
    try:
        line = process.stderr.readline()
        yield re.search(r"http://127\.0\.0\.1:\d+/", line)[0]
    finally:
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=30)
    assert ("", "") == (out, err)


def test_it_serves_until_it_is_told_to_stop(tmp_path):
    """The address that it says answers, from the warehouse of the settings."""
    with owned_warehouse("sqlite", tmp_path, ""), served(tmp_path) as address:
        with urllib.request.urlopen(f"{address}health", timeout=30) as answer:
            assert b"ok" == answer.read()
        with urllib.request.urlopen(f"{address}?lang=ar", timeout=60) as answer:
            assert 'dir="rtl"' in answer.read().decode()


def test_it_ends_with_2_when_others_could_look_without_a_password(tmp_path):
    """One line that says what to set."""
    process = command(tmp_path, "--host", "0.0.0.0", "--port", "0")
    out, err = process.communicate(timeout=60)
    assert (2, "", 1) == (process.returncode, out, err.count("\n"))
    assert "BAYAN_BOARD_PASSWORD" in err


def test_it_ends_with_2_when_the_port_is_taken(tmp_path):
    """One line that names the port."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        process = command(tmp_path, "--port", port)
        out, err = process.communicate(timeout=60)
    assert (2, "", 1) == (process.returncode, out, err.count("\n"))
    assert f"127.0.0.1:{port}" in err
