"""Who asked to be told what, and what they were told."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Literal

from pipeline.records.identity import content_id
from pipeline.records.statement import Label

Pace = Literal["immediate", "hourly", "daily", "weekly"]
"""How often a subscription is told: as soon as there is something, or in a digest at the end of each period."""

Grouping = Literal["all", "group", "group-and-target"]
"""What makes one mail of an immediate subscription: everything new, or everything new of one group (and target)."""

AlertKind = Literal["alert", "digest", "correction", "notice"]

ItemKind = Literal["stated", "superseded", "retracted", "restored"]
"""What is told of a statement: that it was made; that no text holds it any more; that its article is gone; that it
stands again after one of the two."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """When a subscription is told, and how much at once.

    Attributes:
        pace: see `Pace`.
        at: local time of a daily or weekly digest.
        weekday: of a weekly digest, Monday is 0.
        time_zone: IANA name in which `at`, `weekday` and the quiet hours are meant.
        quiet: local (from, until) in which nothing is sent, over midnight too; None: never quiet.
        grouping: see `Grouping`.
        repeat_after: how long after a mail on a group (and target) the next on the same may go; zero: at once.
        mails_per_hour: alerts of one subscription within any hour; what is over waits, and one notice says so.
    """

    pace: Pace = "immediate"
    at: time = time(7)
    weekday: int = 0
    time_zone: str = "UTC"
    quiet: tuple[time, time] | None = None
    grouping: Grouping = "all"
    repeat_after: timedelta = timedelta()
    mails_per_hour: int = 20


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
        targets: only statements whose target holds one of these words or phrases; empty means all.
        countries: only groups of these countries (ISO 3166 alpha-2, by the registry); empty means all.
        words: only statements whose text or headline holds one of these words or phrases; empty means all.
        schedule: when.
        webhook: an address that gets each alert as signed JSON, or None.
        feed: whether an Atom feed is written.
    """

    subscription_id: str
    name: str
    recipients: tuple[str, ...]
    labels: tuple[Label, ...] = ()
    groups: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    minimum_confidence: float = 0.0
    targets: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    schedule: Schedule = field(default_factory=Schedule)
    webhook: str | None = None
    feed: bool = False

    @property
    def doors(self) -> tuple[str, ...]:
        """Every address that an alert goes to: the recipients, and the webhook."""
        return (*self.recipients, self.webhook) if self.webhook else self.recipients

    @property
    def filter_id(self) -> str:
        """Changes when the subscription asks for other statements, not when it is told elsewhere or otherwise."""
        lists = (self.labels, self.groups, self.languages, self.targets, self.countries, self.words)
        return content_id(str(self.minimum_confidence), *(content_id(*sorted(values)) for values in lists))


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """One mail to one subscription about one or more statements.

    Attributes:
        subscription_id: whose.
        statement_ids: sorted; what it tells.
        message_id: stable over retries: derived from the subscription and the statements.
        recipients: those who are still to get it; an address that begins with http is a webhook.
        created_at: UTC.
        sent_at: UTC, or None while it waits.
        kind: a notice tells of no statement.
        references: Message-IDs of the mails that it follows, oldest first.
        period: of a digest, from and until, UTC.
        tries: how often sending it failed.
        claimed_at: when a sender took it, if what came of that is not known.
    """

    subscription_id: str
    statement_ids: tuple[str, ...]
    message_id: str
    recipients: tuple[str, ...]
    created_at: datetime
    sent_at: datetime | None = None
    kind: AlertKind = "alert"
    references: tuple[str, ...] = ()
    period: tuple[datetime, datetime] | None = None
    tries: int = 0
    claimed_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """What a subscription is to be told of one statement.

    Attributes:
        statement_id: of which.
        sequence: 0 for the statement itself, then its follow-ups in order.
        kind: see `ItemKind`.
        thread: identity of the group (and target) by which mails are grouped and stay together; empty: by nothing.
        matched_at: since when it is known that the subscription asks for it, UTC.
        label: of the statement.
        group: of the statement.
        follows: Message-ID of the mail that told the statement; None with sequence 0.
    """

    statement_id: str
    sequence: int = 0
    kind: ItemKind = "stated"
    thread: str = ""
    matched_at: datetime
    label: Label
    group: str | None
    follows: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """For a while nothing is told of what it covers; it is counted instead, and not told later.

    Attributes:
        silence_id: short identity.
        reason: why, one line.
        starts_at, ends_at: UTC.
        subscription_id, group, label: only these; None covers all.
    """

    silence_id: str
    reason: str
    starts_at: datetime
    ends_at: datetime
    subscription_id: str | None = None
    group: str | None = None
    label: Label | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """Where a statement comes from, beyond its article.

    Attributes:
        first_seen_at: earliest capture of an article that carries it, UTC.
        outlets: (publisher, address) of the articles that carry it now.
        body_sha256: hexadecimal SHA-256 of the captured page.
        archive: file and byte offset of its record in the archive.
    """

    first_seen_at: datetime
    outlets: tuple[tuple[str, str], ...]
    body_sha256: str
    archive: str


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What became of one handing over.

    Attributes:
        accepted: addresses for whom it was taken.
        refusals: of the others.
        left: those who are still to get it; empty: the mail is sent.
        problem: of those, one line.
        next_try_at: not before; None: with the next run.
    """

    accepted: tuple[str, ...]
    refusals: tuple[Refusal, ...] = ()
    left: tuple[str, ...] = ()
    problem: str = ""
    next_try_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """Why a mail was handed over to nobody.

    Attributes:
        name: smtp-550, line-lost, server-away, withdrawn, put-off-too-long, …
        problem: one line.
        final: whether it is not tried again.
        refusals: of the recipients, where it was they who were refused.
        next_try_at: not before; None: with the next run.
    """

    name: str
    problem: str
    final: bool
    refusals: tuple[Refusal, ...] = ()
    next_try_at: datetime | None = None
