"""Subscriptions, silences, changes of statements noted by the database itself, follow-ups, results by recipient."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

JSON_TEXT = sa.JSON().with_variant(JSONB(), "postgresql")
MOMENT = sa.DateTime(timezone=True)

ALERT_COLUMNS = (
    ("kind", sa.Text(), "alert", "alert, digest, correction or notice"),
    ("refs", JSON_TEXT, sa.text("'[]'"), "Message-IDs that it follows"),
    ("thread", sa.Text(), "", "group (and target) of it; empty: any"),
    ("period_start", MOMENT, None, "of a digest: from when"),
    ("period_end", MOMENT, None, "of a digest: until when"),
    ("next_try_at", MOMENT, None, "not before; null: at once"),
    ("claimed_at", MOMENT, None, "when a sender took it and what came of that is not known"),
    ("failure", sa.Text(), None, "name of the last failure: smtp-550, line-lost, withdrawn, put-off-too-long, …"),
)
ALERT_CHECKS = {
    "kind": "kind IN ('alert', 'digest', 'correction', 'notice')",
    "period": "(period_start IS NULL) = (period_end IS NULL)",
}
RECIPIENTS = "addresses that are still to get it, or all of them"
RECIPIENTS_BEFORE = "addresses as they were when it was made"

# Whatever path writes statements, the database notes the change in the same transaction: nothing loaded can be missed.
SQLITE_TRIGGERS = {
    "statement_events_stated": (
        "AFTER INSERT ON statements BEGIN INSERT INTO statement_events (event_id, statement_id, kind, happened_at) "
        "VALUES (lower(hex(randomblob(16))), new.statement_id, 'stated', new.recorded_at); END"
    ),
    "statement_events_changed": (
        "AFTER UPDATE OF superseded_at ON statements "
        "WHEN (old.superseded_at IS NULL) <> (new.superseded_at IS NULL) BEGIN "
        "INSERT INTO statement_events (event_id, statement_id, kind, happened_at) VALUES "
        "(lower(hex(randomblob(16))), new.statement_id, 'changed', strftime('%Y-%m-%d %H:%M:%f', 'now') || '000'); END"
    ),
    "statement_events_article": (
        "AFTER INSERT ON article_events BEGIN INSERT INTO statement_events (event_id, statement_id, kind, happened_at) "
        "SELECT lower(hex(randomblob(16))), statement_id, 'article', new.observed_at FROM sightings "
        "WHERE article_id = new.article_id AND superseded_at IS NULL; END"
    ),
}
POSTGRESQL_FUNCTIONS = {
    "bayan_statements_stated": (
        "INSERT INTO statement_events (event_id, statement_id, kind, happened_at) "
        "SELECT gen_random_uuid()::text, statement_id, 'stated', recorded_at FROM added"
    ),
    "bayan_statements_changed": (
        "INSERT INTO statement_events (event_id, statement_id, kind, happened_at) "
        "SELECT gen_random_uuid()::text, n.statement_id, 'changed', clock_timestamp() "
        "FROM changed n JOIN earlier o USING (statement_id) "
        "WHERE (o.superseded_at IS NULL) <> (n.superseded_at IS NULL)"
    ),
    "bayan_articles_changed": (
        "INSERT INTO statement_events (event_id, statement_id, kind, happened_at) "
        "SELECT gen_random_uuid()::text, statement_id, 'article', observed_at "
        "FROM added JOIN sightings USING (article_id) "
        "WHERE sightings.superseded_at IS NULL"
    ),
}
POSTGRESQL_TRIGGERS = {
    "statement_events_stated": (
        "AFTER INSERT ON statements REFERENCING NEW TABLE AS added "
        "FOR EACH STATEMENT EXECUTE FUNCTION bayan_statements_stated()"
    ),
    "statement_events_changed": (
        "AFTER UPDATE ON statements REFERENCING NEW TABLE AS changed OLD TABLE AS earlier "
        "FOR EACH STATEMENT EXECUTE FUNCTION bayan_statements_changed()"
    ),
    "statement_events_article": (
        "AFTER INSERT ON article_events REFERENCING NEW TABLE AS added "
        "FOR EACH STATEMENT EXECUTE FUNCTION bayan_articles_changed()"
    ),
}
TABLES_OF = {"statement_events_stated": "statements", "statement_events_changed": "statements"}


def upgrade() -> None:
    op.execute("CREATE TEMPORARY TABLE told_before AS SELECT * FROM alert_statements")
    op.drop_table("alert_statements")
    _widen_alerts()
    _make_tables()
    op.execute(
        "INSERT INTO alert_statements (subscription_id, statement_id, sequence, kind, thread, matched_at, message_id) "
        "SELECT t.subscription_id, t.statement_id, 0, 'stated', '', a.created_at, t.message_id "
        "FROM told_before t JOIN alerts a ON a.message_id = t.message_id"
    )
    op.execute("DROP TABLE told_before")
    # What stands already is gone through when its subscription registers, so that no event is due for it.
    _make_triggers()


def downgrade() -> None:
    _drop_triggers()
    op.execute(
        "CREATE TEMPORARY TABLE told_before AS SELECT message_id, statement_id, subscription_id "
        "FROM alert_statements WHERE sequence = 0 AND message_id IS NOT NULL"
    )
    for table in ("alert_deliveries", "alert_statements", "statement_events", "alert_silences", "subscriptions"):
        op.drop_table(table)
    op.execute("DELETE FROM alerts WHERE message_id NOT IN (SELECT message_id FROM told_before)")
    op.drop_index(op.f("ix_alerts_subscription_id_created_at"), "alerts")
    with op.batch_alter_table("alerts") as alerts:
        for name in ALERT_CHECKS:
            alerts.drop_constraint(op.f(f"ck_alerts_{name}"), type_="check")
        for name, *_ in ALERT_COLUMNS:
            alerts.drop_column(name)
        alerts.alter_column("recipients", existing_type=JSON_TEXT, existing_nullable=False, comment=RECIPIENTS_BEFORE)
    _make_former_alert_statements()
    op.execute(
        "INSERT INTO alert_statements (message_id, statement_id, subscription_id) "
        "SELECT message_id, statement_id, subscription_id FROM told_before"
    )
    op.execute("DROP TABLE told_before")


def _widen_alerts() -> None:
    with op.batch_alter_table("alerts") as alerts:
        for name, kind, default, comment in ALERT_COLUMNS:
            nullable = default is None
            alerts.add_column(sa.Column(name, kind, nullable=nullable, server_default=default, comment=comment))
        for name, condition in ALERT_CHECKS.items():
            alerts.create_check_constraint(op.f(f"ck_alerts_{name}"), condition)
        alerts.alter_column("recipients", existing_type=JSON_TEXT, existing_nullable=False, comment=RECIPIENTS)
    op.create_index(op.f("ix_alerts_subscription_id_created_at"), "alerts", ["subscription_id", "created_at"])


def _make_tables() -> None:
    op.create_table(
        "subscriptions",
        sa.Column("subscription_id", sa.Text(), nullable=False, comment="lower-case slug"),
        sa.Column(
            "origin",
            sa.Text(),
            nullable=False,
            comment="file: subscriptions/; table: bayan alerts subscriptions add",
        ),
        sa.Column(
            "definition", JSON_TEXT, nullable=False, comment="as in a subscription file (subscription.schema.json)"
        ),
        sa.Column(
            "filter_id",
            sa.Text(),
            nullable=True,
            comment="what it asked for when the stored statements were last gone through for it",
        ),
        sa.Column("added_at", MOMENT, nullable=False, comment="when the warehouse first heard of it"),
        sa.Column("changed_at", MOMENT, nullable=False, comment="when its definition last changed"),
        sa.Column("ended_at", MOMENT, nullable=True, comment="since when it is not served; null: it is"),
        sa.CheckConstraint("origin IN ('file', 'table')", name=op.f("ck_subscriptions_origin")),
        sa.PrimaryKeyConstraint("subscription_id", name=op.f("pk_subscriptions")),
        comment="who asked to be told what",
    )
    op.create_table(
        "alert_silences",
        sa.Column("silence_id", sa.Text(), nullable=False, comment="short identity"),
        sa.Column("subscription_id", sa.Text(), nullable=True, comment="only this subscription; null: all"),
        sa.Column("group_id", sa.Text(), nullable=True, comment="only statements of this group; null: all"),
        sa.Column("label", sa.Text(), nullable=True, comment="only statements with this label; null: all"),
        sa.Column("reason", sa.Text(), nullable=False, comment="why, for those who wonder"),
        sa.Column("starts_at", MOMENT, nullable=False, comment="from when"),
        sa.Column("ends_at", MOMENT, nullable=False, comment="until when; moved to now when it is lifted"),
        sa.CheckConstraint("ends_at >= starts_at", name=op.f("ck_alert_silences_ends_at")),
        sa.PrimaryKeyConstraint("silence_id", name=op.f("pk_alert_silences")),
        comment="what is not told for a while, and why",
    )
    op.create_table(
        "statement_events",
        sa.Column("event_id", sa.Text(), nullable=False, comment="random: the order means nothing"),
        sa.Column("statement_id", sa.Text(), nullable=False, comment="what changed"),
        sa.Column("kind", sa.Text(), nullable=False, comment="stated, changed (it fell or stands again) or article"),
        sa.Column("happened_at", MOMENT, nullable=False, comment="when"),
        sa.CheckConstraint("kind IN ('stated', 'changed', 'article')", name=op.f("ck_statement_events_kind")),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_statement_events")),
        comment=(
            "what changed and was not yet held against the subscriptions; written by triggers, in the same transaction"
        ),
    )
    op.create_table(
        "alert_statements",
        sa.Column("subscription_id", sa.Text(), nullable=False, comment="who asks for it"),
        sa.Column("statement_id", sa.Text(), nullable=False, comment="what is told"),
        sa.Column(
            "sequence", sa.Integer(), nullable=False, comment="0: the statement; 1 and on: its follow-ups in order"
        ),
        sa.Column("kind", sa.Text(), nullable=False, comment="stated, superseded, retracted or restored"),
        sa.Column(
            "thread",
            sa.Text(),
            nullable=False,
            comment="group (and target) by which mails are grouped; empty: by nothing",
        ),
        sa.Column("matched_at", MOMENT, nullable=False, comment="when it was held against the subscription"),
        sa.Column("message_id", sa.Text(), nullable=True, comment="the mail that tells it; null: none yet"),
        sa.Column("silence_id", sa.Text(), nullable=True, comment="why no mail will tell it; null: nothing"),
        sa.CheckConstraint(
            "kind IN ('stated', 'superseded', 'retracted', 'restored')", name=op.f("ck_alert_statements_kind")
        ),
        sa.CheckConstraint("(sequence = 0) = (kind = 'stated')", name=op.f("ck_alert_statements_sequence")),
        sa.CheckConstraint("message_id IS NULL OR silence_id IS NULL", name=op.f("ck_alert_statements_told")),
        sa.ForeignKeyConstraint(["message_id"], ["alerts.message_id"], name=op.f("fk_alert_statements_message_id")),
        sa.ForeignKeyConstraint(
            ["silence_id"], ["alert_silences.silence_id"], name=op.f("fk_alert_statements_silence_id")
        ),
        sa.ForeignKeyConstraint(
            ["statement_id"], ["statements.statement_id"], name=op.f("fk_alert_statements_statement_id")
        ),
        sa.PrimaryKeyConstraint("subscription_id", "statement_id", "sequence", name=op.f("pk_alert_statements")),
        comment="what each subscription is to be told or was told: no statement twice to one",
    )
    op.create_index(op.f("ix_alert_statements_statement_id"), "alert_statements", ["statement_id"])
    op.create_index(op.f("ix_alert_statements_message_id"), "alert_statements", ["message_id"])
    op.create_table(
        "alert_deliveries",
        sa.Column("message_id", sa.Text(), nullable=False, comment="the mail"),
        sa.Column("address", sa.Text(), nullable=False, comment="recipient or webhook"),
        sa.Column("outcome", sa.Text(), nullable=False, comment="accepted, put-off or refused"),
        sa.Column("code", sa.Integer(), nullable=True, comment="reply code of the server; null: none came"),
        sa.Column("reply", sa.Text(), nullable=True, comment="the server's words"),
        sa.Column("tried_at", MOMENT, nullable=False, comment="last try"),
        sa.Column("tries", sa.Integer(), nullable=False, comment="how many"),
        sa.CheckConstraint("outcome IN ('accepted', 'put-off', 'refused')", name=op.f("ck_alert_deliveries_outcome")),
        sa.ForeignKeyConstraint(["message_id"], ["alerts.message_id"], name=op.f("fk_alert_deliveries_message_id")),
        sa.PrimaryKeyConstraint("message_id", "address", name=op.f("pk_alert_deliveries")),
        comment="what became of each mail for each recipient",
    )


def _make_former_alert_statements() -> None:
    op.create_table(
        "alert_statements",
        sa.Column("message_id", sa.Text(), nullable=False, comment="the mail"),
        sa.Column("statement_id", sa.Text(), nullable=False, comment="what it tells"),
        sa.Column(
            "subscription_id", sa.Text(), nullable=False, comment="that of the mail: no statement is told twice to it"
        ),
        sa.ForeignKeyConstraint(["message_id"], ["alerts.message_id"], name=op.f("fk_alert_statements_message_id")),
        sa.ForeignKeyConstraint(
            ["statement_id"], ["statements.statement_id"], name=op.f("fk_alert_statements_statement_id")
        ),
        sa.PrimaryKeyConstraint("message_id", "statement_id", name=op.f("pk_alert_statements")),
        sa.UniqueConstraint(
            "subscription_id", "statement_id", name=op.f("uq_alert_statements_subscription_id_statement_id")
        ),
        comment="which statements a mail tells",
    )
    op.create_index(op.f("ix_alert_statements_statement_id"), "alert_statements", ["statement_id"])


def _make_triggers() -> None:
    if op.get_context().dialect.name == "postgresql":
        for name, body in POSTGRESQL_FUNCTIONS.items():
            op.execute(
                f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body}; RETURN NULL; END $$"
            )
    triggers = POSTGRESQL_TRIGGERS if op.get_context().dialect.name == "postgresql" else SQLITE_TRIGGERS
    for name, body in triggers.items():
        op.execute(f"CREATE TRIGGER {name} {body}")


def _drop_triggers() -> None:
    postgresql = op.get_context().dialect.name == "postgresql"
    for name in SQLITE_TRIGGERS:
        table = TABLES_OF.get(name, "article_events")
        op.execute(f"DROP TRIGGER {name}" + (f" ON {table}" if postgresql else ""))
    for name in POSTGRESQL_FUNCTIONS if postgresql else ():
        op.execute(f"DROP FUNCTION {name}()")
