"""The archive's files: one for each hour and worker, and never two writers in one.

A worker takes the first number of the hour whose file nobody holds. While it writes, an empty file `NAME.open` stands
beside it; it goes when the writer knows that a row of the warehouse leads to everything in the file. One that is left
without a writer therefore names a file that a killed worker left, and such a file is not written to again before it
has been looked through: its last member may be torn.
"""

from __future__ import annotations

import fcntl
import os
import re
import socket
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import BinaryIO

from pipeline.adapters.archive.records import info_member

_OPEN, _TORN = ".open", ".torn"


class WarcFile:
    """One file being written by this process."""

    def __init__(self, folder: Path, hour: datetime) -> None:
        self.hour = hour
        self.pid = os.getpid()
        self.usable = True
        day = folder / f"{hour:%Y/%m/%d}"
        day.mkdir(parents=True, exist_ok=True)
        host = re.sub(r"[^A-Za-z0-9-]", "-", socket.gethostname())[:40]
        for number in count():
            self.path = day / f"{hour:%Y%m%dT%H}-{host}-{number:03}.warc.gz"
            if (file := _taken(self.path)) is not None:
                self._file = file
                break
        if not self._file.tell():
            self.append([info_member(self.path.name, hour)])
        _sync_folder(self.path.parent)

    def append(self, members: list[bytes]) -> int:
        """Write the members at the end, wait for the disk, and say where the last one starts."""
        start = self._file.tell()
        try:
            _write_all(self._file, b"".join(members))
            os.fsync(self._file.fileno())
        except OSError:
            self._take_back(start)
            raise
        return self._file.tell() - len(members[-1])

    def close(self, *, settled: bool) -> None:
        """End writing; `settled` when a row leads to everything in it."""
        if self.pid == os.getpid():
            if settled and self.usable:
                _mark(self.path).unlink(missing_ok=True)
            # A process forked meanwhile holds the same lock, and would hold it for longer than anybody writes.
            fcntl.flock(self._file, fcntl.LOCK_UN)
        self._file.close()

    def _take_back(self, start: int) -> None:
        """After a failed write the file ends where it ended before; where even that fails, it is not used again."""
        try:
            self._file.seek(start)
            self._file.truncate()
        except OSError:
            self.usable = False


def left_open(folder: Path) -> Iterator[Path]:
    """The files that a writer left without knowing that rows lead to them, oldest first; each is held meanwhile."""
    for mark in sorted(folder.glob(f"*/*/*/*{_OPEN}")):
        path = mark.with_name(mark.name.removesuffix(_OPEN))
        with suppress(FileNotFoundError), path.open("rb") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                continue
            if mark.exists():
                yield path


def settle(path: Path) -> None:
    """Note that a row leads to everything in a file that was left open; its end may be torn, so it is let alone."""
    path.with_name(f"{path.name}{_TORN}").touch()
    _mark(path).unlink(missing_ok=True)


def _taken(path: Path) -> BinaryIO | None:
    """The file, held and at its end; None when another worker holds it or it was left half-written."""
    file = path.open("ab", buffering=0)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        return None
    if _mark(path).exists() or path.with_name(f"{path.name}{_TORN}").exists():
        file.close()
        return None
    _mark(path).touch()
    file.seek(0, os.SEEK_END)
    return file


def _mark(path: Path) -> Path:
    return path.with_name(path.name + _OPEN)


def _write_all(file: BinaryIO, content: bytes) -> None:
    view = memoryview(content)
    while view:
        view = view[file.write(view) :]


def _sync_folder(folder: Path) -> None:
    """A new file's name is safe only when its folder is on the disk too."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
