"""What makes one mail: a planned mail becomes an alert with an identity that every retry shares."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from pipeline.alerts.plan import Planned
from pipeline.records import Alert, Subscription
from pipeline.records.identity import content_id


def alert_for(
    subscription: Subscription, planned: Planned, *, domain: str, now: datetime, references: Sequence[str] = ()
) -> Alert:
    """The alert of a planned mail.

    The Message-ID is derived from the subscription and the statements under the sender's mail `domain`: a mail sent
    twice because a line died before the server's answer carries the same id, and mail programs show it once.

    Args:
        subscription: whose.
        planned: what it tells.
        domain: the sender's.
        now: UTC.
        references: Message-IDs of the mails that it follows, oldest first.
    """
    told = sorted({(item.statement_id, item.sequence) for item in planned.items})
    name = "correction" if planned.kind == "correction" else "alert"
    parts = (f"{it}#{sequence}" if sequence else it for it, sequence in told)
    return Alert(
        subscription_id=subscription.subscription_id,
        statement_ids=tuple(sorted({statement_id for statement_id, _ in told})),
        message_id=_message_id(name, subscription.subscription_id, *parts, domain=domain),
        recipients=subscription.doors,
        created_at=now,
        kind=planned.kind,
        references=tuple(references),
        period=planned.period,
    )


def notice_for(subscription: Subscription, *, domain: str, now: datetime) -> Alert:
    """The one mail in an hour that says that the cap is reached; its identity is the hour's."""
    hour = now - timedelta(minutes=now.minute, seconds=now.second, microseconds=now.microsecond)
    return Alert(
        subscription_id=subscription.subscription_id,
        statement_ids=(),
        message_id=_message_id("notice", subscription.subscription_id, hour.isoformat(), domain=domain),
        recipients=subscription.recipients,
        created_at=now,
        kind="notice",
    )


def _message_id(*parts: str, domain: str) -> str:
    return f"<{content_id(*parts)}@{domain}>"
