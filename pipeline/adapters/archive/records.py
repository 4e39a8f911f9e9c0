"""WARC records: a response to gzip members, and a record back to a response and the capture that it is."""

from __future__ import annotations

import gzip
import hashlib
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import urlsplit

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from pipeline.adapters.content import ContentError, decode_content
from pipeline.records import Capture, Response

_INFO = {
    "software": "bayan",
    "format": "WARC file version 1.1",
    "conformsTo": "http://iipc.github.io/warc-specifications/",
}
_RENAMED = {"transfer-encoding": "X-Archive-Orig-Transfer-Encoding"}
"""The body is kept without its transfer encoding, so the header would make readers look for chunks."""

_SOURCE, _ASKED = "Bayan-Source", "Bayan-Asked"
"""What a capture's row has and WARC has no field for: it makes a row of a record that lost its own to a kill."""

_LARGEST = 1 << 30


class _Headers(StatusAndHeaders):  # type: ignore[misc]  # warcio has no types
    """A header block that is written in the bytes it came in: warcio writes another text for what is not ASCII."""

    def to_ascii_bytes(self, filter_func: Any = None) -> bytes:
        return f"{self.to_str(filter_func)}\r\n".encode("latin-1", "replace")


def info_member(name: str, hour: datetime) -> bytes:
    """The record that a file begins with."""
    buffer = BytesIO()
    writer = WARCWriter(buffer, gzip=False, warc_version="1.1")
    record = writer.create_warcinfo_record(name, _INFO)
    record.rec_headers.replace_header("WARC-Date", hour.strftime("%Y-%m-%dT%H:%M:%SZ"))
    writer.write_record(record)
    return _packed(buffer)


def members(response: Response, capture: Capture) -> list[bytes]:
    """The request and the response as gzip members, the response last; a local document is a `resource` alone."""
    headers = {
        "WARC-Date": response.fetched_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "WARC-Record-ID": f"<urn:uuid:{capture.capture_id}>",
        _SOURCE: capture.source_id,
        _ASKED: response.url,
    }
    if urlsplit(response.url).scheme == "file":
        return [_resource(response, headers)]
    if response.cut:
        headers["WARC-Truncated"] = "unspecified"
    asked = {
        "WARC-Date": headers["WARC-Date"],
        "WARC-Record-ID": f"<urn:uuid:{uuid.uuid4()}>",
        "WARC-Concurrent-To": headers["WARC-Record-ID"],
    }
    target = urlsplit(response.final_url)
    path = target._replace(scheme="", netloc="", fragment="").geturl() or "/"
    request = _Headers(f"GET {path} HTTP/1.1", list(response.request_headers), is_http_request=True)
    answer = _Headers(
        f"{response.status} {response.reason}".strip(),
        [(_RENAMED.get(name.lower(), name), value) for name, value in response.headers],
        protocol="HTTP/1.1",
    )
    return [
        _member(("request", response.final_url), b"", request, asked),
        _member(("response", response.final_url), response.raw_body, answer, headers),
    ]


def capture_of(response: Response, *, source_id: str, capture_id: str) -> Capture:
    """The capture of a response, its place still open."""
    return Capture(
        capture_id=capture_id,
        source_id=source_id,
        url=response.url,
        final_url=response.final_url,
        fetched_at=response.fetched_at,
        status=response.status,
        media_type=(response.header("content-type") or "").partition(";")[0].strip().lower() or None,
        body_sha256=hashlib.sha256(response.body).hexdigest(),
        body_bytes=len(response.body),
        archive_file="",
        archive_offset=0,
    )


def record_at(file: BinaryIO, offset: int, *, limit: int = _LARGEST) -> tuple[str, str, Response]:
    """Id, source and response of the record at an offset.

    Raises:
        LookupError: no record of ours begins there, or it is damaged; `str(error)` says what is.
    """
    file.seek(offset)
    try:
        record = next(iter(ArchiveIterator(file)), None)
        if record is None:
            raise LookupError("found nothing there")
        return _id_of(record), _header(record, _SOURCE), _response(record, limit)
    except (ArchiveLoadFailed, ContentError, EOFError, ValueError, AttributeError) as error:
        raise LookupError(f"damaged: {error}") from error


def responses_in(path: Path) -> Iterator[tuple[int, str, str, Response]]:
    """Offset, id, source and response of each record that holds one, up to the end or a torn member."""
    with path.open("rb") as file:
        records = ArchiveIterator(file)
        while True:
            try:
                record = next(records, None)
                if record is None:
                    return
                if record.rec_type in {"response", "resource"}:
                    # In this order: asking for the offset reads over the record's content.
                    response = _response(record, _LARGEST)
                    yield records.get_record_offset(), _id_of(record), _header(record, _SOURCE), response
            except (ArchiveLoadFailed, ContentError, EOFError, ValueError, AttributeError):
                return


def _id_of(record: ArcWarcRecord) -> str:
    return _header(record, "WARC-Record-ID").removeprefix("<urn:uuid:").removesuffix(">")


def _header(record: ArcWarcRecord, name: str) -> str:
    return record.rec_headers.get_header(name) or ""


def _response(record: ArcWarcRecord, limit: int) -> Response:
    url = _header(record, "WARC-Target-URI")
    http = record.http_headers
    raw = record.raw_stream.read()
    body = decode_content(raw, http.get_header("content-encoding") if http else None, limit=limit)
    content_type = (("Content-Type", _header(record, "Content-Type")),)
    return Response(
        url=_header(record, _ASKED) or url,
        final_url=url,
        status=int(http.get_statuscode()) if http else 200,
        reason="",
        headers=tuple(http.headers) if http else content_type,
        body=body,
        raw_body=raw,
        request_headers=(),
        fetched_at=_time(_header(record, "WARC-Date")),
        cut=bool(_header(record, "WARC-Truncated")),
    )


def _time(value: str) -> datetime:
    moment = datetime.fromisoformat(value)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _resource(response: Response, headers: dict[str, str]) -> bytes:
    buffer = BytesIO()
    writer = WARCWriter(buffer, gzip=False, warc_version="1.1")
    record = writer.create_warc_record(
        response.url, "resource",
        payload=BytesIO(response.raw_body), length=len(response.raw_body),
        warc_content_type=response.header("content-type") or "application/octet-stream",
        warc_headers_dict=headers,
    )  # fmt: skip
    writer.write_record(record)
    return _packed(buffer)


def _packed(buffer: BytesIO) -> bytes:
    """One gzip member. warcio's own packing takes the level 9: for two per cent it costs twice the time."""
    return gzip.compress(buffer.getvalue(), 6, mtime=0)


def _member(what: tuple[str, str], payload: bytes, http: StatusAndHeaders, headers: dict[str, str]) -> bytes:
    kind, url = what
    buffer = BytesIO()
    writer = WARCWriter(buffer, gzip=False, warc_version="1.1")
    record = writer.create_warc_record(
        url, kind, payload=BytesIO(payload), length=len(payload), http_headers=http, warc_headers_dict=headers
    )
    writer.write_record(record)
    return _packed(buffer)
