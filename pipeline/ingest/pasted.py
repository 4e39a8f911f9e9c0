"""Addresses that a person pasted: one a line or separated by blanks, each once."""

from __future__ import annotations

from urllib.parse import urlsplit

from pipeline.errors import UsageError
from pipeline.records import Source
from pipeline.records.identity import content_id

AT_MOST = 200


def pasted_sources(text: str) -> tuple[Source, ...]:
    """A source of one page for each address, which no schedule collects.

    Raises:
        UsageError: there is none, there are too many, or something is no address; all that is wrong in one line.
    """
    addresses = list(dict.fromkeys(text.split()))
    if wrong := [address for address in addresses if not _is_address(address)]:
        raise UsageError(f"no http or https address: {', '.join(wrong[:5])}; paste whole addresses, one a line")
    if not addresses:
        raise UsageError("no address was given; paste at least one, such as https://outlet.example/story")
    if len(addresses) > AT_MOST:
        raise UsageError(f"{len(addresses)} addresses were given; paste at most {AT_MOST} at a time")
    return tuple(_source(address) for address in addresses)


def _source(address: str) -> Source:
    return Source(
        source_id=f"by-hand-{content_id('by-hand', address)[:16]}",
        kind="page",
        url=address,
        name=f"by hand: {urlsplit(address).hostname}"[:200],
        enabled=False,
    )


def _is_address(address: str) -> bool:
    try:
        parts = urlsplit(address)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
