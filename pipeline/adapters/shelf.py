"""Local sources: files and folders of HTML, text and JSON Lines, and WARC archives; implements the port `Shelf`.

A source's files stay inside its folder: what a symbolic link leads out of it is refused.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Set
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit

from pipeline.adapters.archive.records import responses_in
from pipeline.errors import FetchError
from pipeline.records import Document, MalformedDocument, Response, Source
from pipeline.records.identity import content_id

_LARGEST = 40_000_000
"""Bytes of one file or row; JSON Lines and WARC files may be of any size, since they are read by row and record."""

_TYPES = {".html": "text/html", ".htm": "text/html", ".xhtml": "text/html", ".txt": "text/plain"}
_ROWS = frozenset({".jsonl", ".ndjson"})
_PAGES = ("text/html", "application/xhtml")

Found = Iterator[Document | MalformedDocument]


class LocalShelf:
    """Reads local sources."""

    def documents(self, source: Source, *, known: Set[str]) -> Found:
        """The documents of a source that are not known by their key, in the order of their paths.

        Raises:
            FetchError: there is no such file or folder, or it cannot be read.
        """
        path = Path(unquote(urlsplit(source.url).path))
        if not path.exists():
            raise FetchError(source.url, "unreachable", "no such file or folder; correct the path of the source")
        reader = _warc if source.kind == "warc" else _file
        try:
            if path.is_file():
                yield from reader(path, path.name, known)
                return
            for file in sorted(path.rglob("*")):
                yield from _inside(file, path, reader, known)
        except OSError as error:
            detail = f"{error.filename or path} cannot be read ({error.strerror}); give read permission"
            raise FetchError(source.url, "unreachable", detail) from error


_Reader = Callable[[Path, str, Set[str]], Found]


def _inside(file: Path, folder: Path, reader: _Reader, known: Set[str]) -> Found:
    name = file.relative_to(folder).as_posix()
    if not file.is_file() or any(part.startswith(".") for part in file.relative_to(folder).parts):
        return
    if not file.resolve().is_relative_to(folder.resolve()):
        detail = f"{file}: a link leads out of the folder; put the file itself there"
        yield from _malformed(name, "outside-folder", detail, known)
        return
    yield from reader(file, name, known)


def _file(path: Path, name: str, known: Set[str]) -> Found:
    suffix = path.suffix.lower()
    modified = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    if suffix in _ROWS:
        yield from _rows(path, name, known)
    elif suffix in _TYPES and path.stat().st_size > _LARGEST:
        yield from _malformed(name, "too-large", f"{path}: more than {_LARGEST} bytes; part it", known)
    elif suffix in _TYPES:
        body = path.read_bytes()
        key = _key(name, body)
        if key not in known:
            yield Document(key=key, response=_local(path.absolute().as_uri(), body, _TYPES[suffix], modified))


def _rows(path: Path, name: str, known: Set[str]) -> Found:
    modified = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    with path.open("rb") as file:
        number = 0
        while line := file.readline(_LARGEST):
            number += 1
            key = _key(f"{name}#{number}", line)
            if line.strip() and key not in known:
                url = f"{path.absolute().as_uri()}#{number}"
                yield Document(key=key, response=_local(url, line.strip(), "application/json", modified))


def _warc(path: Path, name: str, known: Set[str]) -> Found:
    if not path.name.endswith((".warc", ".warc.gz")):
        return
    found = 0
    for offset, record_id, _, response in responses_in(path):
        found += 1
        key = content_id("warc", record_id or f"{name} at {offset}", hashlib.sha256(response.body).hexdigest())
        media_type = (response.header("content-type") or "").lower()
        if 200 <= response.status < 300 and media_type.startswith(_PAGES) and key not in known:
            yield Document(key=key, response=response)
    if not found:
        yield from _malformed(name, "unreadable", f"{path}: holds no WARC response; check the file", known)


def _malformed(name: str, reason: str, detail: str, known: Set[str]) -> Found:
    key = content_id("document", name, reason)
    if key not in known:
        yield MalformedDocument(key=key, reason=reason, detail=detail, path=name)


def _key(name: str, body: bytes) -> str:
    return content_id("document", name, hashlib.sha256(body).hexdigest())


def _local(url: str, body: bytes, media_type: str, modified: datetime) -> Response:
    return Response(
        url=url,
        final_url=url,
        status=200,
        reason="",
        headers=(("Content-Type", media_type),),
        body=body,
        raw_body=body,
        request_headers=(),
        fetched_at=modified,
    )
