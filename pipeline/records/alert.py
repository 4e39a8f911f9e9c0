"""Who asked to be told what, and what they were told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from pipeline.records.statement import Label


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """A wish to be told.

    Attributes:
        subscription_id: lower-case slug, unique.
        name: what it is called in the mail's subject.
        recipients: e-mail addresses.
        labels: only these; empty means all.
        groups: only these group ids, their façades and wings included; empty means all.
        languages: only articles in these; empty means all.
        minimum_confidence: from 0 to 1.
    """

    subscription_id: str
    name: str
    recipients: tuple[str, ...]
    labels: tuple[Label, ...] = ()
    groups: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    minimum_confidence: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """One mail to one subscription about one or more statements.

    Attributes:
        subscription_id: whose.
        statement_ids: sorted; what it tells.
        message_id: stable over retries: derived from the subscription and the statements.
        recipients: as they were when it was made.
        created_at: UTC.
        sent_at: UTC, or None while it waits.
    """

    subscription_id: str
    statement_ids: tuple[str, ...]
    message_id: str
    recipients: tuple[str, ...]
    created_at: datetime
    sent_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A recipient whom the server refused while it took the mail for others.

    Attributes:
        address: the recipient.
        code: SMTP reply code; 4xx may pass later.
        reply: the server's words, one line.
    """

    address: str
    code: int
    reply: str
