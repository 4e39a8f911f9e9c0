"""How a source fares, and what its server said that the next request needs to know."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

SourceState = Literal["healthy", "empty", "failing", "silent", "disabled"]
SOURCE_STATES: tuple[SourceState, ...] = ("healthy", "empty", "failing", "silent", "disabled")


@dataclass(frozen=True, slots=True, kw_only=True)
class Validators:
    """What a conditional request carries: the server's own words, sent back as they came."""

    etag: str | None = None
    last_modified: str | None = None

    def __bool__(self) -> bool:
        """Whether there is anything to send."""
        return bool(self.etag or self.last_modified)


NO_VALIDATORS = Validators()


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceHealth:
    """The state of one source, carried from poll to poll.

    Attributes:
        source_id: whose.
        state: `healthy`, `empty` (valid, and nothing in it), `failing`, `silent` (it breaks its own rhythm) or
            `disabled` (only probed, once a day, until it gives something again).
        state_since: UTC; when it came into that state.
        weight: failures since it last gave something, each counted by what it means; at 30 it is disabled.
        polled_at: UTC; the last poll, or None before the first.
        next_poll_at: UTC; when it is due.
        interval: seconds between polls as its changes ask for, from five minutes to a day.
        newest_at: UTC; when it last brought something new, by its own dates where it has them.
        rhythm: the longest of its latest gaps between new things, in seconds, or None while too few are known.
        problem: the last failure in one line, or None since it last gave something.
        reason: that failure's kind (`timeout`, `status-503`, `not-a-feed`), or None.
        asked_url: the address in the sources file to which `moved_to` and the validators belong.
        moved_to: where permanent redirects lead, or None.
        validators: of the last complete pass; empty when the next request must be unconditional.
        conditional_polls: conditional requests since the last unconditional one.
        body_sha256: of the last body, or None.
        etag_lies: the server once repeated a validator after a change; it is never asked conditionally again.
    """

    source_id: str
    next_poll_at: datetime
    state_since: datetime
    state: SourceState = "healthy"
    weight: float = 0.0
    polled_at: datetime | None = None
    interval: int = 900
    newest_at: datetime | None = None
    rhythm: int | None = None
    problem: str | None = None
    reason: str | None = None
    asked_url: str | None = None
    moved_to: str | None = None
    validators: Validators = NO_VALIDATORS
    conditional_polls: int = 0
    body_sha256: str | None = None
    etag_lies: bool = False
