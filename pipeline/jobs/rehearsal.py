"""What a subscription would have sent: its wishes and its schedule held against what the warehouse recorded.

Nothing is read but statements with their time of recording, and nothing is changed. Silences are left out: the
question is what the subscription asks for. Time runs in steps of a quarter of an hour, as a run of the job may come.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from pipeline.alerts import Planned, Recent, Registry, Surroundings, plan
from pipeline.alerts.schedule import period_ended
from pipeline.jobs.ports import Told
from pipeline.jobs.telling import matcher
from pipeline.records import Item, Label, Subscription
from pipeline.records.alert import AlertKind

_STEP = timedelta(minutes=15)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsed:
    """One mail that would have been sent.

    Attributes:
        at: when, UTC.
        kind: alert or digest.
        tally: how many statements of each label it would have told.
    """

    at: datetime
    kind: AlertKind
    tally: Mapping[Label, int]


def rehearse(
    subscription: Subscription, recorded: Sequence[tuple[Told, datetime]], registry: Registry, *, now: datetime
) -> tuple[Rehearsed, ...]:
    """The mails of a subscription until `now`.

    Args:
        subscription: as it is today.
        recorded: statements with the time of their recording, in its order.
        registry: of groups.
        now: UTC.
    """
    match = matcher([subscription], registry)
    items = [_item(told, thread, at) for told, at in recorded for _, thread in match(told)]
    return tuple(_mails(subscription, items, now))


def _item(told: Told, thread: str, at: datetime) -> Item:
    return Item(statement_id=told[0], thread=thread, matched_at=at, label=told[1].label, group=told[1].group)


def _mails(subscription: Subscription, items: Sequence[Item], now: datetime) -> Iterator[Rehearsed]:
    pending: list[Item] = []
    recent: list[Recent] = []
    for at, new in _moments(items, now):
        pending += new
        if not _may_send(subscription, pending, at):
            continue
        planned = plan(subscription, pending, Surroundings(recent=recent), now=at)
        told = {item.statement_id for mail in planned.mails for item in mail.items}
        pending = [item for item in pending if item.statement_id not in told]
        recent += [Recent(created_at=at, kind=mail.kind, thread=mail.thread) for mail in planned.mails]
        recent = [each for each in recent if each.created_at > at - max(timedelta(hours=1), _rest(subscription))]
        for mail in planned.mails:
            yield Rehearsed(at=at, kind=mail.kind, tally=_tally(mail))


def _moments(items: Sequence[Item], now: datetime) -> Iterator[tuple[datetime, list[Item]]]:
    """Every quarter of an hour from the first recording on, and every recording; with what was recorded then."""
    if not items:
        return
    at = items[0].matched_at
    position = 0
    while at <= now:
        begin = position
        while position < len(items) and items[position].matched_at <= at:
            position += 1
        yield at, list(items[begin:position])
        following = at + _STEP
        at = min(following, items[position].matched_at) if position < len(items) else following


def _may_send(subscription: Subscription, pending: Sequence[Item], at: datetime) -> bool:
    """Whether a plan is worth making: of a digest only when something is pending from before its period's end."""
    if not pending:
        return False
    period = period_ended(subscription.schedule, at)
    return period is None or pending[0].matched_at < period[1]


def _rest(subscription: Subscription) -> timedelta:
    return subscription.schedule.repeat_after


def _tally(mail: Planned) -> Mapping[Label, int]:
    return Counter(item.label for item in mail.items)
