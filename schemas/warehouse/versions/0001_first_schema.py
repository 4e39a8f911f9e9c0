"""The first schema: sources, captures, articles with versions, statements with sightings, quarantine, alerts, runs."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

JSON_TEXT = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "alerts",
        sa.Column("message_id", sa.Text(), nullable=False, comment="Message-ID of the mail, stable over retries"),
        sa.Column("subscription_id", sa.Text(), nullable=False, comment="whose (subscriptions/)"),
        sa.Column("recipients", JSON_TEXT, nullable=False, comment="addresses as they were when it was made"),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, comment="when it was put into the outbox"),
        sa.Column(
            "sent_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="when the SMTP server took it; null while it waits",
        ),
        sa.Column("tries", sa.Integer(), nullable=False, comment="how often sending it failed"),
        sa.Column("problem", sa.Text(), nullable=True, comment="what the last failure was"),
        sa.Column("given_up", sa.Boolean(), nullable=False, comment="whether it is not tried any more"),
        sa.CheckConstraint("tries >= 0", name=op.f("ck_alerts_tries")),
        sa.PrimaryKeyConstraint("message_id", name=op.f("pk_alerts")),
        comment="the outbox: one row a mail",
    )
    op.create_index(op.f("ix_alerts_sent_at_created_at"), "alerts", ["sent_at", "created_at"], unique=False)
    op.create_table(
        "runs",
        sa.Column("run_id", sa.Text(), nullable=False, comment="one execution of one job"),
        sa.Column("job", sa.Text(), nullable=False, comment="collect, analyse, alert, ..."),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False, comment="start of its last try"),
        sa.Column(
            "finished_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="null while it runs, or when it was killed",
        ),
        sa.Column("status", sa.Text(), nullable=False, comment="running, done or failed"),
        sa.Column("counts", JSON_TEXT, nullable=False, comment="what was done, by name"),
        sa.Column("problems", JSON_TEXT, nullable=False, comment="one line a problem"),
        sa.CheckConstraint("status IN ('running', 'done', 'failed')", name=op.f("ck_runs_status")),
        sa.PrimaryKeyConstraint("run_id", name=op.f("pk_runs")),
        comment="the log of runs: what was tried, with which counts and problems",
    )
    op.create_index(op.f("ix_runs_job_started_at"), "runs", ["job", "started_at"], unique=False)
    op.create_table(
        "sources",
        sa.Column("source_id", sa.Text(), nullable=False, comment="lower-case slug of the sources file"),
        sa.Column("kind", sa.Text(), nullable=False, comment="feed or page"),
        sa.Column("url", sa.Text(), nullable=False, comment="address that is collected"),
        sa.Column("name", sa.Text(), nullable=False, comment="what people call it"),
        sa.Column("outlet", sa.Text(), nullable=True, comment="the publisher, where it differs from the name"),
        sa.Column("language", sa.Text(), nullable=True, comment="ar, en, or null when mixed or unknown"),
        sa.Column("country", sa.Text(), nullable=True, comment="ISO 3166 alpha-2 of the outlet"),
        sa.Column("enabled", sa.Boolean(), nullable=False, comment="whether it is collected"),
        sa.Column(
            "first_seen_at", sa.DateTime(timezone=True), nullable=False, comment="when the warehouse first heard of it"
        ),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="when it was last read from a sources file",
        ),
        sa.Column(
            "last_success_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="last time it was fetched and read without a problem",
        ),
        sa.Column(
            "last_problem_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="last time it could not be fetched or read",
        ),
        sa.Column("last_problem", sa.Text(), nullable=True, comment="what that problem was, in one line"),
        sa.CheckConstraint("kind IN ('feed', 'page')", name=op.f("ck_sources_kind")),
        sa.PrimaryKeyConstraint("source_id", name=op.f("pk_sources")),
        comment="feeds and pages that are collected",
    )
    op.create_table(
        "articles",
        sa.Column("article_id", sa.Text(), nullable=False, comment="derived from the canonical URL"),
        sa.Column("url", sa.Text(), nullable=False, comment="canonical URL"),
        sa.Column("source_id", sa.Text(), nullable=False, comment="the source that first brought it"),
        sa.Column(
            "first_seen_at", sa.DateTime(timezone=True), nullable=False, comment="when its first version was stored"
        ),
        sa.ForeignKeyConstraint(["source_id"], ["sources.source_id"], name=op.f("fk_articles_source_id")),
        sa.PrimaryKeyConstraint("article_id", name=op.f("pk_articles")),
        sa.UniqueConstraint("url", name=op.f("uq_articles_url")),
        comment="one row an article; its texts are in article_versions",
    )
    op.create_index(op.f("ix_articles_source_id"), "articles", ["source_id"], unique=False)
    op.create_table(
        "captures",
        sa.Column("capture_id", sa.Text(), nullable=False, comment="WARC-Record-ID, a UUID without braces"),
        sa.Column("source_id", sa.Text(), nullable=False, comment="the source whose collection asked for it"),
        sa.Column(
            "entry_key",
            sa.Text(),
            nullable=True,
            comment="the feed entry whose page this is, once that page has been dealt with",
        ),
        sa.Column("url", sa.Text(), nullable=False, comment="address asked for"),
        sa.Column("final_url", sa.Text(), nullable=False, comment="address that answered"),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=False, comment="time of the answer"),
        sa.Column("status", sa.Integer(), nullable=False, comment="HTTP status"),
        sa.Column("media_type", sa.Text(), nullable=True, comment="lower-case media type without parameters"),
        sa.Column("body_sha256", sa.Text(), nullable=False, comment="hexadecimal SHA-256 of the decoded body"),
        sa.Column("body_bytes", sa.BigInteger(), nullable=False, comment="length of the decoded body"),
        sa.Column("archive_file", sa.Text(), nullable=False, comment="WARC file, relative to the archive's root"),
        sa.Column("archive_offset", sa.BigInteger(), nullable=False, comment="byte offset of the record in that file"),
        sa.CheckConstraint("body_bytes >= 0 AND archive_offset >= 0", name=op.f("ck_captures_sizes")),
        sa.CheckConstraint("length(body_sha256) = 64", name=op.f("ck_captures_sha256")),
        sa.CheckConstraint("status BETWEEN 100 AND 599", name=op.f("ck_captures_status")),
        sa.ForeignKeyConstraint(["source_id"], ["sources.source_id"], name=op.f("fk_captures_source_id")),
        sa.PrimaryKeyConstraint("capture_id", name=op.f("pk_captures")),
        comment="responses in the archive: the evidence under every row",
    )
    op.create_index(op.f("ix_captures_source_id_entry_key"), "captures", ["source_id", "entry_key"], unique=False)
    op.create_table(
        "quality_results",
        sa.Column("run_id", sa.Text(), nullable=False, comment="the run that judged"),
        sa.Column("batch_id", sa.Text(), nullable=False, comment="derived from the versions in the batch"),
        sa.Column("suite", sa.Text(), nullable=False, comment="articles or statements"),
        sa.Column("expectation", sa.Text(), nullable=False, comment="id of the expectation in its suite"),
        sa.Column("passed", sa.Boolean(), nullable=False, comment="whether it held"),
        sa.Column("row_level", sa.Boolean(), nullable=False, comment="whether it judges rows, or the batch as a whole"),
        sa.Column("rows_judged", sa.Integer(), nullable=False, comment="rows in the batch"),
        sa.Column("rows_failed", sa.Integer(), nullable=False, comment="rows that broke it"),
        sa.Column("observed", sa.Text(), nullable=True, comment="observed value of a batch expectation"),
        sa.Column("judged_at", sa.DateTime(timezone=True), nullable=False, comment="time of the run"),
        sa.ForeignKeyConstraint(["run_id"], ["runs.run_id"], name=op.f("fk_quality_results_run_id")),
        sa.PrimaryKeyConstraint("run_id", "batch_id", "suite", "expectation", name=op.f("pk_quality_results")),
        comment="what the quality gate found, by run, batch and expectation",
    )
    op.create_index(
        op.f("ix_quality_results_suite_expectation_judged_at"),
        "quality_results",
        ["suite", "expectation", "judged_at"],
        unique=False,
    )
    op.create_table(
        "quarantine",
        sa.Column("quarantine_id", sa.Text(), nullable=False, comment="derived from stage, reason, key and source"),
        sa.Column("stage", sa.Text(), nullable=False, comment="entries, pages, articles or statements"),
        sa.Column("reason", sa.Text(), nullable=False, comment="id of the expectation, or code of the error"),
        sa.Column("detail", sa.Text(), nullable=False, comment="what was observed and what to do, in one line"),
        sa.Column("payload", sa.Text(), nullable=False, comment="the thing itself as JSON text"),
        sa.Column("item_key", sa.Text(), nullable=False, comment="entry key, URL, version id or statement id"),
        sa.Column("source_id", sa.Text(), nullable=True, comment="where it came from"),
        sa.Column("run_id", sa.Text(), nullable=False, comment="the run that first held it"),
        sa.Column("held_at", sa.DateTime(timezone=True), nullable=False, comment="when it was first held"),
        sa.CheckConstraint("stage IN ('entries', 'pages', 'articles', 'statements')", name=op.f("ck_quarantine_stage")),
        sa.ForeignKeyConstraint(["run_id"], ["runs.run_id"], name=op.f("fk_quarantine_run_id")),
        sa.ForeignKeyConstraint(["source_id"], ["sources.source_id"], name=op.f("fk_quarantine_source_id")),
        sa.PrimaryKeyConstraint("quarantine_id", name=op.f("pk_quarantine")),
        comment="what a stage could not take, with the reason; nothing is dropped silently",
    )
    op.create_index(op.f("ix_quarantine_run_id"), "quarantine", ["run_id"], unique=False)
    op.create_index(op.f("ix_quarantine_source_id"), "quarantine", ["source_id"], unique=False)
    op.create_index(op.f("ix_quarantine_stage_reason"), "quarantine", ["stage", "reason"], unique=False)
    op.create_table(
        "article_versions",
        sa.Column(
            "version_id", sa.Text(), nullable=False, comment="derived from URL, title, body and publication time"
        ),
        sa.Column("article_id", sa.Text(), nullable=False, comment="whose text this is"),
        sa.Column("source_id", sa.Text(), nullable=False, comment="the source that brought this text"),
        sa.Column("capture_id", sa.Text(), nullable=False, comment="the capture that it was read from"),
        sa.Column("title", sa.Text(), nullable=False, comment="headline, plain text"),
        sa.Column(
            "body", sa.Text(), nullable=False, comment="paragraphs separated by a newline; offsets count its characters"
        ),
        sa.Column("language", sa.Text(), nullable=True, comment="ISO 639-1, null when it could not be told"),
        sa.Column(
            "published_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="as the publisher says; never the time of fetching",
        ),
        sa.Column(
            "published_basis", sa.Text(), nullable=True, comment="feed, metadata or text; null with published_at"
        ),
        sa.Column("author", sa.Text(), nullable=True, comment="as written"),
        sa.Column("outlet", sa.Text(), nullable=True, comment="the publisher as this version names it"),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False, comment="when this text was stored"),
        sa.Column("is_current", sa.Boolean(), nullable=False, comment="whether it is the text that the page has now"),
        sa.Column(
            "analysed_by",
            sa.Text(),
            nullable=True,
            comment="the rule set that saw it last; null: none since it became the current text",
        ),
        sa.Column("analysed_at", sa.DateTime(timezone=True), nullable=True, comment="when that was"),
        sa.CheckConstraint(
            "published_basis IN ('feed', 'metadata', 'text')", name=op.f("ck_article_versions_published_basis")
        ),
        sa.CheckConstraint(
            "(published_at IS NULL) = (published_basis IS NULL)", name=op.f("ck_article_versions_published")
        ),
        sa.ForeignKeyConstraint(["article_id"], ["articles.article_id"], name=op.f("fk_article_versions_article_id")),
        sa.ForeignKeyConstraint(["capture_id"], ["captures.capture_id"], name=op.f("fk_article_versions_capture_id")),
        sa.ForeignKeyConstraint(["source_id"], ["sources.source_id"], name=op.f("fk_article_versions_source_id")),
        sa.PrimaryKeyConstraint("version_id", name=op.f("pk_article_versions")),
        comment="every text that an article ever had; an edit is a new row",
    )
    op.create_index(
        op.f("ix_article_versions_analysed_by_recorded_at"),
        "article_versions",
        ["analysed_by", "recorded_at"],
        unique=False,
    )
    op.create_index(op.f("ix_article_versions_article_id"), "article_versions", ["article_id"], unique=False)
    op.create_index(op.f("ix_article_versions_capture_id"), "article_versions", ["capture_id"], unique=False)
    op.create_index(op.f("ix_article_versions_published_at"), "article_versions", ["published_at"], unique=False)
    op.create_index(
        "uq_article_versions_current",
        "article_versions",
        ["article_id"],
        unique=True,
        sqlite_where=sa.text("is_current = 1"),
        postgresql_where=sa.text("is_current"),
    )
    op.create_table(
        "statements",
        sa.Column(
            "statement_id", sa.Text(), nullable=False, comment="derived from content, stable over runs and outlets"
        ),
        sa.Column("label", sa.Text(), nullable=False, comment="threat, admission or truce"),
        sa.Column(
            "group_id",
            sa.Text(),
            nullable=True,
            comment="id of the registry (rules/groups.yml); null: an unnamed group",
        ),
        sa.Column(
            "speaker",
            sa.Text(),
            nullable=True,
            comment="id of the registry or the name as written; null: nobody is named",
        ),
        sa.Column(
            "said_on",
            sa.Date(),
            nullable=True,
            comment="when it was said; first day of a month or year; null: the text does not say",
        ),
        sa.Column("said_on_precision", sa.Text(), nullable=True, comment="day, month or year; null with said_on"),
        sa.Column(
            "said_on_basis",
            sa.Text(),
            nullable=True,
            comment="text, relative-to-text, relative-to-publication or publication",
        ),
        sa.Column("channel", sa.Text(), nullable=True, comment="how it was made public"),
        sa.Column("target", sa.Text(), nullable=True, comment="at whom or what it is aimed, as written"),
        sa.Column("condition", sa.Text(), nullable=True, comment="if, until, a deadline: as written"),
        sa.Column("text", sa.Text(), nullable=False, comment="the words, exactly as in the version's body"),
        sa.Column(
            "quoted", sa.Boolean(), nullable=False, comment="whether the group's own words stand in quotation marks"
        ),
        sa.Column("language", sa.Text(), nullable=True, comment="language of the article"),
        sa.Column("article_id", sa.Text(), nullable=False, comment="the article where it was first recorded"),
        sa.Column(
            "version_id", sa.Text(), nullable=False, comment="the text where it was first recorded; offsets count it"
        ),
        sa.Column("span_start", sa.Integer(), nullable=False, comment="first character in the version's body"),
        sa.Column("span_end", sa.Integer(), nullable=False, comment="behind the last character"),
        sa.Column(
            "confidence",
            sa.Float(),
            nullable=False,
            comment="0 to 1: the rule's status and strength of the attribution",
        ),
        sa.Column("cameo", sa.Text(), nullable=False, comment="CAMEO code of the act; leading zeros count"),
        sa.Column("rule_ids", JSON_TEXT, nullable=False, comment="ids of the rules that fired, sorted"),
        sa.Column(
            "cues", JSON_TEXT, nullable=False, comment="[start, end, role] of each piece that the decision stands on"
        ),
        sa.Column("ruleset", sa.Text(), nullable=False, comment="identity of the rule set that first found it"),
        sa.Column(
            "first_seen_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="earliest capture of an article that carries it",
        ),
        sa.Column(
            "recorded_at", sa.DateTime(timezone=True), nullable=False, comment="when the warehouse first held it"
        ),
        sa.Column(
            "superseded_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="since when no current sighting holds it; null: it stands",
        ),
        sa.CheckConstraint("label IN ('threat', 'admission', 'truce')", name=op.f("ck_statements_label")),
        sa.CheckConstraint(
            "said_on_basis IN ('text', 'relative-to-text', 'relative-to-publication', 'publication')",
            name=op.f("ck_statements_said_on_basis"),
        ),
        sa.CheckConstraint(
            "said_on_precision IN ('day', 'month', 'year')", name=op.f("ck_statements_said_on_precision")
        ),
        sa.CheckConstraint(
            "(said_on IS NULL) = (said_on_precision IS NULL) AND (said_on IS NULL) = (said_on_basis IS NULL)",
            name=op.f("ck_statements_said_on"),
        ),
        sa.CheckConstraint("confidence >= 0 AND confidence <= 1", name=op.f("ck_statements_confidence")),
        sa.CheckConstraint("span_start >= 0 AND span_end > span_start", name=op.f("ck_statements_span")),
        sa.CheckConstraint(
            "superseded_at IS NULL OR superseded_at >= recorded_at", name=op.f("ck_statements_superseded_at")
        ),
        sa.ForeignKeyConstraint(["article_id"], ["articles.article_id"], name=op.f("fk_statements_article_id")),
        sa.ForeignKeyConstraint(["version_id"], ["article_versions.version_id"], name=op.f("fk_statements_version_id")),
        sa.PrimaryKeyConstraint("statement_id", name=op.f("pk_statements")),
        comment="what armed groups say: one row a statement, however many outlets carry it",
    )
    op.create_index(op.f("ix_statements_article_id"), "statements", ["article_id"], unique=False)
    op.create_index(op.f("ix_statements_group_id_said_on"), "statements", ["group_id", "said_on"], unique=False)
    op.create_index(op.f("ix_statements_label_said_on"), "statements", ["label", "said_on"], unique=False)
    op.create_index(op.f("ix_statements_recorded_at"), "statements", ["recorded_at"], unique=False)
    op.create_index(op.f("ix_statements_said_on"), "statements", ["said_on"], unique=False)
    op.create_index(op.f("ix_statements_version_id"), "statements", ["version_id"], unique=False)
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
    op.create_index(op.f("ix_alert_statements_statement_id"), "alert_statements", ["statement_id"], unique=False)
    op.create_table(
        "sightings",
        sa.Column("statement_id", sa.Text(), nullable=False, comment="what was seen"),
        sa.Column("version_id", sa.Text(), nullable=False, comment="the text it stands in"),
        sa.Column("span_start", sa.Integer(), nullable=False, comment="first character in the version's body"),
        sa.Column(
            "recorded_at", sa.DateTime(timezone=True), nullable=False, comment="since when this sighting was held"
        ),
        sa.Column("span_end", sa.Integer(), nullable=False, comment="behind the last character"),
        sa.Column("article_id", sa.Text(), nullable=False, comment="the article of the version"),
        sa.Column("ruleset", sa.Text(), nullable=False, comment="identity of the rule set that opened it"),
        sa.Column("run_id", sa.Text(), nullable=False, comment="the run that opened it"),
        sa.Column(
            "superseded_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="since when it is not: an edit or another rule set; null: it stands",
        ),
        sa.CheckConstraint("span_start >= 0 AND span_end > span_start", name=op.f("ck_sightings_span")),
        sa.CheckConstraint(
            "superseded_at IS NULL OR superseded_at >= recorded_at", name=op.f("ck_sightings_superseded_at")
        ),
        sa.ForeignKeyConstraint(["article_id"], ["articles.article_id"], name=op.f("fk_sightings_article_id")),
        sa.ForeignKeyConstraint(["run_id"], ["runs.run_id"], name=op.f("fk_sightings_run_id")),
        sa.ForeignKeyConstraint(["statement_id"], ["statements.statement_id"], name=op.f("fk_sightings_statement_id")),
        sa.ForeignKeyConstraint(["version_id"], ["article_versions.version_id"], name=op.f("fk_sightings_version_id")),
        sa.PrimaryKeyConstraint("statement_id", "version_id", "span_start", "recorded_at", name=op.f("pk_sightings")),
        comment="where each statement was seen, and from when to when that was held",
    )
    op.create_index(op.f("ix_sightings_article_id"), "sightings", ["article_id"], unique=False)
    op.create_index(op.f("ix_sightings_run_id"), "sightings", ["run_id"], unique=False)
    op.create_index(op.f("ix_sightings_version_id"), "sightings", ["version_id"], unique=False)


def downgrade() -> None:
    for table in (
        "sightings",
        "alert_statements",
        "statements",
        "article_versions",
        "quarantine",
        "quality_results",
        "captures",
        "articles",
        "sources",
        "runs",
        "alerts",
    ):
        op.drop_table(table)
