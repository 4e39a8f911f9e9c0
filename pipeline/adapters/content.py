"""Content encodings removed, within a bound: a few kilobytes of gzip can hold gigabytes."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

ACCEPTED = "gzip, deflate"
"""Value of Accept-Encoding: what `Decoder` reads."""

_GZIP_OR_ZLIB = zlib.MAX_WBITS | 32
_RAW_DEFLATE = -zlib.MAX_WBITS


class ContentError(Exception):
    """The bytes are not in the encoding that the header names; `str(error)` says what is wrong."""


class TooLargeError(ContentError):
    """The decoded content passes the bound."""


def decode_content(raw: bytes, encoding: str | None, *, limit: int) -> bytes:
    """`raw` with its content encodings removed; `encoding` is the header's value, `limit` bounds the result in bytes.

    Raises:
        TooLargeError: more than `limit` bytes come out.
        ContentError: damaged, cut short, or an encoding that was not asked for.
    """
    for name in reversed(_names(encoding)):
        if name not in {"gzip", "x-gzip", "deflate"}:
            raise ContentError(f"content encoding {name!r} was not asked for")
        raw = _inflate(raw, limit)
    if len(raw) > limit:
        raise TooLargeError(f"more than {limit} bytes")
    return raw


def _names(encoding: str | None) -> Sequence[str]:
    names = (name.strip().lower() for name in (encoding or "").split(","))
    return [name for name in names if name not in {"", "identity"}]


def _inflate(raw: bytes, limit: int) -> bytes:
    # Some servers send raw deflate where zlib's wrapping is meant.
    if not raw:
        return raw
    try:
        return _members(raw, _GZIP_OR_ZLIB, limit)
    except zlib.error as wrapped:
        try:
            return _members(raw, _RAW_DEFLATE, limit)
        except zlib.error:
            raise ContentError(f"the compressed content is damaged ({wrapped})") from wrapped


def _members(raw: bytes, wbits: int, limit: int) -> bytes:
    """All gzip members one after another; what is behind the last one and is none is left out, as browsers do."""
    parts: list[bytes] = []
    size = 0
    while raw:
        inflater = zlib.decompressobj(wbits)
        try:
            part = inflater.decompress(raw, limit - size + 1)
        except zlib.error:
            if parts:
                break
            raise
        size += len(part)
        if size > limit:
            raise TooLargeError(f"more than {limit} bytes when unpacked")
        if not inflater.eof:
            raise ContentError("the compressed content is cut short")
        parts.append(part)
        raw = inflater.unused_data
    return b"".join(parts)
