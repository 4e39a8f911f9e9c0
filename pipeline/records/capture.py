"""What a server answered, byte for byte, and where that is kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """One HTTP response, or a local document in the same shape (status 200, a `file:` address).

    Attributes:
        url: the address asked for.
        final_url: the address that answered.
        status: HTTP status of the final answer.
        reason: reason phrase of the status line, may be empty.
        headers: response headers in order, names as sent.
        body: the content, transfer and content encodings removed.
        raw_body: the content as it came over the wire before content decoding; what the archive keeps.
        request_headers: request headers in order.
        fetched_at: UTC time of the answer.
        moved_to: where the permanent redirects at the beginning of the way lead, or None.
        cut: the content was not kept (too large, not in the encoding that it names); then both bodies are empty.
    """

    url: str
    final_url: str
    status: int
    reason: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    raw_body: bytes
    request_headers: tuple[tuple[str, str], ...]
    fetched_at: datetime
    moved_to: str | None = None
    cut: bool = False

    def header(self, name: str) -> str | None:
        """The first value of a header, by case-insensitive name."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """A response in the archive: the evidence under every row.

    Attributes:
        capture_id: the WARC-Record-ID, a UUID without braces.
        source_id: the source whose collection asked for it.
        url: the address asked for.
        final_url: the address that answered.
        fetched_at: UTC.
        status: HTTP status.
        media_type: lower-case media type without parameters, or None.
        body_sha256: hexadecimal SHA-256 of the decoded body.
        body_bytes: length of the decoded body.
        archive_file: the WARC file, relative to the archive's root.
        archive_offset: byte offset of the record's gzip member in that file.
    """

    capture_id: str
    source_id: str
    url: str
    final_url: str
    fetched_at: datetime
    status: int
    media_type: str | None
    body_sha256: str
    body_bytes: int
    archive_file: str
    archive_offset: int
