"""Small files in a folder through which the workers of a machine keep their manners, and the locks of these files.

A house that asks many hosts would gather files for ever, so those that say nothing any more are removed once a day. A
file goes only under its lock, and whoever gets a lock looks whether the file still stands in the folder: else two
workers could hold what they take for the same lock. What the files say is for those who use them.
"""

from __future__ import annotations

import fcntl
import os
import time
from contextlib import suppress
from pathlib import Path

_EVERY = 86_400.0
"""Seconds between two times of tidying up."""

_SAYS_NOTHING = 2 * 86_400.0
"""Seconds after its last change when a file says nothing: no pause and no robots.txt counts longer than a day."""

_MARK = "tidied"


def lock(path: Path, *, wait: bool) -> int | None:
    """A descriptor of the file, made where it is missing, locked until it is closed; None where another holds it.

    With `wait` the other is waited for.
    """
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
            if _stands(descriptor, path):
                return descriptor
        except BlockingIOError:
            os.close(descriptor)
            return None
        except BaseException:
            os.close(descriptor)
            raise
        os.close(descriptor)


def tidy_up(folder: Path, *, now: float) -> int:
    """Remove files that say nothing any more, at most once a day over all workers; how many. `now` in Unix seconds.

    What cannot be removed is left: a worker has it, or another was faster.
    """
    descriptor = lock(folder / _MARK, wait=False)
    if descriptor is None:
        return 0
    try:
        if now - os.fstat(descriptor).st_mtime < _EVERY:
            return 0
        os.utime(descriptor, (now, now))
        return sum(_removed(Path(entry), now) for entry in os.scandir(folder))
    finally:
        os.close(descriptor)


def tidy_up_today(folder: Path) -> None:
    """The same by the system's clock; a folder that cannot be tidied up hinders nobody."""
    with suppress(OSError):
        tidy_up(folder, now=time.time())


def _removed(path: Path, now: float) -> bool:
    with suppress(OSError):
        if now - path.stat().st_mtime < _SAYS_NOTHING:
            return False
        if (descriptor := lock(path, wait=False)) is None:
            return False
        try:
            # Another may have written to it until the lock was there.
            if now - os.fstat(descriptor).st_mtime >= _SAYS_NOTHING:
                path.unlink()
                return True
        finally:
            os.close(descriptor)
    return False


def _stands(descriptor: int, path: Path) -> bool:
    """Whether the open file is the one that has this name now."""
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except FileNotFoundError:
        return False
