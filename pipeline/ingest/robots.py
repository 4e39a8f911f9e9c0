"""What a site's robots.txt asks of guests (RFC 9309). Fetching it, and what a missing one means, stays out."""

from __future__ import annotations

from protego import Protego

from pipeline.ingest.charset import decode

_LONGEST = 512_000
"""Bytes that are read; RFC 9309 asks for at least 500 KiB."""

_SLOWEST = 60.0


class RobotsRules:
    """The rules of one site. Rules that cannot be read forbid nothing."""

    def __init__(self, body: bytes) -> None:
        try:
            self._rules = Protego.parse(decode(body[:_LONGEST], None))
        except Exception:  # noqa: BLE001  (whatever a parser of other people's text may raise)
            self._rules = Protego.parse("")

    def may_fetch(self, url: str, agent: str) -> bool:
        """Whether `agent` may fetch `url`."""
        try:
            return bool(self._rules.can_fetch(url, agent))
        except ValueError:
            return True

    def delay(self, agent: str) -> float:
        """Seconds that the site wants between two requests, at most a minute; 0 when it says nothing."""
        return min(float(self._rules.crawl_delay(agent) or 0.0), _SLOWEST)
