"""What makes one mail: everything new for one subscription in one run, so that a burst is one mail."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from pipeline.alerts.registry import Found
from pipeline.records import Alert, Subscription
from pipeline.records.identity import content_id


def alert_for(subscription: Subscription, found: Iterable[Found], *, domain: str, now: datetime) -> Alert | None:
    """The alert that tells a subscription of all of `found`, or None when nothing was found.

    The Message-ID is derived from the subscription and the statements under the sender's mail `domain`: a mail sent
    twice because a line died before the server's answer carries the same id, and mail programs show it once.
    """
    statement_ids = tuple(sorted({statement_id for statement_id, _, _ in found}))
    if not statement_ids:
        return None
    identity = content_id("alert", subscription.subscription_id, *statement_ids)
    return Alert(
        subscription_id=subscription.subscription_id,
        statement_ids=statement_ids,
        message_id=f"<{identity}@{domain}>",
        recipients=subscription.recipients,
        created_at=now,
    )
