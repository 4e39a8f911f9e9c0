"""A document of a local source."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.records.capture import Response


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A file, a row of JSON Lines, or a response of a WARC archive.

    Attributes:
        key: derived from place and content: a changed document is another.
        response: as if it had been fetched; a `file:` address where it names no other.
    """

    key: str
    response: Response


@dataclass(frozen=True, slots=True, kw_only=True)
class MalformedDocument:
    """A document that cannot be taken.

    Attributes:
        key: as of `Document`.
        reason: `outside-folder`, `too-large`, `unreadable`.
        detail: one line for a person.
        path: relative to the source.
    """

    key: str
    reason: str
    detail: str
    path: str
