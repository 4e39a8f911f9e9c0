"""Turns at a host, shared by all workers of a machine: so many connections at once, so much time between requests.

A worker holds a connection by the lock of a file, which ends with the process whatever ends it; the time of the next
request stands in a file of its own. Where no folder is given, the turns are those of this process alone.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path
from typing import Any, Self

from pipeline.adapters.http.limits import FetchLimits
from pipeline.adapters.http.manners import lock

_LOOK_AGAIN = 0.05
"""Seconds between two looks at connections that other workers hold."""

_LONGEST_PAUSE = 86_400.0
"""A time further away than this was written by a clock that was wrong, or by a server that wants us gone for good."""


class HostBusyError(Exception):
    """The host asked for a pause that ends later than anybody wants to wait; `seconds` says when it ends."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        super().__init__(f"the host wants to be left alone for {seconds:.0f} s more")


class Turn:
    """A held turn. `asked()` says that the request went out just now, from which the interval counts."""

    def __init__(self, asked: Callable[[], None]) -> None:
        self.asked = asked

    async def trace(self, event: str, info: dict[str, Any]) -> None:  # noqa: ARG002  (httpcore's signature)
        """Hears httpcore's steps."""
        if event.endswith("send_request_headers.complete"):
            self.asked()


class HostTurns:
    """Who may ask which host when.

    `folder` is shared by the workers of a machine, None for this process alone. `limits` say how many connections,
    how many seconds between two requests, how long a pause is waited for, and how many fetches are under way at once.
    """

    def __init__(self, folder: Path | None, limits: FetchLimits) -> None:
        self._folder = folder
        self._limits = limits
        self._under_way = asyncio.Semaphore(limits.at_once)
        self._held: dict[str, asyncio.Semaphore] = {}
        self._next: dict[str, asyncio.Lock] = {}
        self._clocks: dict[str, _Clock] = {}
        self._delays: dict[str, float] = {}

    @asynccontextmanager
    async def turn(self, host: str) -> AsyncIterator[Turn]:
        """Wait for a turn at `host` and hold it.

        Raises:
            HostBusyError: the host asked for a longer pause.
        """
        interval = max(self._limits.interval, self._delays.get(host, 0.0))
        async with self._held.setdefault(host, asyncio.Semaphore(self._limits.per_host)), AsyncExitStack() as stack:
            if (connection := await self._connection(host)) is not None:
                stack.callback(os.close, connection)
            # Nobody else takes the host's next time until this request has left, however long that takes.
            waiting = await stack.enter_async_context(_Once(self._next.setdefault(host, asyncio.Lock())))
            await self._wait(host, interval, stack)

            def asked() -> None:
                self._clock(host).put_off(interval)
                waiting.release()

            yield Turn(asked)

    async def _wait(self, host: str, interval: float, stack: AsyncExitStack) -> None:
        """Wait until the host may be asked, and a fetch may be under way; only then its time is taken."""
        clock = self._clock(host)
        while True:
            wait = clock.left()
            if wait > self._limits.patience + interval:
                raise HostBusyError(wait)
            if wait > 0:
                await asyncio.sleep(wait)
                continue
            await self._under_way.acquire()
            if clock.take(interval):
                stack.callback(self._under_way.release)
                return
            self._under_way.release()

    def rest(self, host: str, seconds: float) -> None:
        """Leave `host` alone for so long."""
        self._clock(host).put_off(min(seconds, _LONGEST_PAUSE))

    def slow_down(self, host: str, interval: float) -> None:
        """Let at least `interval` seconds pass between two requests to `host`: its own wish."""
        self._delays[host] = interval

    def _clock(self, host: str) -> _Clock:
        if host not in self._clocks:
            self._clocks[host] = _Clock(self._path(host, "next"))
        return self._clocks[host]

    def _path(self, host: str, what: str) -> Path | None:
        name = hashlib.sha256(host.encode()).hexdigest()[:20]
        return self._folder / f"{name}.{what}" if self._folder else None

    async def _connection(self, host: str) -> int | None:
        """The lock of one of the host's connections, as a descriptor to close; None without a folder."""
        paths = [path for number in range(self._limits.per_host) if (path := self._path(host, str(number)))]
        while paths:
            for path in paths:
                if (descriptor := lock(path, wait=False)) is not None:
                    return descriptor
            await asyncio.sleep(_LOOK_AGAIN)
        return None


class _Clock:
    """When one host may be asked next, in seconds of the system's clock, which all processes share."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._next = 0.0

    def left(self) -> float:
        """Seconds until the host may be asked."""
        return _left(self._change(lambda due: due))

    def take(self, interval: float) -> bool:
        """Whether the host may be asked now; then the time of the next is set."""
        due = self._change(lambda due: due if _left(due) else time.time() + interval)
        return not _left(due)

    def put_off(self, seconds: float) -> None:
        """Not before so many seconds from now."""
        self._change(lambda due: max(due, time.time() + seconds))

    def _change(self, change: Callable[[float], float]) -> float:
        """Change the time, nobody else meanwhile; the time before."""
        if self._path is None:
            due, self._next = self._next, change(self._next)
            return due
        if (descriptor := lock(self._path, wait=True)) is None:
            raise AssertionError("a lock that is waited for is got")
        try:
            due = 0.0
            with suppress(ValueError):
                due = float(os.pread(descriptor, 32, 0))
            changed = change(due)
            if changed != due:
                os.pwrite(descriptor, f"{changed:<31.6f}\n".encode(), 0)
            return due
        finally:
            os.close(descriptor)


def _left(due: float) -> float:
    """Seconds until then; a clock that was set back must not silence a host for longer than the longest pause."""
    left = due - time.time()
    return left if 0 < left <= _LONGEST_PAUSE else 0.0


class _Once:
    """A lock that is released by hand, or at the end."""

    def __init__(self, lock: asyncio.Lock) -> None:
        self._lock = lock
        self._is_held = False

    async def __aenter__(self) -> Self:
        await self._lock.acquire()
        self._is_held = True
        return self

    async def __aexit__(self, *_: object) -> None:
        self.release()

    def release(self) -> None:
        """Let the next one have it."""
        if self._is_held:
            self._is_held = False
            self._lock.release()
