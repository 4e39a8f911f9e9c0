"""Alerting: what is new for a subscription goes into the outbox, and what is in the outbox goes out.

The three steps are `telling.route` (who asks for what changed), `telling.queue` (which mails are made of it now) and
`sending`. A subscription that is new gets one mail about everything stored that it asks for; one that is widened gets
what it now asks for and was never told.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from email.message import EmailMessage

from pipeline.alerts import SHOWN, Registry, Renderer, Telling, alert_for, shown, unknown_groups
from pipeline.jobs import telling
from pipeline.jobs.ports import AlertStore
from pipeline.jobs.sending import AlertPorts, AlertReport, Delivery, telling_of
from pipeline.records import Item, Label, Subscription

__all__ = ["AlertPorts", "AlertReport", "alert", "preview", "send_outbox", "untold"]


def alert(
    *,
    ports: AlertPorts,
    subscriptions: Sequence[Subscription],
    run_id: str,
    now: datetime,
    only: Collection[str] | None = None,
) -> AlertReport:
    """Queue what is new for each subscription, then send the outbox.

    Args:
        ports: see there.
        subscriptions: all that are served.
        run_id: for the log of runs and the mails.
        now: UTC.
        only: ids of those for whom mails are made now; None: all.
    """
    delivery = Delivery(ports, {each.subscription_id: each for each in subscriptions}, run_id, now)
    chosen = [each for each in subscriptions if only is None or each.subscription_id in only]
    with delivery.logged("alert"):
        delivery.problems += unknown_groups(subscriptions, ports.renderer.registry.groups)
        with ports.store.sending():
            telling.route(ports.store, ports.renderer.registry, subscriptions, now=now)
            planned = telling.queue(ports.store, chosen, domain=ports.renderer.domain, now=now)
            delivery.more |= {"rest": planned.waiting, "quiet": len(planned.silenced)}
            delivery.send_outbox()
        _write_feeds(ports, subscriptions, now=now)
    return delivery.report()


def send_outbox(*, ports: AlertPorts, subscriptions: Sequence[Subscription], run_id: str, now: datetime) -> AlertReport:
    """Send what waits in the outbox and queue nothing; `subscriptions` give the names for the subjects."""
    delivery = Delivery(ports, {each.subscription_id: each for each in subscriptions}, run_id, now)
    with delivery.logged("alerts send"), ports.store.sending():
        delivery.send_outbox()
    return delivery.report()


def preview(
    *, store: AlertStore, renderer: Renderer, subscriptions: Sequence[Subscription], now: datetime
) -> Iterator[EmailMessage]:
    """The mails that `alert` would send now to these subscriptions, those of the outbox first; changes nothing."""
    by_id = {each.subscription_id: each for each in subscriptions}
    for waiting in store.outbox():
        if of := by_id.get(waiting.subscription_id):
            told = telling_of(store, waiting, of)
            yield renderer.message(waiting, told, name=of.name, run_id="preview", now=now)
    for of, planned, found in telling.prospects(store, renderer.registry, subscriptions, now=now):
        for mail in planned.mails:
            made = alert_for(of, mail, domain=renderer.domain, now=now)
            missing = [it for it in made.statement_ids if it not in found]
            known = [*(found[it] for it in made.statement_ids if it in found), *store.told(missing)]
            told = Telling(
                found=shown(known),
                tally=_tally(mail.items),
                groups=Counter((item.label, item.group) for item in mail.items),
                provenance=store.provenance(made.statement_ids[:SHOWN]),
                follow_ups={item.statement_id: item.kind for item in mail.items if item.sequence},
            )
            yield renderer.message(made, told, name=of.name, run_id="preview", now=now)


def untold(*, store: AlertStore, registry: Registry, subscriptions: Sequence[Subscription], now: datetime) -> int:
    """How many statements `alert` would tell now, those that wait in the outbox included."""
    waiting = sum(len(alert.statement_ids) for alert in store.outbox())
    prospects = telling.prospects(store, registry, subscriptions, now=now)
    return waiting + sum(len(mail.items) for _, planned, _ in prospects for mail in planned.mails)


def _tally(items: Sequence[Item]) -> dict[Label, int]:
    tally: dict[Label, int] = {}
    for item in items:
        tally[item.label] = tally.get(item.label, 0) + 1
    return tally


def _write_feeds(ports: AlertPorts, subscriptions: Sequence[Subscription], *, now: datetime) -> None:
    if ports.feeds is None:
        return
    for each in subscriptions:
        if each.feed:
            latest = ports.store.latest(each.subscription_id)
            ports.feeds.write(each.subscription_id, ports.renderer.feed(each, latest, now=now))
