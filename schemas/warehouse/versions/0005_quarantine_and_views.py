"""What became of quarantined things, held batches, and the views that analysts ask."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

STAGES = ("entries", "pages", "articles", "statements")
COLUMNS = (
    ("version_id", sa.Text(), "the version that it was found in; null for entries, pages and batches"),
    ("resolved_at", sa.DateTime(timezone=True), "when it was dealt with; null: it is open"),
    ("resolution", sa.Text(), "passed, retried, accepted or dismissed; null while it is open"),
    ("note", sa.Text(), "why, as the person wrote who dealt with it"),
)
VIEWS = {
    "current_statements": """
SELECT s.statement_id, s.label, s.group_id, s.speaker, s.said_on, s.said_on_precision, s.said_on_basis, s.channel,
       s.target, s.condition, s.text, s.quoted, s.language, s.confidence, s.cameo, s.rule_ids, s.ruleset,
       s.first_seen_at, s.recorded_at, a.url, v.title, v.outlet, v.published_at, s.version_id, s.span_start, s.span_end,
       (SELECT count(DISTINCT g.article_id) FROM sightings AS g
         WHERE g.statement_id = s.statement_id AND g.superseded_at IS NULL) AS articles
FROM statements AS s
JOIN articles AS a ON a.article_id = s.article_id
JOIN article_versions AS v ON v.version_id = s.version_id
WHERE s.superseded_at IS NULL""",
    "daily_counts": """
SELECT said_on, label, group_id, count(*) AS statements
FROM statements WHERE superseded_at IS NULL AND said_on_precision = 'day'
GROUP BY said_on, label, group_id""",
    "group_activity": """
SELECT group_id, sum(n) AS statements,
       sum(CASE label WHEN 'threat' THEN n ELSE 0 END) AS threats,
       sum(CASE label WHEN 'admission' THEN n ELSE 0 END) AS admissions,
       sum(CASE label WHEN 'truce' THEN n ELSE 0 END) AS truces,
       min(first_said_on) AS first_said_on, max(last_said_on) AS last_said_on
FROM (SELECT group_id, label, count(*) AS n, min(said_on) AS first_said_on, max(said_on) AS last_said_on
        FROM statements WHERE superseded_at IS NULL GROUP BY group_id, label) AS counted
GROUP BY group_id""",
    "source_report": """
SELECT s.source_id, s.name, s.kind, s.outlet, s.language, s.country, s.enabled, h.state, h.state_since, h.problem,
       h.polled_at, h.next_poll_at, h.newest_at, s.last_success_at,
       (SELECT count(*) FROM articles AS a WHERE a.source_id = s.source_id) AS articles,
       (SELECT max(a.first_seen_at) FROM articles AS a WHERE a.source_id = s.source_id) AS last_article_at,
       (SELECT count(*) FROM quarantine AS q WHERE q.source_id = s.source_id AND q.resolved_at IS NULL) AS quarantined
FROM sources AS s
LEFT JOIN source_health AS h ON h.source_id = s.source_id""",
    "open_quarantine": """
SELECT quarantine_id, stage, reason, detail, item_key, source_id, version_id, run_id, held_at
FROM quarantine WHERE resolved_at IS NULL""",
}


def upgrade() -> None:
    with op.batch_alter_table("quarantine") as quarantine:
        quarantine.drop_constraint(op.f("ck_quarantine_stage"), type_="check")
        quarantine.create_check_constraint(op.f("ck_quarantine_stage"), _one_of((*STAGES, "batches")))
        for name, kind, comment in COLUMNS:
            quarantine.add_column(sa.Column(name, kind, nullable=True, comment=comment))
        quarantine.create_check_constraint(
            op.f("ck_quarantine_resolution"), "resolution IN ('passed', 'retried', 'accepted', 'dismissed')"
        )
        quarantine.create_check_constraint(
            op.f("ck_quarantine_resolved"), "(resolved_at IS NULL) = (resolution IS NULL)"
        )
    if op.get_context().dialect.name == "postgresql":
        op.alter_column("quarantine", "stage", comment="entries, pages, articles, statements or batches")
    op.create_index("ix_quarantine_version_id", "quarantine", ["version_id"])
    op.execute("UPDATE quarantine SET version_id = item_key WHERE stage = 'articles'")
    op.create_index(
        "ix_statements_standing",
        "statements",
        ["said_on", "label", "group_id", "said_on_precision"],
        sqlite_where=sa.text("superseded_at IS NULL"),
        postgresql_where=sa.text("superseded_at IS NULL"),
    )
    op.create_index(
        "ix_statements_active",
        "statements",
        ["group_id", "label", "said_on"],
        sqlite_where=sa.text("superseded_at IS NULL"),
        postgresql_where=sa.text("superseded_at IS NULL"),
    )
    op.drop_index("ix_articles_source_id", "articles")
    op.create_index("ix_articles_source_id_first_seen_at", "articles", ["source_id", "first_seen_at"])
    for name, query in VIEWS.items():
        op.execute(f"CREATE VIEW {name} AS {query}")


def downgrade() -> None:
    for name in VIEWS:
        op.execute(f"DROP VIEW {name}")
    op.drop_index("ix_articles_source_id_first_seen_at", "articles")
    op.create_index("ix_articles_source_id", "articles", ["source_id"])
    op.drop_index("ix_statements_active", "statements")
    op.drop_index("ix_statements_standing", "statements")
    op.execute("DELETE FROM quarantine WHERE stage = 'batches'")
    op.drop_index("ix_quarantine_version_id", "quarantine")
    with op.batch_alter_table("quarantine") as quarantine:
        for name in ("resolution", "resolved", "stage"):
            quarantine.drop_constraint(op.f(f"ck_quarantine_{name}"), type_="check")
        quarantine.create_check_constraint(op.f("ck_quarantine_stage"), _one_of(STAGES))
        for name, *_ in COLUMNS:
            quarantine.drop_column(name)
    if op.get_context().dialect.name == "postgresql":
        op.alter_column("quarantine", "stage", comment="entries, pages, articles or statements")


def _one_of(stages: tuple[str, ...]) -> str:
    return f"stage IN ({', '.join(repr(stage) for stage in stages)})"
