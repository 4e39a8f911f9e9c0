"""The robots.txt of each host, asked for once a day by whichever worker needs it first."""

from __future__ import annotations

import asyncio
import hashlib
import os
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from urllib.parse import urlsplit

from pipeline.errors import FetchError
from pipeline.ingest.robots import RobotsRules
from pipeline.records import Response

Witness = Callable[[Response], None]
_KEPT_FOR = 86_400.0


class Robots:
    """Who may fetch what.

    `agent` is the name by which sites address us; `ask` fetches an address and gives the body, or raises `FetchError`;
    `folder` keeps answers for other workers and later passes, None: for this process alone.
    """

    def __init__(self, agent: str, ask: Callable[[str, Witness], Awaitable[bytes]], folder: Path | None) -> None:
        self._agent = agent
        self._ask = ask
        self._folder = folder
        self._asked: dict[str, asyncio.Task[RobotsRules]] = {}

    async def delay_of(self, url: str, witness: Witness) -> float:
        """Check that `url` may be fetched; the seconds that its site wants between requests.

        `witness` is given the answer when it is this call that has to ask for it.

        Raises:
            FetchError: `robots`: the site asks not to. Any other: its robots.txt could not be had (a server's failure
                means that nothing may be fetched for now; RFC 9309, 2.3.1.4).
        """
        parts = urlsplit(url)
        site = f"{parts.scheme.lower()}://{parts.netloc.rpartition('@')[2].lower()}"
        if site not in self._asked:
            self._asked[site] = asyncio.create_task(self._rules(site, witness))
        try:
            rules = await asyncio.shield(self._asked[site])
        except FetchError as error:
            detail = f"its robots.txt cannot be had ({str(error).removeprefix(f'{error.url}: ')})"
            failure = FetchError(url, error.reason, detail, status=None, retryable=False)
            failure.retry_after = error.retry_after
            raise failure from error
        if not rules.may_fetch(url, self._agent):
            raise FetchError(url, "robots", f"{site}/robots.txt asks {self._agent} not to fetch it; nothing to do")
        return rules.delay(self._agent)

    async def close(self) -> None:
        """End what is still being asked for."""
        for task in self._asked.values():
            task.cancel()
        await asyncio.gather(*self._asked.values(), return_exceptions=True)

    async def _rules(self, site: str, witness: Witness) -> RobotsRules:
        kept = self._folder / f"{hashlib.sha256(site.encode()).hexdigest()[:20]}.robots" if self._folder else None
        body = _read(kept)
        if body is None:
            try:
                body = await self._ask(f"{site}/robots.txt", witness)
            except FetchError as error:
                # Who has none, or forbids even that, forbids nothing.
                if error.status is None or error.status >= 500 or error.status == 429:
                    raise
                body = b""
            _write(kept, body)
        return RobotsRules(body)


def _read(path: Path | None) -> bytes | None:
    try:
        if path is None or time.time() - path.stat().st_mtime > _KEPT_FOR:
            return None
        return path.read_bytes()
    except OSError:
        return None


def _write(path: Path | None, body: bytes) -> None:
    if path is not None:
        temporary = path.with_suffix(f".{os.getpid()}")
        temporary.write_bytes(body)
        temporary.replace(path)
