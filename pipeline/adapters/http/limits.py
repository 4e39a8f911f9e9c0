"""How much, how long and how often: the bounds of one fetch and of all fetches from one host."""

from __future__ import annotations

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
        error_bytes: of an answer that is no success; what is longer is archived without its content.
        redirects: followed at most.
        attempts: tries in all when an error is retryable. Small on purpose: what still fails is tried again by the
            next pass, and around that by the orchestrator's retries.
        per_host: connections to one host at once, over all workers of a machine.
        interval: seconds between two requests to one host, over all workers of a machine.
        patience: how long a fetch waits for its turn after a host asked for a pause; a longer pause is a failure.
        at_once: fetches under way at once, over all hosts.
    """

    connect: float = 10.0
    read: float = 20.0
    whole: float = 60.0
    wire_bytes: int = 10_000_000
    body_bytes: int = 40_000_000
    error_bytes: int = 1_000_000
    redirects: int = 10
    attempts: int = 2
    per_host: int = 2
    interval: float = 5.0
    patience: float = 60.0
    at_once: int = 200
