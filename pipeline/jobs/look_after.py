"""What in the figures of the house needs a person, and telling those who run it: grouped, never a storm of mails."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from pipeline.alerts.notices import notices_mail
from pipeline.jobs.ports import Mailer
from pipeline.records import SourceHealth
from pipeline.records.figures import Figures
from pipeline.records.notice import Notice

FAILING_FOR = timedelta(hours=24)
"""A source that fails is told when it does so for a day; silent and disabled ones by who collects, at once."""

BACKLOG_AFTER = timedelta(hours=1)
"""A mail that waits longer than the two runs of `alert` in an hour did not merely meet a busy server."""

HELD_AT_LEAST = 20
HELD_TIMES = 3
"""The quarantine grows when a day holds at least so many, and so many times a usual day."""


class Memory(Protocol):
    """What was told when: kept outside of the warehouse, since that may be the trouble."""

    def told_at(self, key: str) -> datetime | None: ...

    def remember(self, key: str, *, now: datetime) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Whom to tell, and how.

    Attributes:
        mailer: the server.
        sender: From.
        recipients: mail addresses; with none, nothing is sent.
        memory: what was told when.
        repeat_hours: the same trouble is told again after so long.
    """

    mailer: Mailer
    sender: str
    recipients: Sequence[str]
    memory: Memory
    repeat_hours: int = 24


def tell(notices: Sequence[Notice], *, desk: Desk, now: datetime) -> tuple[Notice, ...]:
    """One mail about those that were not told lately; those that it tells.

    Raises:
        MailError: the mail was accepted for nobody; it is told with the next call.
    """
    lately = now - timedelta(hours=desk.repeat_hours)
    fresh = {each.key: each for each in notices if not _since(desk.memory.told_at(each.key), lately)}
    if not fresh or not desk.recipients:
        return ()
    mail = notices_mail(
        list(fresh.values()),
        sender=desk.sender,
        recipients=desk.recipients,
        repeat_hours=desk.repeat_hours,
        now=now,
    )
    desk.mailer.send(mail)
    for key in fresh:
        desk.memory.remember(key, now=now)
    return tuple(fresh.values())


class Troubled(Protocol):
    """A source that is silent or disabled."""

    @property
    def name(self) -> str: ...
    @property
    def url(self) -> str: ...
    @property
    def health(self) -> SourceHealth: ...


class HealthStore(Protocol):
    """What telling of sources needs of the warehouse."""

    def untold_health(self) -> Sequence[Troubled]:
        """Sources that went silent or were disabled since the operators were told of them."""
        ...

    def mark_told(self, source_ids: Sequence[str], *, now: datetime) -> None: ...


@dataclass(frozen=True, slots=True)
class HealthMemory:
    """A `Memory` of sources: the warehouse notes beside the health of each when it was told."""

    store: HealthStore

    def told_at(self, key: str) -> datetime | None:  # noqa: ARG002 - what `untold_health` names is untold
        return None

    def remember(self, key: str, *, now: datetime) -> None:
        self.store.mark_told([key.split("/")[1]], now=now)


def bad_sources(troubled: Sequence[Troubled]) -> list[Notice]:
    """A notice for each source that is silent or disabled."""
    return [
        Notice(
            key=f"source/{one.health.source_id}/{one.health.state}",
            title=f"source {one.health.source_id} ({' '.join(one.name.split())}) is {one.health.state}",
            reason=f"since {_at(one.health.state_since)}: {one.health.problem or _nothing_since(one.health)}",
            remedy=f"bayan sources check {one.health.source_id}; correct it in the sources file, or set enabled: false",
            link=one.url,
        )
        for one in troubled
    ]


def _nothing_since(health: SourceHealth) -> str:
    return "nothing new since " + (_at(health.newest_at) if health.newest_at else "it is known")


def notices_of(figures: Figures, *, board: str | None = None) -> list[Notice]:
    """What needs a person; `board` is the address of the operators' page."""
    found = (_held_batches, _failing_sources, _growing_quarantine, _backlog, _given_up)
    return [notice for each in found for notice in each(figures, board)]


def _held_batches(figures: Figures, link: str | None) -> Iterator[Notice]:
    for held in {(each.of, each.expectation): each for each in figures.batches_held}.values():
        it = f"bayan quarantine retry {held.quarantine_id}" if held.quarantine_id else "bayan quarantine retry"
        yield Notice(
            key=f"batch/{held.of}/{held.expectation}",
            title=f"a batch of {held.of} was held by the gate",
            reason=f"{held.expectation}: observed {held.observed or 'nothing that holds'} at {_at(held.held_at)}",
            remedy=f"mend the source or the expectation, then {it} (with --accept when it is in order) and run analyse",
            link=link,
        )


def _failing_sources(figures: Figures, link: str | None) -> Iterator[Notice]:
    for source in figures.sources:
        lasts = source.state_since is not None and figures.at - source.state_since > FAILING_FOR
        if source.state == "failing" and lasts:
            since = "nothing ever" if source.last_success_at is None else f"nothing since {_at(source.last_success_at)}"
            yield Notice(
                key=f"source/{source.source_id}/{source.state}",
                title=f"source {source.source_id} is {source.state}",
                reason=f"{since}: {source.problem}",
                remedy="open its address; correct it in the sources file, or set enabled: false",
                link=link,
            )


def _growing_quarantine(figures: Figures, link: str | None) -> Iterator[Notice]:
    usual = figures.held_week_before / 7
    if figures.held_last_day >= max(HELD_AT_LEAST, HELD_TIMES * usual):
        yield Notice(
            key="quarantine",
            title="the quarantine grows",
            reason=f"{figures.held_last_day} held in a day, {usual:.1f} a day in the week before",
            remedy="look at the commonest reason; mend its cause, then retry what is held",
            link=link,
        )


def _backlog(figures: Figures, link: str | None) -> Iterator[Notice]:
    if figures.waiting_since and figures.at - figures.waiting_since > BACKLOG_AFTER:
        yield Notice(
            key="outbox",
            title=f"{figures.waiting} alert mail(s) wait",
            reason=f"the oldest since {_at(figures.waiting_since)}",
            remedy="see the log of the DAG alert: the mail server is away or puts them off",
            link=link,
        )


def _given_up(figures: Figures, link: str | None) -> Iterator[Notice]:
    if figures.given_up:
        yield Notice(
            # Its number is part of it: one more is news.
            key=f"given-up/{figures.given_up}",
            title=f"{figures.given_up} alert mail(s) were refused for good",
            reason="the server will take them for none of their recipients",
            remedy="correct the recipients of the subscription: bayan alerts preview shows what would go out",
            link=link,
        )


def _since(told_at: datetime | None, lately: datetime) -> bool:
    return told_at is not None and told_at > lately


def _at(when: datetime) -> str:
    return f"{when:%Y-%m-%d %H:%M} UTC"
