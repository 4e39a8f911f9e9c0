"""GET, with redirects followed by hand so that each is checked. What to fetch and when is for the jobs."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import urljoin, urlsplit

import httpx
import stamina

from pipeline.adapters.content import ACCEPTED
from pipeline.adapters.http.addresses import AddressRules, ForbiddenAddressError, GuardedTransport
from pipeline.adapters.http.answers import PERMANENT, REDIRECTS, read_answer, retry_after
from pipeline.adapters.http.failures import fetch_error, status_error
from pipeline.adapters.http.limits import FetchLimits
from pipeline.adapters.http.manners import tidy_up_today
from pipeline.adapters.http.robots import Robots, Witness
from pipeline.adapters.http.turns import HostBusyError, HostTurns
from pipeline.errors import FetchError, SettingsError
from pipeline.records import Response, Validators

_ACCEPT = "application/rss+xml, application/atom+xml, application/feed+json, text/html, */*;q=0.8"


@dataclass(frozen=True, slots=True)
class _Asked:
    """One thing to fetch, over all its redirects and tries."""

    url: str
    witness: Witness
    validators: Validators
    as_page: bool


class HttpFetcher:
    """The port `Fetcher` over HTTP/1.1. An async context manager: connections live as long as it is open.

    `user_agent` names the project and a contact; its first word, up to `/`, is the name in robots.txt.
    `allow_addresses` are networks (CIDR) that may be fetched although they are not public: tests, intranets.
    `manners` is a folder through which the workers of a machine take turns at hosts; None: this process alone.

    Raises:
        SettingsError: `allow_addresses` holds what is no network, or the folder cannot be made.
    """

    def __init__(
        self,
        *,
        user_agent: str,
        allow_addresses: Sequence[str] = (),
        limits: FetchLimits | None = None,
        manners: Path | None = None,
    ) -> None:
        self._limits = limits or FetchLimits()
        _make(manners)
        self._manners = manners
        self._turns = HostTurns(manners, self._limits)
        self._robots = Robots(user_agent.partition("/")[0], self._robots_txt, manners)
        self._client = httpx.AsyncClient(
            transport=GuardedTransport(AddressRules(allow_addresses), connections=self._limits.at_once),
            headers={"User-Agent": user_agent, "Accept": _ACCEPT, "Accept-Encoding": ACCEPTED},
            timeout=httpx.Timeout(self._limits.read, connect=self._limits.connect, pool=None),
            follow_redirects=False,
            trust_env=False,
        )

    async def __aenter__(self) -> Self:
        if self._manners is not None:
            await asyncio.to_thread(tidy_up_today, self._manners)
        await self._client.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._robots.close()
        await self._client.__aexit__(kind, error, trace)

    async def fetch(
        self, url: str, *, witness: Witness, validators: Validators | None = None, as_page: bool = False
    ) -> Response:
        """The response of a GET: a success, or 304 where `validators` were sent.

        Retryable failures are tried again `limits.attempts` times in all. `witness` is given every other answer that
        came on the way, redirects, errors and robots.txt included. `as_page` honours robots.txt.

        Raises:
            FetchError: no response within the limits, or another status.
        """
        asked = _Asked(url, witness, validators or Validators(), as_page)
        retries = stamina.retry_context(
            on=_is_worth_another_try, attempts=self._limits.attempts, timeout=None, wait_initial=0.5, wait_max=5.0
        )
        async for attempt in retries:
            with attempt:
                return await self._try(asked)
        raise AssertionError("stamina ends with a result or the last error")

    async def _try(self, asked: _Asked) -> Response:
        try:
            return await self._follow(asked)
        except TimeoutError as error:
            detail = f"no complete answer in {self._limits.whole:g} s; try again later"
            raise FetchError(asked.url, "timeout", detail, retryable=True) from error
        except HostBusyError as error:
            busy = FetchError(asked.url, "asked-to-wait", f"{error}; the next pass tries again", retryable=True)
            busy.retry_after = error.seconds
            raise busy from error
        except (httpx.HTTPError, httpx.InvalidURL, ForbiddenAddressError) as error:
            raise fetch_error(asked.url, error) from error

    async def _follow(self, asked: _Asked) -> Response:
        target, seconds, moved, still_permanent = asked.url, self._limits.whole, None, True
        clock = asyncio.get_running_loop().time
        for _ in range(self._limits.redirects + 1):
            host = _checked_host(asked.url, target)
            if asked.as_page:
                self._turns.slow_down(host, await self._robots.delay_of(target, asked.witness))
            async with self._turns.turn(host) as turn:
                started = clock()
                async with asyncio.timeout(seconds):
                    response, problem = await self._ask(asked, target, turn.trace)
                seconds -= clock() - started
            location = response.header("location") if response.status in REDIRECTS else None
            if problem or not location:
                return self._judged(asked, host, replace(response, moved_to=moved), problem)
            asked.witness(response)
            target = _joined(asked.url, target, location)
            still_permanent = still_permanent and response.status in PERMANENT
            moved = target if still_permanent else moved
        detail = f"more than {self._limits.redirects} redirects, the last to {target}; correct the address"
        raise FetchError(asked.url, "protocol", detail)

    async def _ask(self, asked: _Asked, target: str, trace: object) -> tuple[Response, FetchError | None]:
        headers = {
            "If-None-Match": asked.validators.etag,
            "If-Modified-Since": asked.validators.last_modified,
        }
        sent = {name: value for name, value in headers.items() if value}
        async with self._client.stream("GET", target, headers=sent, extensions={"trace": trace}) as answer:
            return await read_answer(asked.url, answer, self._limits)

    def _judged(self, asked: _Asked, host: str, response: Response, problem: FetchError | None) -> Response:
        """The response if it is what was asked for; else it is witnessed and the error raised."""
        if problem is None and (200 <= response.status < 300 or (response.status == 304 and asked.validators)):
            return response
        if response.status <= 599:
            asked.witness(response)
        error = problem or status_error(asked.url, response)
        error.retry_after = retry_after(response) if response.status in {429, 503} else None
        if error.retry_after:
            self._turns.rest(host, error.retry_after)
        raise error

    async def _robots_txt(self, url: str, witness: Witness) -> bytes:
        response = await self._try(_Asked(url, witness, Validators(), as_page=False))
        witness(response)
        return response.body


def _make(folder: Path | None) -> None:
    try:
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise SettingsError(f"{folder}: cannot be made ({error.strerror}); name another place in BAYAN_VAR") from error


def _is_worth_another_try(error: Exception) -> bool:
    return isinstance(error, FetchError) and error.retryable and error.retry_after is None


def _checked_host(url: str, target: str) -> str:
    """The host of a target that is http or https, with a port that is not the usual one."""
    try:
        parts = urlsplit(target)
        scheme = parts.scheme.lower()
        if scheme in {"http", "https"} and parts.hostname:
            usual = parts.port in {None, 80, 443}
            return parts.hostname if usual else f"{parts.hostname}:{parts.port}"
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
