"""How much, how long and how often: the bounds of one fetch and of all fetches from one host."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchLimits:
    """The bounds of one fetch; times in seconds, sizes in bytes.

    Attributes:
        connect: until a connection stands.
        read: between two pieces of an answer.
        whole: for one try, redirects included and waiting for other fetches from the host not.
        wire_bytes: of an answer as it comes over the wire.
        body_bytes: of an answer with its content encoding removed.
        redirects: followed at most.
        attempts: tries in all when an error is retryable. Small on purpose: what still fails is tried again by the
            next pass, and around that by the orchestrator's retries.
        per_host: connections to one host at once.
    """

    connect: float = 10.0
    read: float = 20.0
    whole: float = 60.0
    wire_bytes: int = 10_000_000
    body_bytes: int = 40_000_000
    redirects: int = 10
    attempts: int = 2
    per_host: int = 2


class HostTurns:
    """Lets only so many fetches at once to one host (with its port); the others wait their turn."""

    def __init__(self, per_host: int) -> None:
        self._per_host = per_host
        self._turns: dict[str, asyncio.Semaphore] = {}

    @asynccontextmanager
    async def turn(self, host: str) -> AsyncIterator[None]:
        """Wait for a turn at `host` and hold it."""
        async with self._turns.setdefault(host, asyncio.Semaphore(self._per_host)):
            yield
