"""Turns at a host, shared by all workers of a machine: so many connections at once, so much time between requests.

A worker holds a connection by the lock of a file, which ends with the process whatever ends it; the time of the next
request stands in a file of its own. Where no folder is given, the turns are those of this process alone.
"""

from __future__ import annotations

import asyncio
import fcntl
import hashlib
import os
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

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
    """A held turn; `asked()` says that the request went out just now, from which the interval counts."""

    def __init__(self, asked: Callable[[], None]) -> None:
        self.asked = asked

    async def trace(self, event: str, info: dict[str, Any]) -> None:  # noqa: ARG002  (httpcore's signature)
        """Hears httpcore's steps."""
        if event.endswith("send_request_headers.complete"):
            self.asked()


class HostTurns:
    """Who may ask which host when.

    `folder` is shared by the workers of a machine, None for this process alone; `per_host` connections, `interval`
    seconds between two requests, `patience` seconds of waiting for a pause that the host asked for.
    """

    def __init__(self, folder: Path | None, *, per_host: int, interval: float, patience: float) -> None:
        self._folder = folder
        self._per_host = per_host
        self._interval = interval
        self._patience = patience
        self._held: dict[str, asyncio.Semaphore] = {}
        self._clocks: dict[str, _Clock] = {}
        self._delays: dict[str, float] = {}

    @asynccontextmanager
    async def turn(self, host: str) -> AsyncIterator[Turn]:
        """Wait for a turn at `host` and hold it.

        Raises:
            HostBusyError: the host asked for a longer pause.
        """
        async with self._held.setdefault(host, asyncio.Semaphore(self._per_host)):
            connection = await self._connection(host)
            try:
                clock = self._clock(host)
                interval = max(self._interval, self._delays.get(host, 0.0))
                while (wait := clock.take(interval)) > 0:
                    if wait > self._patience + interval:
                        raise HostBusyError(wait)
                    await asyncio.sleep(wait)
                yield Turn(lambda: clock.put_off(interval))
            finally:
                if connection is not None:
                    os.close(connection)

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
        paths = [path for number in range(self._per_host) if (path := self._path(host, str(number)))]
        while paths:
            for path in paths:
                descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
                try:
                    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except OSError:
                    os.close(descriptor)
                else:
                    return descriptor
            await asyncio.sleep(_LOOK_AGAIN)
        return None


class _Clock:
    """When one host may be asked next, in seconds of the system's clock, which all processes share."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._next = 0.0

    def take(self, interval: float) -> float:
        """0 when the host may be asked now, and the time of the next is set; else the seconds to wait."""
        wait = 0.0

        def change(due: float) -> float:
            nonlocal wait
            now = time.time()
            # A clock that was set back must not silence a host for longer than the longest pause.
            wait = due - now if now < due <= now + _LONGEST_PAUSE else 0.0
            return due if wait else now + interval

        self._change(change)
        return wait

    def put_off(self, seconds: float) -> None:
        """Not before so many seconds from now."""
        self._change(lambda due: max(due, time.time() + seconds))

    def _change(self, change: Callable[[float], float]) -> None:
        if self._path is None:
            self._next = change(self._next)
            return
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            due = 0.0
            with suppress(ValueError):
                due = float(os.pread(descriptor, 32, 0))
            changed = change(due)
            if changed != due:
                os.pwrite(descriptor, f"{changed:<31.6f}\n".encode(), 0)
        finally:
            os.close(descriptor)
