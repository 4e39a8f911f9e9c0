"""How a source fares after each poll, and when it is due again. What happened is a parameter; nothing is fetched here.

Four habits that others' users had to ask for: a 304 heals nothing, since it says nothing about what the source would
give; a feed that is valid and empty has not failed; a source is silent by its own rhythm and not by ours; and one that
is disabled is asked once a day all the same, so that it comes back by itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Literal

from pipeline.records import NO_VALIDATORS, SourceHealth, SourceState, Validators

SHORTEST, LONGEST = 300, 86_400
"""Seconds between two polls of a source."""

DISABLING_WEIGHT = 30.0
UNCONDITIONAL_EVERY = 10
"""Some servers repeat a validator after a change: every tenth request is unconditional."""

_WEIGHTS: Mapping[str, float] = {
    "status-410": 10.0, "status-404": 2.0, "status-401": 2.0, "status-403": 2.0,
    "not-a-feed": 2.0, "not-a-sitemap": 2.0, "not-a-channel": 2.0, "forbidden-address": 5.0, "too-large": 2.0,
    "status-429": 0.25, "asked-to-wait": 0.0, "robots": 2.0,
}  # fmt: skip
"""How much a failure counts by its kind: what says that the source is gone more, what says that we are too eager less;
all others 1."""

_KNOWN_GAPS = 5
_LATEST = 50
_QUIET_FOR = 3
"""A source is silent after so many times its longest usual gap …"""
_QUIET_AT_LEAST = 86_400
"""… but never before a day: a night is no silence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Poll:
    """What one poll brought.

    Attributes:
        outcome: `full` (something stands there), `empty` (valid and nothing in it), `same` (304) or `failed`.
        new: how many things in it were not known before.
        times: publication times of what stands there, for its rhythm.
        reason: of `failed`: its kind.
        problem: of `failed`: one line.
        retry_after: of `failed`: seconds after which the server wants to be asked again.
        moved_to: where permanent redirects led.
        validators: for the next request; empty when this pass left something undone.
        body_sha256: of the body, or None for 304 and failures.
        conditional: whether the request carried validators.
    """

    outcome: Literal["full", "empty", "same", "failed"]
    new: int = 0
    times: Sequence[datetime] = ()
    reason: str | None = None
    problem: str | None = None
    retry_after: float | None = None
    moved_to: str | None = None
    validators: Validators = NO_VALIDATORS
    body_sha256: str | None = None
    conditional: bool = False


def first_health(source_id: str, *, now: datetime) -> SourceHealth:
    """The state of a source that was never polled: due at once."""
    return SourceHealth(source_id=source_id, next_poll_at=now, state_since=now)


def asking(health: SourceHealth, url: str) -> tuple[str, Validators]:
    """Where to ask for the source at `url`, and with which validators.

    What was remembered of another address does not count: the sources file was changed since.
    """
    if health.asked_url != url:
        return url, NO_VALIDATORS
    fresh = health.etag_lies or health.conditional_polls >= UNCONDITIONAL_EVERY
    return health.moved_to or url, NO_VALIDATORS if fresh else health.validators


def after_poll(health: SourceHealth, poll: Poll, *, url: str, now: datetime) -> SourceHealth:
    """The health of the source at `url` after a poll that was made at `now`."""
    health = replace(health, polled_at=now, asked_url=url)
    if poll.outcome == "failed":
        return _failed(health, poll, now)
    health = _remembered(health, poll)
    if poll.outcome == "same":
        state = health.state if health.weight else _rhythmic(health, now)
        return _in_state(_due(health, now, quiet=True), state, now)
    health = replace(health, weight=0.0, problem=None, reason=None)
    if poll.outcome == "empty":
        return _in_state(_due(health, now, quiet=True), "empty", now)
    health = _with_rhythm(health, poll, now)
    return _in_state(_due(health, now, quiet=not poll.new), _rhythmic(health, now), now)


def _failed(health: SourceHealth, poll: Poll, now: datetime) -> SourceHealth:
    weight = health.weight + _WEIGHTS.get(poll.reason or "", 1.0)
    disabled = weight >= DISABLING_WEIGHT
    # What failed may have moved again, and what it said before may not hold.
    health = replace(
        health, weight=weight, problem=poll.problem, reason=poll.reason, moved_to=None, validators=NO_VALIDATORS
    )
    backed_off = min(health.interval * 2 ** min(weight, 6.0), LONGEST)
    wait = LONGEST if disabled else max(backed_off, min(poll.retry_after or 0.0, LONGEST))
    health = replace(health, next_poll_at=now + timedelta(seconds=wait))
    return _in_state(health, "disabled" if disabled else "failing", now)


def _remembered(health: SourceHealth, poll: Poll) -> SourceHealth:
    """With what the server said for the next request; whether its validators can be trusted shows here."""
    if poll.outcome == "same":
        return replace(health, conditional_polls=health.conditional_polls + 1, moved_to=poll.moved_to)
    repeated = bool(poll.validators) and poll.validators == health.validators and not poll.conditional
    return replace(
        health,
        moved_to=poll.moved_to,
        validators=poll.validators,
        conditional_polls=health.conditional_polls + 1 if poll.conditional else 0,
        etag_lies=health.etag_lies or (repeated and poll.body_sha256 != health.body_sha256),
        body_sha256=poll.body_sha256,
    )


def _with_rhythm(health: SourceHealth, poll: Poll, now: datetime) -> SourceHealth:
    """With its newest time and its longest usual gap, by its own dates, or by when we saw something new."""
    times = sorted({time for time in poll.times if time <= now})[-_LATEST:]
    newest = times[-1] if times else None
    if newest is None and poll.new:
        newest = now
    if newest is None or (health.newest_at and newest < health.newest_at):
        newest = health.newest_at
    gaps = [int((later - earlier).total_seconds()) for earlier, later in pairwise(times)]
    rhythm = max(gaps) if len(gaps) >= _KNOWN_GAPS else health.rhythm
    return replace(health, newest_at=newest, rhythm=rhythm)


def _rhythmic(health: SourceHealth, now: datetime) -> SourceState:
    if health.rhythm is None or health.newest_at is None:
        return "healthy" if health.state in {"failing", "disabled", "silent"} else health.state
    quiet = (now - health.newest_at).total_seconds()
    return "silent" if quiet > max(_QUIET_FOR * health.rhythm, _QUIET_AT_LEAST) else "healthy"


def _due(health: SourceHealth, now: datetime, *, quiet: bool) -> SourceHealth:
    interval = int(health.interval * 1.5) if quiet else health.interval // 2
    interval = min(max(interval, SHORTEST), LONGEST)
    return replace(health, interval=interval, next_poll_at=now + timedelta(seconds=interval))


def _in_state(health: SourceHealth, state: SourceState, now: datetime) -> SourceHealth:
    return health if health.state == state else replace(health, state=state, state_since=now)
