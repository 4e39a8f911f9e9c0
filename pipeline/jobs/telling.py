"""Who is to be told what: changes of the warehouse become what is due, and what is due becomes alerts in the outbox.

One process at a time does this, under `AlertStore.sending`. Each step is a transaction, and each asks the warehouse
what there is to do: killed between any two, the next run goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from pipeline.alerts import Found, Plan, Planned, Recent, Registry, Seen, Surroundings, Wish, plan, thread_of
from pipeline.alerts.group import alert_for, notice_for
from pipeline.jobs.ports import AlertStore
from pipeline.records import Alert, Item, Subscription

_LATELY = timedelta(hours=1)


def route(store: AlertStore, registry: Registry, subscriptions: Sequence[Subscription], *, now: datetime) -> None:
    """Make due what subscriptions ask for and were not told, and the follow-ups of what they were told."""
    unread = set(store.register(subscriptions, now=now))
    if unread:
        new = [each for each in subscriptions if each.subscription_id in unread]
        store.route_stored(matcher(new, registry), now=now)
        for each in new:
            store.gone_through(each)
    served = [each.subscription_id for each in subscriptions]
    match = matcher(subscriptions, registry)
    while store.route(match, served=served, now=now):
        pass


def matcher(subscriptions: Iterable[Subscription], registry: Registry) -> Callable[[Found], Iterator[tuple[str, str]]]:
    """For a statement: (subscription id, thread) of those that ask for it."""
    wishes = [Wish(each, registry.groups) for each in subscriptions]

    def match(found: Found) -> Iterator[tuple[str, str]]:
        seen = Seen(found)
        for wish in wishes:
            if wish.asks_for(seen):
                yield wish.subscription.subscription_id, thread_of(wish.subscription, found[1])

    return match


def queue(store: AlertStore, subscriptions: Sequence[Subscription], *, domain: str, now: datetime) -> Plan:
    """Put what is due for these subscriptions into the outbox; what waits and is kept quiet, in sum."""
    mails: list[Planned] = []
    quiet: list[tuple[Item, str]] = []
    waiting = notices = 0
    for subscription in subscriptions:
        planned = plan(subscription, store.due(subscription.subscription_id), around(store, subscription, now), now=now)
        store.keep_quiet(subscription.subscription_id, planned.silenced)
        for mail in planned.mails:
            alert = _alert(store, subscription, mail, domain=domain, now=now)
            follow_ups = mail.items if mail.kind == "correction" else ()
            store.queue(alert, follow_ups=follow_ups, thread=mail.thread)
        if planned.notice:
            store.queue(notice_for(subscription, domain=domain, now=now))
        mails += planned.mails
        quiet += planned.silenced
        waiting += planned.waiting
        notices += planned.notice
    return Plan(mails=tuple(mails), silenced=tuple(quiet), waiting=waiting, notice=notices)


def around(store: AlertStore, subscription: Subscription, now: datetime) -> Surroundings:
    """What went out lately, and the silences in force."""
    since = now - max(_LATELY, subscription.schedule.repeat_after)
    lately = store.recent(subscription.subscription_id, since=since)
    recent = [Recent(created_at=at, kind=kind, thread=thread) for at, kind, thread in lately]
    return Surroundings(recent=recent, silences=store.silences(now=now))


def prospects(
    store: AlertStore, registry: Registry, subscriptions: Sequence[Subscription], *, now: datetime
) -> Iterator[tuple[Subscription, Plan, Mapping[str, Found]]]:
    """What `route` and `queue` would make of the present for each subscription, and the statements; changes nothing."""
    unread = set(store.unregistered(subscriptions))
    changes = store.changes_waiting()
    for subscription in subscriptions:
        own = subscription.subscription_id
        due = {(item.statement_id, item.sequence): item for item in store.due(own)}
        found = {each[0]: each for each in (store.unalerted(own) if own in unread else changes)}
        match = matcher([subscription], registry)
        for known in store.known(own, found.keys()) if own not in unread else ():
            del found[known]
        for item in _items(found.values(), match, now):
            due.setdefault((item.statement_id, item.sequence), item)
        yield subscription, plan(subscription, list(due.values()), around(store, subscription, now), now=now), found


def _items(
    found: Iterable[Found], match: Callable[[Found], Iterator[tuple[str, str]]], now: datetime
) -> Iterator[Item]:
    for each in found:
        for _, thread in match(each):
            label, group = each[1].label, each[1].group
            yield Item(statement_id=each[0], thread=thread, matched_at=now, label=label, group=group)


def _alert(store: AlertStore, subscription: Subscription, mail: Planned, *, domain: str, now: datetime) -> Alert:
    references: tuple[str, ...] = ()
    if mail.follows:
        references = store.references_of(mail.follows)
    elif mail.thread:
        references = store.thread(subscription.subscription_id, mail.thread)
    return alert_for(subscription, mail, domain=domain, now=now, references=references)
