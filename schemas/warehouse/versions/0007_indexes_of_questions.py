"""Indexes that the worked queries need over years of statements."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

STANDING = "superseded_at IS NULL"
INDEXES = {
    "ix_statements_channels": ("statements", ["label", "channel"], STANDING),
    "ix_statements_bases": ("statements", ["said_on_basis"], STANDING),
    "ix_statements_languages": ("statements", ["language", "label"], STANDING),
    "ix_statements_speakers": ("statements", ["group_id", "speaker"], f"{STANDING} AND speaker IS NOT NULL"),
    "ix_statements_undated": ("statements", ["label", "group_id"], f"{STANDING} AND said_on IS NULL"),
    "ix_statements_conditions": ("statements", ["said_on"], "condition IS NOT NULL"),
    "ix_sightings_wordings": ("sightings", ["recorded_at"], f"{STANDING} AND text IS NOT NULL"),
}


def upgrade() -> None:
    op.create_index("ix_article_versions_recorded_at", "article_versions", ["recorded_at"])
    for name, (table, columns, condition) in INDEXES.items():
        where = sa.text(condition)
        op.create_index(name, table, columns, sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    for name, (table, _, _) in INDEXES.items():
        op.drop_index(name, table)
    op.drop_index("ix_article_versions_recorded_at", "article_versions")
