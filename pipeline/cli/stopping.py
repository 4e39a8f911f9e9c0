"""Ending a command that serves: Ctrl-C, SIGTERM, or the end of the process that started it."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class Stopped(BaseException):
    """Somebody asked the command to stop; not an error, so no `except Exception` may swallow it."""


@contextmanager
def stoppable(*, with_parent: bool) -> Iterator[None]:
    """Turn the first SIGINT or SIGTERM into `Stopped`; later ones are ignored while the command tidies up.

    Args:
        with_parent: also stop when the parent process ends. A shell command under `make` would otherwise live on when
            make is killed.
    """

    def stop(number: int, frame: FrameType | None) -> None:  # noqa: ARG001  (the signature of a handler)
        for signum in (signal.SIGINT, signal.SIGTERM):
            signal.signal(signum, signal.SIG_IGN)
        raise Stopped

    before = {signum: signal.signal(signum, stop) for signum in (signal.SIGINT, signal.SIGTERM)}
    if with_parent:
        threading.Thread(target=_watch_parent, args=(os.getppid(),), name="watch-parent", daemon=True).start()
    try:
        yield
    finally:
        for signum, handler in before.items():
            signal.signal(signum, handler)


def _watch_parent(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(0.5)
    os.kill(os.getpid(), signal.SIGTERM)


def wait_forever() -> None:
    """Serve until stopped."""
    while True:
        time.sleep(3600)
