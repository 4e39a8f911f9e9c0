"""Evidence as WARC 1.1: what was asked and what was answered, byte for byte; implements the port `Archive`.

One file for each hour and each opening of the archive, made exclusively, each record a gzip member of its own that
stands on the disk before its place is handed out. A process that is killed leaves at most a torn last member, in a
file that nobody writes to again.
"""

from __future__ import annotations

import hashlib
import os
import threading
import uuid
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self
from urllib.parse import urlsplit

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from pipeline.adapters.content import ContentError, decode_content
from pipeline.errors import ArchiveError
from pipeline.records import Capture, Response

_INFO = {
    "software": "bayan",
    "format": "WARC file version 1.1",
    "conformsTo": "http://iipc.github.io/warc-specifications/",
}
_RENAMED = {"transfer-encoding": "X-Archive-Orig-Transfer-Encoding"}
"""The body is kept without its transfer encoding, so the header would make readers look for chunks."""


class WarcArchive:
    """A folder of WARC files, by day: `2026/01/31/20260131T13-<uuid>-<pid>.warc.gz`. A context manager.

    Safe for several processes and threads, and over a fork: each process writes a file of its own.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._file: _WarcFile | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file being written; storing again begins another."""
        with self._lock:
            if self._file:
                self._file.close()
                self._file = None

    def store(self, response: Response, *, source_id: str) -> Capture:
        """Write request and response, wait until they are on the disk, and say where they are.

        Raises:
            ArchiveError: the folder cannot be written to, or the disk is full. What was half written is taken back.
        """
        capture_id = uuid.uuid4()
        records = _members(response, capture_id)
        with self._lock:
            try:
                file = self._current(response.fetched_at)
                offset = file.append(records)
            except OSError as error:
                detail = f"{self._folder}: cannot be written to ({error}); make room or correct its permissions"
                raise ArchiveError(detail) from error
        return Capture(
            capture_id=str(capture_id),
            source_id=source_id,
            url=response.url,
            final_url=response.final_url,
            fetched_at=response.fetched_at,
            status=response.status,
            media_type=_media_type(response),
            body_sha256=hashlib.sha256(response.body).hexdigest(),
            body_bytes=len(response.body),
            archive_file=file.path.relative_to(self._folder).as_posix(),
            archive_offset=offset,
        )

    def read(self, capture: Capture) -> bytes:
        """The body of a capture as it was when it was fetched.

        Raises:
            ArchiveError: the file or record is missing, or its SHA-256 is another.
        """
        where = f"{capture.archive_file} at {capture.archive_offset}"
        try:
            with (self._folder / capture.archive_file).open("rb") as file:
                file.seek(capture.archive_offset)
                body = _body(_record(file, capture.capture_id), limit=capture.body_bytes)
        except (OSError, ArchiveLoadFailed, ContentError, LookupError, EOFError) as error:
            raise ArchiveError(f"{where}: no capture {capture.capture_id} ({error}); restore the file") from error
        if hashlib.sha256(body).hexdigest() != capture.body_sha256:
            raise ArchiveError(f"{where}: capture {capture.capture_id} has another SHA-256; restore the file")
        return body

    def _current(self, at: datetime) -> _WarcFile:
        """The file of the hour; an answer that comes late goes into the file of the later hour."""
        hour = at.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
        if self._file and self._file.pid == os.getpid() and self._file.usable and hour <= self._file.hour:
            return self._file
        if self._file and self._file.pid == os.getpid():
            self._file.close()
        self._file = _WarcFile(self._folder, hour)
        return self._file


class _Headers(StatusAndHeaders):  # type: ignore[misc]  # warcio has no types
    """A header block that is written in the bytes it came in: warcio writes another text for what is not ASCII."""

    def to_ascii_bytes(self, filter_func: Any = None) -> bytes:
        return f"{self.to_str(filter_func)}\r\n".encode("latin-1", "replace")


class _WarcFile:
    """One file being written by this process."""

    def __init__(self, folder: Path, hour: datetime) -> None:
        self.hour = hour
        self.pid = os.getpid()
        self.usable = True
        self.path = folder / f"{hour:%Y/%m/%d}" / f"{hour:%Y%m%dT%H}-{uuid.uuid4()}-{self.pid}.warc.gz"
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self._file: BinaryIO = self.path.open("xb", buffering=0)
        self.append([_info_member(self.path.name, hour)])
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

    def close(self) -> None:
        self._file.close()

    def _take_back(self, start: int) -> None:
        """After a failed write the file ends where it ended before; where even that fails, it is not used again."""
        try:
            self._file.seek(start)
            self._file.truncate()
        except OSError:
            self.usable = False


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


def _members(response: Response, capture_id: uuid.UUID) -> list[bytes]:
    """The request and the response as gzip members, the response last."""
    date = response.fetched_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    common = {"WARC-Date": date}
    target = urlsplit(response.final_url)
    path = target._replace(scheme="", netloc="", fragment="").geturl() or "/"
    request = _Headers(f"GET {path} HTTP/1.1", list(response.request_headers), is_http_request=True)
    answer = _Headers(
        f"{response.status} {response.reason}".strip(),
        [(_RENAMED.get(name.lower(), name), value) for name, value in response.headers],
        protocol="HTTP/1.1",
    )
    record_id = f"<urn:uuid:{capture_id}>"
    asked = common | {"WARC-Record-ID": f"<urn:uuid:{uuid.uuid4()}>", "WARC-Concurrent-To": record_id}
    answered = common | {"WARC-Record-ID": record_id}
    return [
        _member("request", response.final_url, b"", request, asked),
        _member("response", response.final_url, response.raw_body, answer, answered),
    ]


def _member(kind: str, url: str, payload: bytes, http: StatusAndHeaders, headers: dict[str, str]) -> bytes:
    buffer = BytesIO()
    writer = WARCWriter(buffer, gzip=True, warc_version="1.1")
    record = writer.create_warc_record(
        url, kind, payload=BytesIO(payload), length=len(payload), http_headers=http, warc_headers_dict=headers
    )
    writer.write_record(record)
    return buffer.getvalue()


def _info_member(name: str, hour: datetime) -> bytes:
    buffer = BytesIO()
    writer = WARCWriter(buffer, gzip=True, warc_version="1.1")
    record = writer.create_warcinfo_record(name, _INFO)
    record.rec_headers.replace_header("WARC-Date", hour.strftime("%Y-%m-%dT%H:%M:%SZ"))
    writer.write_record(record)
    return buffer.getvalue()


def _record(file: BinaryIO, capture_id: str) -> ArcWarcRecord:
    record = next(iter(ArchiveIterator(file)), None)
    found = record.rec_headers.get_header("WARC-Record-ID") if record else None
    if found != f"<urn:uuid:{capture_id}>":
        raise LookupError(f"found {found or 'nothing'} there")
    return record


def _body(record: ArcWarcRecord, *, limit: int) -> bytes:
    encoding = record.http_headers.get_header("content-encoding") if record.http_headers else None
    return decode_content(record.raw_stream.read(), encoding, limit=limit)


def _media_type(response: Response) -> str | None:
    return (response.header("content-type") or "").partition(";")[0].strip().lower() or None
