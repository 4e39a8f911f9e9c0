"""What is told now: of what is due for one subscription, which mails are made, what waits, what is kept quiet.

Pure: what is due, what went out lately, the silences and the time are parameters. A plan that is carried out and made
again is empty, so that it does not matter how often or when the job runs.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from pipeline.alerts.schedule import is_quiet, period_ended
from pipeline.records import Item, Silence, Statement, Subscription
from pipeline.records.alert import AlertKind, Schedule
from pipeline.records.identity import content_id

_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recent:
    """A mail that was made lately.

    Attributes:
        created_at: when, UTC.
        kind: of the alert.
        thread: as in `Item`.
    """

    created_at: datetime
    kind: AlertKind
    thread: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """One mail to make.

    Attributes:
        kind: alert, digest or correction.
        items: what it tells.
        thread: by what they were grouped; empty: by nothing.
        period: of a digest.
        follows: of a correction: the Message-ID of the mail that it corrects.
    """

    kind: AlertKind
    items: tuple[Item, ...]
    thread: str = ""
    period: tuple[datetime, datetime] | None = None
    follows: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What to do for one subscription.

    Attributes:
        mails: to make, in order.
        silenced: (item, silence id) that no mail will tell.
        waiting: items that stay due, for a period's end, the quiet hours, the repeat interval or the cap.
        notice: whether to say that the cap is reached, with how many items wait for it.
    """

    mails: tuple[Planned, ...] = ()
    silenced: tuple[tuple[Item, str], ...] = ()
    waiting: int = 0
    notice: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What a plan depends on besides what is due.

    Attributes:
        recent: mails of the subscription of the last hour, and of the last repeat interval.
        silences: those that are in force.
    """

    recent: Sequence[Recent] = ()
    silences: Sequence[Silence] = field(default=())


def thread_of(subscription: Subscription, statement: Statement) -> str:
    """By what a statement is grouped for a subscription: the identity of its group (and target), or nothing."""
    grouping = subscription.schedule.grouping
    if grouping == "all":
        return ""
    target = " ".join((statement.target or "").split()).casefold() if grouping == "group-and-target" else None
    return content_id("thread", statement.group, target)


def plan(subscription: Subscription, due: Sequence[Item], around: Surroundings, *, now: datetime) -> Plan:
    """The mails to make at `now` of what is due for a subscription."""
    silenced = [(item, by) for item in due if (by := _silence(subscription, item, around.silences, now))]
    kept_quiet = {(item.statement_id, item.sequence) for item, _ in silenced}
    left = [item for item in due if (item.statement_id, item.sequence) not in kept_quiet]
    schedule = subscription.schedule
    if is_quiet(schedule, now):
        return Plan(silenced=tuple(silenced), waiting=len(left))
    wanted = [*_corrections(left), *_told(schedule, left, around.recent, now)]
    mails, capped = _within_cap(schedule, wanted, around.recent, now)
    told = sum(len(mail.items) for mail in mails)
    return Plan(mails=mails, silenced=tuple(silenced), waiting=len(left) - told, notice=capped)


def _silence(subscription: Subscription, item: Item, silences: Sequence[Silence], now: datetime) -> str | None:
    for each in silences:
        if (
            each.starts_at <= now < each.ends_at
            and each.subscription_id in {None, subscription.subscription_id}
            and each.group in {None, item.group}
            and each.label in {None, item.label}
        ):
            return each.silence_id
    return None


def _corrections(due: Sequence[Item]) -> Iterator[Planned]:
    """One for each mail that told what changed, so that it stays with that mail."""
    follow_ups: dict[str, list[Item]] = defaultdict(list)
    for item in due:
        if item.sequence and item.follows:
            follow_ups[item.follows].append(item)
    for follows, items in follow_ups.items():
        yield Planned(kind="correction", items=tuple(items), thread=items[0].thread, follows=follows)


def _told(schedule: Schedule, due: Sequence[Item], recent: Sequence[Recent], now: datetime) -> Iterator[Planned]:
    stated = [item for item in due if item.sequence == 0]
    if period := period_ended(schedule, now):
        ready = tuple(item for item in stated if item.matched_at < period[1])
        if ready:
            yield Planned(kind="digest", items=ready, period=period)
        return
    resting = {each.thread for each in recent if each.kind == "alert" and each.created_at + schedule.repeat_after > now}
    groups: dict[str, list[Item]] = defaultdict(list)
    for item in stated:
        groups[item.thread].append(item)
    for thread, items in groups.items():
        if thread not in resting:
            yield Planned(kind="alert", items=tuple(items), thread=thread)


def _within_cap(
    schedule: Schedule, wanted: Sequence[Planned], recent: Sequence[Recent], now: datetime
) -> tuple[tuple[Planned, ...], int]:
    """The mails that the cap leaves, and how many items wait for it.

    The last mail that it leaves takes all further statements with it: a burst of many groups is told at once.
    """
    made = sum(1 for each in recent if each.kind != "notice" and each.created_at > now - _HOUR)
    room = schedule.mails_per_hour - made
    if len(wanted) <= room:
        return tuple(wanted), 0
    if room <= 0:
        return (), sum(len(mail.items) for mail in wanted)
    first, rest = list(wanted[: room - 1]), wanted[room - 1 :]
    alerts = [mail for mail in rest if mail.kind == "alert"]
    if alerts:
        first.append(Planned(kind="alert", items=tuple(item for mail in alerts for item in mail.items)))
    else:
        first.append(rest[0])
    told = {(item.statement_id, item.sequence) for mail in first for item in mail.items}
    left = [item for mail in rest for item in mail.items if (item.statement_id, item.sequence) not in told]
    return tuple(first), len(left)
