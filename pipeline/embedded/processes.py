"""Starting and stopping processes so that none outlives the run, not even after a SIGKILL of this one.

Each child leads a process group of its own and stands in a register on disk with its start time; whoever starts next
ends what a killed run left behind, and only that: a process id that was given to another program since is left alone.
"""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import psutil

GRACE_SECONDS = 15.0
"""How long a process may take to end after SIGTERM before SIGKILL; Airflow's parts need up to 8 s."""


@dataclass(frozen=True, slots=True)
class _Child:
    name: str
    pid: int
    started: float

    def process(self) -> psutil.Process | None:
        """The process if it is still the one that was started."""
        try:
            process = psutil.Process(self.pid)
            same = abs(process.create_time() - self.started) < 1.0
        except psutil.NoSuchProcess:
            return None
        return process if same and process.status() != psutil.STATUS_ZOMBIE else None


def _family(process: psutil.Process) -> list[psutil.Process]:
    """The process and all below it: Airflow's supervisors start tasks in groups of their own."""
    try:
        return [process, *process.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def _end(children: Sequence[_Child]) -> None:
    parents = [process for child in children if (process := child.process())]
    families = [member for parent in parents for member in _family(parent)]
    for parent in parents:
        try:
            os.killpg(parent.pid, signal.SIGTERM)
        except (ProcessLookupError, PermissionError):
            continue
    psutil.wait_procs(parents, timeout=GRACE_SECONDS)
    for send in (psutil.Process.terminate, psutil.Process.kill):
        _signal_all([member for member in families if member.is_running()], send)


def _signal_all(processes: Sequence[psutil.Process], send: Callable[[psutil.Process], None]) -> None:
    for process in processes:
        try:
            send(process)
        except psutil.NoSuchProcess:
            continue
    psutil.wait_procs(processes, timeout=3)


@dataclass(slots=True)
class Processes:
    """The children of one run.

    Attributes:
        register: JSON file that names the children, for whoever comes after a kill.
        logs: folder that takes each child's output as `<name>.log`.
    """

    register: Path
    logs: Path
    _children: list[_Child] = field(default_factory=list)
    _handles: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def end_leftovers(self) -> list[str]:
        """End what a killed run left running; their names."""
        try:
            rows = json.loads(self.register.read_text())
            children = [_Child(row["name"], row["pid"], row["started"]) for row in rows]
        except (FileNotFoundError, ValueError, KeyError, TypeError):
            return []
        alive = [child for child in children if child.process()]
        _end(alive)
        self.register.unlink(missing_ok=True)
        return [child.name for child in alive]

    def start(self, name: str, command: Sequence[str], env: Mapping[str, str]) -> None:
        """Start a child in a process group of its own, its errors appended to its log.

        What it writes to standard output names the children of its own that it wants to be ended with it, a line
        `name pid` each; the call returns when it closes that output.
        """
        self.logs.mkdir(parents=True, exist_ok=True)
        with (self.logs / f"{name}.log").open("ab") as log:
            handle = subprocess.Popen(
                command, env=dict(env), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log,
                start_new_session=True,
            )  # fmt: skip
        self._handles.append(handle)
        self._register(name, handle.pid)
        with handle.stdout or io.BytesIO() as output:
            for line in output:
                child, _, pid = line.decode().partition(" ")
                self._register(child, int(pid))

    def dead(self) -> list[str]:
        """Names of the children that ended by themselves."""
        return [child.name for child in self._children if child.process() is None]

    def _register(self, name: str, pid: int) -> None:
        try:
            started = psutil.Process(pid).create_time()
        except psutil.NoSuchProcess:
            started = 0.0
        self._children.append(_Child(name, pid, started))
        self._write()

    def stop(self) -> None:
        """End every child: SIGTERM to all, wait, SIGKILL to what is left."""
        _end(self._children)
        for handle in self._handles:
            handle.wait(timeout=5)
        self._children.clear()
        self._handles.clear()
        self.register.unlink(missing_ok=True)

    def _write(self) -> None:
        self.register.parent.mkdir(parents=True, exist_ok=True)
        half = self.register.with_suffix(".part")
        half.write_text(json.dumps([{"name": c.name, "pid": c.pid, "started": c.started} for c in self._children]))
        half.replace(self.register)
