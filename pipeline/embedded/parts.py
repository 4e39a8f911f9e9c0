"""The process that Airflow's parts are forked from: `python -m pipeline.embedded.parts LOGS`.

Each part is Airflow's own command line, in a process and session of its own. What all of them import is imported once,
before the forks, and shared by the kernel: four parts start in 13 s instead of 18 and need 540 MB instead of 770
(proportional set size, Python 3.11, two cores). Prints `name pid` for each part, then waits; SIGTERM is passed on.

This is the one place where Airflow's code runs in a process that Bayan's code started; nothing of it is used here.
"""

from __future__ import annotations

import gc
import importlib
import os
import runpy
import signal
import sys
from pathlib import Path
from types import FrameType

PARTS = (
    ("api-server",),
    ("scheduler", "--skip-serve-logs"),
    ("dag-processor",),
    ("triggerer", "--skip-serve-logs"),
)

SHARED = (
    "airflow.cli.cli_parser",
    "airflow.cli.commands.dag_processor_command",
    "airflow.cli.commands.scheduler_command",
    "airflow.cli.commands.triggerer_command",
    "airflow.executors.local_executor",
    "airflow.jobs.scheduler_job_runner",
    "airflow.jobs.triggerer_job_runner",
    "airflow.sdk.execution_time.supervisor",
    "airflow.sdk.execution_time.task_runner",
)
"""Only the first import is shared by all; a module that another Airflow version lacks costs memory and nothing else."""


def main(logs: Path) -> None:
    """Fork the parts and wait until the last has ended."""
    # Whatever Airflow prints while it is imported goes to the log: standard output is for the names alone.
    names = os.dup(1)
    os.dup2(2, 1)
    _import_shared()
    children = [_fork(arguments, logs, unwanted=names) for arguments in PARTS]

    def pass_on(number: int, frame: FrameType | None) -> None:  # noqa: ARG001  (the signature of a handler)
        for pid in children:
            _send(pid, number)

    signal.signal(signal.SIGTERM, pass_on)
    with os.fdopen(names, "w") as output:
        output.writelines(f"{name} {pid}\n" for (name, *_), pid in zip(PARTS, children, strict=True))
    for _ in children:
        os.wait()


def _import_shared() -> None:
    for name in SHARED:
        try:
            importlib.import_module(name)
        except ImportError:
            continue
    gc.collect()
    # The collector would otherwise touch, and so copy, every page in every child.
    gc.freeze()


def _fork(arguments: tuple[str, ...], logs: Path, *, unwanted: int) -> int:
    pid = os.fork()
    if pid:
        return pid
    os.close(unwanted)
    os.setsid()
    log = os.open(logs / f"{arguments[0]}.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(log, 1)
    os.dup2(log, 2)
    sys.argv = ["airflow", *arguments]
    runpy.run_module("airflow", run_name="__main__", alter_sys=True)
    sys.exit(0)


def _send(pid: int, number: int) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return


if __name__ == "__main__":
    main(Path(sys.argv[1]))
