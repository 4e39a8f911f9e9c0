"""An answer of httpx as a `Response`: read within the limits, decoded, and cut where it cannot be kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx

from pipeline.adapters.content import ContentError, TooLargeError, decode_content
from pipeline.adapters.http.limits import FetchLimits
from pipeline.errors import FetchError
from pipeline.records import Response

REDIRECTS = frozenset({301, 302, 303, 307, 308})
PERMANENT = frozenset({301, 308})


async def read_answer(url: str, answer: httpx.Response, limits: FetchLimits) -> tuple[Response, FetchError | None]:
    """The response with its content, or cut with the error that says why.

    The content of what is no success is kept as far as it is short; that it is cut is no error of its own.
    """
    is_page = answer.is_success
    raw = await _read(answer, limits.wire_bytes if is_page else limits.error_bytes)
    if raw is None:
        error = FetchError(url, "too-large", f"more than {limits.wire_bytes} bytes; raise the limit if it is meant")
        return _response(url, answer, None), error if is_page else None
    try:
        body = decode_content(raw, answer.headers.get("content-encoding"), limit=limits.body_bytes)
    except TooLargeError as problem:
        error = FetchError(url, "too-large", f"{problem}; raise the limit if it is meant")
    except ContentError as problem:
        error = FetchError(url, "protocol", f"{problem}; try again later", retryable=True)
    else:
        return _response(url, answer, (raw, body)), None
    return _response(url, answer, None), error if is_page else None


def retry_after(answer: Response) -> float | None:
    """Seconds after which the server wants to be asked again (Retry-After as seconds or a date), or None."""
    value = (answer.header("retry-after") or "").strip()
    if value.isascii() and value.isdigit():
        return float(value[:9])
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (moment - answer.fetched_at).total_seconds())


async def _read(answer: httpx.Response, limit: int) -> bytes | None:
    """The content as it came over the wire; None when it is longer than the limit, and read no further."""
    parts = bytearray()
    async for part in answer.aiter_raw():
        parts += part
        if len(parts) > limit:
            return None
    return bytes(parts)


def _response(url: str, answer: httpx.Response, content: tuple[bytes, bytes] | None) -> Response:
    raw, body = content or (b"", b"")
    return Response(
        url=url,
        final_url=str(answer.url),
        status=answer.status_code,
        reason=answer.reason_phrase,
        headers=_text(answer.headers.raw),
        body=body,
        raw_body=raw,
        request_headers=_text(answer.request.headers.raw),
        fetched_at=datetime.now(UTC),
        cut=content is None,
    )


def _text(headers: Sequence[tuple[bytes, bytes]]) -> tuple[tuple[str, str], ...]:
    return tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in headers)
