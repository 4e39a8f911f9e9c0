"""GET, with redirects followed by hand so that each is checked. What to fetch and when is for the jobs."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from types import TracebackType
from typing import Self
from urllib.parse import urljoin, urlsplit

import httpx
import stamina

from pipeline.adapters.content import ACCEPTED, ContentError, TooLargeError, decode_content
from pipeline.adapters.http.addresses import AddressRules, ForbiddenAddressError, GuardedTransport
from pipeline.adapters.http.failures import fetch_error, status_error
from pipeline.adapters.http.limits import FetchLimits, HostTurns
from pipeline.errors import FetchError
from pipeline.records import Response

_CONNECTIONS = 100
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_ACCEPT = "application/rss+xml, application/atom+xml, application/feed+json, text/html, */*;q=0.8"


class HttpFetcher:
    """The port `Fetcher` over HTTP/1.1. An async context manager: connections live as long as it is open.

    `user_agent` names the project and a contact. `allow_addresses` are networks (CIDR) that may be fetched although
    they are not public: tests, intranets.

    Raises:
        SettingsError: `allow_addresses` holds what is no network.
    """

    def __init__(
        self, *, user_agent: str, allow_addresses: Sequence[str] = (), limits: FetchLimits | None = None
    ) -> None:
        self._limits = limits or FetchLimits()
        self._turns = HostTurns(self._limits.per_host)
        self._client = httpx.AsyncClient(
            transport=GuardedTransport(AddressRules(allow_addresses), connections=_CONNECTIONS),
            headers={"User-Agent": user_agent, "Accept": _ACCEPT, "Accept-Encoding": ACCEPTED},
            timeout=httpx.Timeout(self._limits.read, connect=self._limits.connect, pool=None),
            follow_redirects=False,
            trust_env=False,
        )

    async def __aenter__(self) -> Self:
        await self._client.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._client.__aexit__(kind, error, trace)

    async def fetch(self, url: str) -> Response:
        """The response of a GET with a 2xx status; retryable failures are tried again `limits.attempts` times in all.

        Raises:
            FetchError: no response within the limits, or another status.
        """
        retries = stamina.retry_context(
            on=_is_retryable, attempts=self._limits.attempts, timeout=None, wait_initial=0.5, wait_max=5.0
        )
        async for attempt in retries:
            with attempt:
                return await self._try(url)
        raise AssertionError("stamina ends with a result or the last error")

    async def _try(self, url: str) -> Response:
        try:
            return await self._follow(url)
        except TimeoutError as error:
            detail = f"no complete answer in {self._limits.whole:g} s; try again later"
            raise FetchError(url, "timeout", detail, retryable=True) from error
        except (httpx.HTTPError, httpx.InvalidURL, ForbiddenAddressError) as error:
            raise fetch_error(url, error) from error

    async def _follow(self, url: str) -> Response:
        target, seconds = url, self._limits.whole
        clock = asyncio.get_running_loop().time
        for _ in range(self._limits.redirects + 1):
            async with self._turns.turn(_checked_host(url, target)):
                started = clock()
                async with asyncio.timeout(seconds), self._client.stream("GET", target) as answer:
                    location = answer.headers.get("location")
                    if answer.status_code not in _REDIRECTS or not location:
                        return await self._response(url, answer)
                seconds -= clock() - started
            target = _joined(url, target, location)
        detail = f"more than {self._limits.redirects} redirects, the last to {target}; correct the address"
        raise FetchError(url, "protocol", detail)

    async def _response(self, url: str, answer: httpx.Response) -> Response:
        if not answer.is_success:
            raise status_error(url, answer)
        raw = await self._read(url, answer)
        try:
            encoding = answer.headers.get("content-encoding")
            body = decode_content(raw, encoding, limit=self._limits.body_bytes)
        except TooLargeError as error:
            raise FetchError(url, "too-large", f"{error}; raise the limit if it is meant") from error
        except ContentError as error:
            raise FetchError(url, "protocol", f"{error}; try again later", retryable=True) from error
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
        )

    async def _read(self, url: str, answer: httpx.Response) -> bytes:
        """The content as it came over the wire, read no further than the limit."""
        parts = bytearray()
        async for part in answer.aiter_raw():
            parts += part
            if len(parts) > self._limits.wire_bytes:
                detail = f"more than {self._limits.wire_bytes} bytes; raise the limit if it is meant"
                raise FetchError(url, "too-large", detail)
        return bytes(parts)


def _is_retryable(error: Exception) -> bool:
    return isinstance(error, FetchError) and error.retryable


def _checked_host(url: str, target: str) -> str:
    """Host and port of a target that is http or https."""
    try:
        parts = urlsplit(target)
        if parts.scheme.lower() in {"http", "https"} and parts.hostname:
            return parts.netloc.rpartition("@")[2].lower()
    except ValueError:
        pass
    what = "the address" if target == url else f"a redirect leads to {target!r}, which"
    raise FetchError(url, "protocol", f"{what} is no http or https address; correct it")


def _joined(url: str, target: str, location: str) -> str:
    try:
        return urljoin(target, location)
    except ValueError as error:
        detail = f"a redirect leads to {location!r}, which is no address; tell the publisher"
        raise FetchError(url, "protocol", detail) from error


def _text(headers: Sequence[tuple[bytes, bytes]]) -> tuple[tuple[str, str], ...]:
    return tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in headers)
