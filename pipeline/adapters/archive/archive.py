"""The archive: store a response, read a capture, and find what a killed worker left without a row."""

from __future__ import annotations

import hashlib
import os
import threading
import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from pipeline.adapters.archive.files import WarcFile, left_open, settle
from pipeline.adapters.archive.records import capture_of, members, record_at, responses_in
from pipeline.errors import ArchiveError
from pipeline.records import Capture, Response


class WarcArchive:
    """A folder of WARC files, by day: `2026/01/31/20260131T13-<host>-<number>.warc.gz`. A context manager.

    Each record is a gzip member of its own and stands on the disk before its place is handed out. Safe for several
    processes and threads, and over a fork: each process writes a file of its own.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._file: WarcFile | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close(settled=kind is None)

    def close(self, *, settled: bool = True) -> None:
        """End the file being written; storing again takes it up or begins another.

        `settled`: a row leads to everything that was stored. Else the next start looks for what has none.
        """
        with self._lock:
            if self._file:
                self._file.close(settled=settled)
                self._file = None

    def store(self, response: Response, *, source_id: str) -> Capture:
        """Write request and response, wait until they are on the disk, and say where they are.

        Raises:
            ArchiveError: the folder cannot be written to, or the disk is full. What was half written is taken back.
        """
        capture = capture_of(response, source_id=source_id, capture_id=str(uuid.uuid4()))
        content = members(response, capture)
        with self._lock:
            try:
                file = self._current(response.fetched_at)
                offset = file.append(content)
            except OSError as error:
                detail = f"{self._folder}: cannot be written to ({error}); make room or correct its permissions"
                raise ArchiveError(detail) from error
        return replace(capture, archive_file=file.path.relative_to(self._folder).as_posix(), archive_offset=offset)

    def read(self, capture: Capture) -> bytes:
        """The body of a capture as it was when it was fetched.

        Raises:
            ArchiveError: the file or record is missing, or its SHA-256 is another.
        """
        return self.response(capture).body

    def response(self, capture: Capture) -> Response:
        """The response of a capture, proven against the capture's row.

        Raises:
            ArchiveError: the file or record is missing, or says another thing than the row.
        """
        where = f"{capture.archive_file} at {capture.archive_offset}"
        try:
            with (self._folder / capture.archive_file).open("rb") as file:
                found, _, response = record_at(file, capture.archive_offset, limit=capture.body_bytes)
        except (OSError, LookupError) as error:
            raise ArchiveError(f"{where}: no capture {capture.capture_id} ({error}); restore the file") from error
        if found != capture.capture_id:
            raise ArchiveError(f"{where}: no capture {capture.capture_id} (found {found}); restore the file")
        if hashlib.sha256(response.body).hexdigest() != capture.body_sha256:
            raise ArchiveError(f"{where}: capture {capture.capture_id} has another SHA-256; restore the file")
        if (response.final_url, response.status) != (capture.final_url, capture.status):
            said = f"{response.status} from {response.final_url}"
            raise ArchiveError(f"{where}: capture {capture.capture_id} says {said}; restore the file or the row")
        return response

    def files(self) -> Iterator[tuple[str, list[Capture]]]:
        """Each file of the archive, relative to its folder, with the captures that stand in it."""
        for path in sorted(self._folder.glob("*/*/*/*.warc.gz")):
            yield path.relative_to(self._folder).as_posix(), self._captures(path)

    def left_open(self) -> Iterator[tuple[str, list[Capture]]]:
        """The same for files that a killed worker left; a file is done with when the next one is asked for."""
        for path in left_open(self._folder):
            captures = self._captures(path)
            yield path.relative_to(self._folder).as_posix(), captures
            settle(path)

    def _captures(self, path: Path) -> list[Capture]:
        name = path.relative_to(self._folder).as_posix()
        return [
            replace(
                capture_of(response, source_id=source_id, capture_id=capture_id),
                archive_file=name,
                archive_offset=offset,
            )
            for offset, capture_id, source_id, response in responses_in(path)
        ]

    def _current(self, at: datetime) -> WarcFile:
        """The file of the hour; an answer that comes late goes into the file of the later hour."""
        hour = at.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
        if self._file and self._file.pid == os.getpid() and self._file.usable and hour <= self._file.hour:
            return self._file
        if self._file and self._file.pid == os.getpid():
            self._file.close(settled=False)
        self._file = WarcFile(self._folder, hour)
        return self._file
