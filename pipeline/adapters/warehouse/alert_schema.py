"""The tables of alerting: who asked, what changed, what each is to be told, and what became of every mail.

Split from `schema` by subject; the same rules hold: every column carries its meaning, and no query stands here.
"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    text,
)

from pipeline.adapters.warehouse.columns import JSON_TEXT, EscapedText, UtcDateTime
from pipeline.adapters.warehouse.schema import metadata

subscriptions = Table(
    "subscriptions",
    metadata,
    Column("subscription_id", Text, primary_key=True, comment="lower-case slug"),
    Column("origin", Text, nullable=False, comment="file: subscriptions/; table: bayan alerts subscriptions add"),
    Column("definition", JSON_TEXT, nullable=False, comment="as in a subscription file (subscription.schema.json)"),
    Column("filter_id", Text, comment="what it asked for when the stored statements were last gone through for it"),
    Column("added_at", UtcDateTime, nullable=False, comment="when the warehouse first heard of it"),
    Column("changed_at", UtcDateTime, nullable=False, comment="when its definition last changed"),
    Column("ended_at", UtcDateTime, comment="since when it is not served; null: it is"),
    CheckConstraint("origin IN ('file', 'table')", name="origin"),
    comment="who asked to be told what",
)

alert_silences = Table(
    "alert_silences",
    metadata,
    Column("silence_id", Text, primary_key=True, comment="short identity"),
    Column("subscription_id", Text, comment="only this subscription; null: all"),
    Column("group_id", Text, comment="only statements of this group; null: all"),
    Column("label", Text, comment="only statements with this label; null: all"),
    Column("reason", EscapedText, nullable=False, comment="why, for those who wonder"),
    Column("starts_at", UtcDateTime, nullable=False, comment="from when"),
    Column("ends_at", UtcDateTime, nullable=False, comment="until when; moved to now when it is lifted"),
    CheckConstraint("ends_at >= starts_at", name="ends_at"),
    comment="what is not told for a while, and why",
)

statement_events = Table(
    "statement_events",
    metadata,
    Column("event_id", Text, primary_key=True, comment="random: the order means nothing"),
    Column("statement_id", Text, nullable=False, comment="what changed"),
    Column("kind", Text, nullable=False, comment="stated, changed (it fell or stands again) or article"),
    Column("happened_at", UtcDateTime, nullable=False, comment="when"),
    CheckConstraint("kind IN ('stated', 'changed', 'article')", name="kind"),
    comment="what changed and was not yet held against the subscriptions; written by triggers, in the same transaction",
)

alerts = Table(
    "alerts",
    metadata,
    Column("message_id", Text, primary_key=True, comment="Message-ID of the mail, stable over retries"),
    Column("subscription_id", Text, nullable=False, comment="whose (subscriptions/)"),
    Column("recipients", JSON_TEXT, nullable=False, comment="addresses that are still to get it, or all of them"),
    Column("created_at", UtcDateTime, nullable=False, comment="when it was put into the outbox"),
    Column("sent_at", UtcDateTime, comment="when the SMTP server took it; null while it waits"),
    Column("tries", Integer, nullable=False, comment="how often sending it failed"),
    Column("problem", EscapedText, comment="what the last failure was"),
    Column("given_up", Boolean, nullable=False, comment="whether it is not tried any more"),
    Column("kind", Text, nullable=False, server_default="alert", comment="alert, digest, correction or notice"),
    Column("refs", JSON_TEXT, nullable=False, server_default=text("'[]'"), comment="Message-IDs that it follows"),
    Column("thread", Text, nullable=False, server_default="", comment="group (and target) of it; empty: any"),
    Column("period_start", UtcDateTime, comment="of a digest: from when"),
    Column("period_end", UtcDateTime, comment="of a digest: until when"),
    Column("next_try_at", UtcDateTime, comment="not before; null: at once"),
    Column("claimed_at", UtcDateTime, comment="when a sender took it and what came of that is not known"),
    Column("failure", Text, comment="name of the last failure: smtp-550, line-lost, withdrawn, put-off-too-long, …"),
    CheckConstraint("tries >= 0", name="tries"),
    CheckConstraint("kind IN ('alert', 'digest', 'correction', 'notice')", name="kind"),
    CheckConstraint("(period_start IS NULL) = (period_end IS NULL)", name="period"),
    Index(None, "sent_at", "created_at"),
    Index(None, "subscription_id", "created_at"),
    comment="the outbox: one row a mail",
)

alert_statements = Table(
    "alert_statements",
    metadata,
    Column("subscription_id", Text, primary_key=True, comment="who asks for it"),
    Column("statement_id", Text, ForeignKey("statements.statement_id"), primary_key=True, comment="what is told"),
    Column("sequence", Integer, primary_key=True, comment="0: the statement; 1 and on: its follow-ups in order"),
    Column("kind", Text, nullable=False, comment="stated, superseded, retracted or restored"),
    Column("thread", Text, nullable=False, comment="group (and target) by which mails are grouped; empty: by nothing"),
    Column("matched_at", UtcDateTime, nullable=False, comment="when it was held against the subscription"),
    Column("message_id", Text, ForeignKey("alerts.message_id"), comment="the mail that tells it; null: none yet"),
    Column(
        "silence_id", Text, ForeignKey("alert_silences.silence_id"), comment="why no mail will tell it; null: nothing"
    ),
    CheckConstraint("kind IN ('stated', 'superseded', 'retracted', 'restored')", name="kind"),
    CheckConstraint("(sequence = 0) = (kind = 'stated')", name="sequence"),
    CheckConstraint("message_id IS NULL OR silence_id IS NULL", name="told"),
    Index(None, "statement_id"),
    Index(None, "message_id"),
    comment="what each subscription is to be told or was told: no statement twice to one",
)

alert_deliveries = Table(
    "alert_deliveries",
    metadata,
    Column("message_id", Text, ForeignKey("alerts.message_id"), primary_key=True, comment="the mail"),
    Column("address", Text, primary_key=True, comment="recipient or webhook"),
    Column("outcome", Text, nullable=False, comment="accepted, put-off or refused"),
    Column("code", Integer, comment="reply code of the server; null: none came"),
    Column("reply", EscapedText, comment="the server's words"),
    Column("tried_at", UtcDateTime, nullable=False, comment="last try"),
    Column("tries", Integer, nullable=False, comment="how many"),
    CheckConstraint("outcome IN ('accepted', 'put-off', 'refused')", name="outcome"),
    comment="what became of each mail for each recipient",
)
