"""The whole house as `make run` starts it: Airflow, newsroom and mail server in processes of their own."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from pathlib import Path

import httpx
import psutil
import pytest

SERVING = "serving until Ctrl-C"
OPERATORS = "operators@newsroom.example"
METRICS_TOKEN = "a-token-that-no-log-may-hold"
SMTP_PASSWORD = "a-password-that-no-log-may-hold"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@dataclass
class RunningHouse:
    """A `bayan up` in a process of its own."""

    var: Path
    port: int
    process: subprocess.Popen

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def said(self) -> str:
        return (self.var / "said.txt").read_text()

    @property
    def printed(self) -> str:
        return (self.var / "printed.txt").read_text()

    def password(self, user: str) -> str:
        return json.loads((self.var / "run" / "secrets.json").read_text())["passwords"][user]

    def wait_until_said(self, line: str, *, within: float = 240) -> None:
        deadline = time.monotonic() + within
        while line not in self.said:
            ended = self.process.poll()
            assert ended is None or line in self.said, f"ended with {ended}:\n{self.said}\n{self.printed}"
            assert time.monotonic() < deadline, f"{line!r} not said in {within} s:\n{self.said}"
            time.sleep(0.1)

    def mails(self, recipient: str) -> list[EmailMessage]:
        """The mails that the local server kept for a recipient, oldest first."""
        kept = [
            BytesParser(policy=default).parsebytes(path.read_bytes())
            for path in sorted((self.var / "mail").glob("*.eml"))
        ]
        return [mail for mail in kept if recipient in mail["To"]]

    def session(self, user: str) -> httpx.Client:
        """A logged-in session with Airflow's API."""
        client = httpx.Client(base_url=self.address, timeout=60)
        credentials = {"username": user, "password": self.password(user)}
        client.headers["Authorization"] = (
            f"Bearer {client.post('/auth/token', json=credentials).json()['access_token']}"
        )
        return client

    def end(self, signum: int) -> int:
        self.process.send_signal(signum)
        return self.process.wait(timeout=90)


def start_house(var: Path, *options: str, **settings: str) -> RunningHouse:
    """Start `bayan up`; the caller ends it."""
    var.mkdir(parents=True, exist_ok=True)
    port = free_port()
    env = {
        **{key: value for key, value in os.environ.items() if not key.startswith(("AIRFLOW", "BAYAN"))},
        "BAYAN_VAR": str(var),
        "BAYAN_AIRFLOW_PORT": str(port),
        **settings,
    }
    command = [sys.executable, "-m", "pipeline", "up", *options]
    with (var / "said.txt").open("w") as said, (var / "printed.txt").open("w") as printed:
        process = subprocess.Popen(command, env=env, stdin=subprocess.DEVNULL, stdout=printed, stderr=said)
    return RunningHouse(var, port, process)


@pytest.fixture(scope="session")
def house(tmp_path_factory):
    """A house that has pushed its first pass over the sample newsroom and serves; Ctrl-C must leave nothing behind."""
    # Pages that a person pastes may be on this machine here, and there are operators to be told of failures.
    settings = {"BAYAN_ALLOW_ADDRESSES": '["127.0.0.0/8"]', "BAYAN_OPERATORS": f'["{OPERATORS}"]'}
    settings |= {"BAYAN_METRICS_TOKEN": METRICS_TOKEN, "BAYAN_SMTP_PASSWORD": SMTP_PASSWORD}
    running = start_house(tmp_path_factory.mktemp("house"), **settings)
    try:
        running.wait_until_said(SERVING)
        yield running
        family = psutil.Process(running.process.pid).children(recursive=True)
        assert 0 == running.end(signal.SIGINT)
        assert [] == [process for process in family if process.is_running()]
    finally:
        if running.process.poll() is None:
            running.end(signal.SIGINT)


@pytest.fixture
def start():
    """`start_house`, with whatever it started ended at the end of the test."""
    started = []

    def start(var: Path, *options: str, **settings: str) -> RunningHouse:
        started.append(start_house(var, *options, **settings))
        return started[-1]

    yield start
    for running in started:
        if running.process.poll() is None:
            running.end(signal.SIGINT)
