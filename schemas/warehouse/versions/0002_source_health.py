"""How sources fare, when pages are looked at again, deletions, near-duplicates; more kinds of source."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

JSON_TEXT = sa.JSON().with_variant(JSONB(), "postgresql")

KINDS = "kind IN ('feed', 'sitemap', 'channel', 'page', 'folder', 'warc')"
EARLIER_KINDS = "kind IN ('feed', 'page')"
NEW_TABLES = (
    "near_duplicates", "fingerprint_bands", "fingerprints", "article_events", "article_visits", "source_health",
)  # fmt: skip


def upgrade() -> None:
    allow_kinds(KINDS, "feed, sitemap, channel, page, folder or warc", "places that are collected")
    op.create_table(
        "source_health",
        sa.Column("source_id", sa.Text(), nullable=False, comment="whose"),
        sa.Column("state", sa.Text(), nullable=False, comment="healthy, empty, failing, silent or disabled"),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False, comment="since when"),
        sa.Column(
            "weight",
            sa.Float(),
            nullable=False,
            comment="weighted failures since it last gave something; 30 disable it",
        ),
        sa.Column("polled_at", sa.DateTime(timezone=True), nullable=True, comment="the last poll"),
        sa.Column("next_poll_at", sa.DateTime(timezone=True), nullable=False, comment="when it is due"),
        sa.Column("interval_s", sa.Integer(), nullable=False, comment="seconds between polls, by how often it changes"),
        sa.Column("newest_at", sa.DateTime(timezone=True), nullable=True, comment="when it last brought something new"),
        sa.Column(
            "rhythm_s",
            sa.Integer(),
            nullable=True,
            comment="longest usual gap between new things, in seconds; null: too few are known",
        ),
        sa.Column(
            "problem", sa.Text(), nullable=True, comment="the last failure, in one line; null since it gave something"
        ),
        sa.Column("reason", sa.Text(), nullable=True, comment="that failure's kind"),
        sa.Column(
            "asked_url",
            sa.Text(),
            nullable=True,
            comment="the address in the sources file that the following belong to",
        ),
        sa.Column("moved_to", sa.Text(), nullable=True, comment="where permanent redirects lead"),
        sa.Column("etag", sa.Text(), nullable=True, comment="validator of the last complete pass"),
        sa.Column("last_modified", sa.Text(), nullable=True, comment="validator of the last complete pass"),
        sa.Column(
            "conditional_polls", sa.Integer(), nullable=False, comment="conditional requests since an unconditional one"
        ),
        sa.Column("body_sha256", sa.Text(), nullable=True, comment="of the last body"),
        sa.Column("etag_lies", sa.Boolean(), nullable=False, comment="a validator was repeated after a change"),
        sa.Column(
            "told_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="when the operators were last told of its state",
        ),
        sa.CheckConstraint(
            "state IN ('healthy', 'empty', 'failing', 'silent', 'disabled')", name=op.f("ck_source_health_state")
        ),
        sa.ForeignKeyConstraint(["source_id"], ["sources.source_id"], name=op.f("fk_source_health_source_id")),
        sa.PrimaryKeyConstraint("source_id", name=op.f("pk_source_health")),
        comment="how each source fares, and when it is polled next",
    )
    op.create_index(op.f("ix_source_health_next_poll_at"), "source_health", ["next_poll_at"], unique=False)
    op.create_table(
        "article_visits",
        sa.Column("article_id", sa.Text(), nullable=False, comment="whose page"),
        sa.Column("source_id", sa.Text(), nullable=False, comment="the source that brought it"),
        sa.Column("url", sa.Text(), nullable=False, comment="the address to ask for"),
        sa.Column("visits", sa.Integer(), nullable=False, comment="how often it was looked at"),
        sa.Column(
            "next_visit_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="when it is looked at again; null: never",
        ),
        sa.Column("etag", sa.Text(), nullable=True, comment="validator of the last visit"),
        sa.Column("last_modified", sa.Text(), nullable=True, comment="validator of the last visit"),
        sa.ForeignKeyConstraint(["article_id"], ["articles.article_id"], name=op.f("fk_article_visits_article_id")),
        sa.ForeignKeyConstraint(["source_id"], ["sources.source_id"], name=op.f("fk_article_visits_source_id")),
        sa.PrimaryKeyConstraint("article_id", name=op.f("pk_article_visits")),
        comment="when the page of each article is looked at again, for edits and deletion",
    )
    op.create_index(
        op.f("ix_article_visits_source_id_next_visit_at"),
        "article_visits",
        ["source_id", "next_visit_at"],
        unique=False,
    )
    op.create_table(
        "article_events",
        sa.Column("event_id", sa.Text(), nullable=False, comment="derived from article, kind and time"),
        sa.Column("article_id", sa.Text(), nullable=False, comment="to which it happened"),
        sa.Column("kind", sa.Text(), nullable=False, comment="deleted or restored"),
        sa.Column(
            "reason", sa.Text(), nullable=False, comment="status-404, status-410, gone-from-channel or seen-again"
        ),
        sa.Column("observed_at", sa.DateTime(timezone=True), nullable=False, comment="when it was found"),
        sa.Column("source_id", sa.Text(), nullable=False, comment="in whose collection"),
        sa.Column("capture_id", sa.Text(), nullable=True, comment="the evidence"),
        sa.CheckConstraint("kind IN ('deleted', 'restored')", name=op.f("ck_article_events_kind")),
        sa.ForeignKeyConstraint(["article_id"], ["articles.article_id"], name=op.f("fk_article_events_article_id")),
        sa.ForeignKeyConstraint(["source_id"], ["sources.source_id"], name=op.f("fk_article_events_source_id")),
        sa.ForeignKeyConstraint(["capture_id"], ["captures.capture_id"], name=op.f("fk_article_events_capture_id")),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_article_events")),
        comment="what happened to articles besides edits; their texts stay",
    )
    op.create_index(
        op.f("ix_article_events_article_id_observed_at"), "article_events", ["article_id", "observed_at"], unique=False
    )
    op.create_index(op.f("ix_article_events_capture_id"), "article_events", ["capture_id"], unique=False)
    op.create_index(op.f("ix_article_events_observed_at"), "article_events", ["observed_at"], unique=False)
    op.create_index(op.f("ix_article_events_source_id"), "article_events", ["source_id"], unique=False)
    op.create_table(
        "fingerprints",
        sa.Column("version_id", sa.Text(), nullable=False, comment="whose text"),
        sa.Column("signature", JSON_TEXT, nullable=False, comment="MinHash values over its word triples"),
        sa.ForeignKeyConstraint(
            ["version_id"], ["article_versions.version_id"], name=op.f("fk_fingerprints_version_id")
        ),
        sa.PrimaryKeyConstraint("version_id", name=op.f("pk_fingerprints")),
        comment="by what near-duplicates are compared",
    )
    op.create_table(
        "fingerprint_bands",
        sa.Column("band", sa.BigInteger(), nullable=False, comment="one band of a signature, hashed with its number"),
        sa.Column("version_id", sa.Text(), nullable=False, comment="whose signature it is"),
        sa.ForeignKeyConstraint(
            ["version_id"], ["article_versions.version_id"], name=op.f("fk_fingerprint_bands_version_id")
        ),
        sa.PrimaryKeyConstraint("band", "version_id", name=op.f("pk_fingerprint_bands")),
        comment="by what near-duplicates are found: texts that share a band are compared",
    )
    op.create_index(op.f("ix_fingerprint_bands_version_id"), "fingerprint_bands", ["version_id"], unique=False)
    op.create_table(
        "near_duplicates",
        sa.Column("version_id", sa.Text(), nullable=False, comment="the later text"),
        sa.Column("other_version_id", sa.Text(), nullable=False, comment="the earlier one"),
        sa.Column("similarity", sa.Float(), nullable=False, comment="estimated share of common word triples, 0 to 1"),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False, comment="when they were linked"),
        sa.CheckConstraint("similarity BETWEEN 0 AND 1", name=op.f("ck_near_duplicates_similarity")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["article_versions.version_id"], name=op.f("fk_near_duplicates_version_id")
        ),
        sa.ForeignKeyConstraint(
            ["other_version_id"], ["article_versions.version_id"], name=op.f("fk_near_duplicates_other_version_id")
        ),
        sa.PrimaryKeyConstraint("version_id", "other_version_id", name=op.f("pk_near_duplicates")),
        comment="texts of different articles that are nearly the same; both are kept",
    )
    op.create_index(op.f("ix_near_duplicates_other_version_id"), "near_duplicates", ["other_version_id"], unique=False)


def downgrade() -> None:
    for table in NEW_TABLES:
        op.drop_table(table)
    # Sources of the new kinds stay, under the kind that is nearest: their captures and articles refer to them.
    op.execute("UPDATE sources SET kind = 'feed' WHERE kind IN ('sitemap', 'channel')")
    op.execute("UPDATE sources SET kind = 'page' WHERE kind IN ('folder', 'warc')")
    allow_kinds(EARLIER_KINDS, "feed or page", "feeds and pages that are collected")


def allow_kinds(check: str, of_the_column: str, of_the_table: str) -> None:
    """Let `sources.kind` be what `check` says. SQLite cannot change a check, so its table is made anew there."""
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint(op.f("ck_sources_kind"), "sources", type_="check")
        op.create_check_constraint(op.f("ck_sources_kind"), "sources", check)
        op.alter_column("sources", "kind", comment=of_the_column)
        op.create_table_comment("sources", of_the_table)
        return
    # Foreign keys are not enforced while the adapter migrates, so the tables that refer to this one do not notice.
    op.create_table(
        "sources_anew",
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("outlet", sa.Text()),
        sa.Column("language", sa.Text()),
        sa.Column("country", sa.Text()),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("first_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_success_at", sa.DateTime(timezone=True)),
        sa.Column("last_problem_at", sa.DateTime(timezone=True)),
        sa.Column("last_problem", sa.Text()),
        sa.CheckConstraint(check, name=op.f("ck_sources_kind")),
        sa.PrimaryKeyConstraint("source_id", name=op.f("pk_sources")),
    )
    op.execute("INSERT INTO sources_anew SELECT * FROM sources")
    op.drop_table("sources")
    op.rename_table("sources_anew", "sources")
