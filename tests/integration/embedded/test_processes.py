"""No child outlives a run, and nobody else's process is touched."""

import json
import os
import subprocess
import sys
import time

import psutil

from pipeline.embedded.processes import Processes

CLOSE = "import os, sys; os.close(1);"
SLEEPER = [sys.executable, "-c", CLOSE + "import time; time.sleep(600)"]
STUBBORN = [
    sys.executable,
    "-c",
    CLOSE + "import signal, time, pathlib, sys; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
    "pathlib.Path(sys.argv[1]).touch(); time.sleep(600)",
]
PARENT = [
    sys.executable,
    "-c",
    CLOSE + "import subprocess, sys, pathlib, time;"
    "c = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'], start_new_session=True);"
    "pathlib.Path(sys.argv[1]).write_text(str(c.pid)); time.sleep(600)",
]


def _processes(tmp_path):
    return Processes(tmp_path / "run" / "processes.json", tmp_path / "logs")


def _pids(tmp_path):
    return [row["pid"] for row in json.loads((tmp_path / "run" / "processes.json").read_text())]


def _gone(pid):
    return not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE


def _wait_for(path):
    while not path.exists() or not path.stat().st_size:
        time.sleep(0.02)


def test_stop_ends_every_child(tmp_path):
    """After stop, the children are gone and the register with them."""
    processes = _processes(tmp_path)
    processes.start("one", SLEEPER, os.environ)
    processes.start("two", SLEEPER, os.environ)
    pids = _pids(tmp_path)
    processes.stop()
    assert ([True, True], False) == ([_gone(pid) for pid in pids], (tmp_path / "run" / "processes.json").exists())


def test_a_grandchild_in_a_group_of_its_own_ends_too(tmp_path):
    """Airflow starts tasks in sessions of their own; they are found by descent."""
    processes = _processes(tmp_path)
    processes.start("parent", [*PARENT, str(tmp_path / "pid")], os.environ)
    _wait_for(tmp_path / "pid")
    processes.stop()
    assert _gone(int((tmp_path / "pid").read_text()))


def test_a_child_that_ignores_sigterm_is_killed(tmp_path, monkeypatch):
    """Stopping never hangs on a stubborn child."""
    monkeypatch.setattr("pipeline.embedded.processes.GRACE_SECONDS", 0.3)
    processes = _processes(tmp_path)
    ready = tmp_path / "ready"
    processes.start("stubborn", [*STUBBORN, str(ready)], os.environ)
    (pid,) = _pids(tmp_path)
    while not ready.exists():
        time.sleep(0.02)
    processes.stop()
    assert _gone(pid)


def test_leftovers_of_a_killed_run_are_ended_by_the_next(tmp_path):
    """The register names what a SIGKILL of the run left behind."""
    killed = _processes(tmp_path)
    killed.start("scheduler", SLEEPER, os.environ)
    (pid,) = _pids(tmp_path)
    assert ["scheduler"] == _processes(tmp_path).end_leftovers()
    assert _gone(pid)


def test_a_pid_that_another_program_got_since_is_left_alone(tmp_path):
    """Pids are reused; the start time tells whose it is."""
    stranger = subprocess.Popen(SLEEPER)
    try:
        register = tmp_path / "run" / "processes.json"
        register.parent.mkdir()
        register.write_text(json.dumps([{"name": "scheduler", "pid": stranger.pid, "started": 1.0}]))
        assert [] == _processes(tmp_path).end_leftovers()
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_a_damaged_register_stops_nobody(tmp_path):
    """A half-written register is no reason to fail, nor to end anything."""
    register = tmp_path / "run" / "processes.json"
    register.parent.mkdir()
    register.write_text('[{"name": "sched')
    assert [] == _processes(tmp_path).end_leftovers()


def test_a_child_that_ended_by_itself_is_named(tmp_path):
    """A part that dies at once is noticed."""
    processes = _processes(tmp_path)
    processes.start("short", [sys.executable, "-c", "import sys; sys.stderr.write('why it ended')"], os.environ)
    while not processes.dead():
        time.sleep(0.02)
    assert (["short"], "why it ended") == (processes.dead(), (tmp_path / "logs" / "short.log").read_text())
    processes.stop()


def test_children_that_a_child_names_are_ended_with_it(tmp_path):
    """A parent that dies without its children leaves none behind: they stand in the register by the names it gave."""
    processes = _processes(tmp_path)
    names_one = (
        "import os, subprocess, sys;"
        "sleep = [sys.executable, '-c', 'import time; time.sleep(600)'];"
        "c = subprocess.Popen(sleep, stdout=2, start_new_session=True);"
        "print('one', c.pid, flush=True); os._exit(0)"
    )
    processes.start("parent", [sys.executable, "-c", names_one], os.environ)
    _, pid = _pids(tmp_path)
    assert psutil.pid_exists(pid)
    processes.stop()
    assert _gone(pid)
