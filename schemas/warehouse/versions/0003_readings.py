"""Sightings keep how a statement read at each place, and statements the folded words that searching compares."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from pipeline.text.folding import fold_word

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

JSON_TEXT = sa.JSON().with_variant(JSONB(), "postgresql")
NULLABLE = (
    ("text", sa.Text(), "the words here; null: word for word those of the statement"),
    ("speaker", sa.Text(), "speaker as named here"),
    ("channel", sa.Text(), "channel as named here"),
    ("target", sa.Text(), "target as written here"),
    ("condition", sa.Text(), "condition as written here; null beside one in the statement: dropped"),
    ("said_on", sa.Date(), "day of saying as told here"),
    ("said_on_precision", sa.Text(), "day, month or year; null with said_on"),
    ("said_on_basis", sa.Text(), "text, relative-to-text, relative-to-publication or publication"),
)
REQUIRED = (
    ("found_id", sa.Text(), "statement id of exactly what stands here; differs when merged"),
    ("quoted", sa.Boolean(), "whether the group's own words stand in quotation marks here"),
    ("confidence", sa.Float(), "0 to 1, as this rule set read it"),
    ("cameo", sa.Text(), "CAMEO code, as this rule set read it"),
    ("rule_ids", JSON_TEXT, "ids of the rules that fired here, sorted"),
    ("cues", JSON_TEXT, "[start, end, role] in this version's body"),
)
FILLED = ("speaker", "channel", "target", "condition", "said_on", "said_on_precision", "said_on_basis", "quoted")
RULESET = "the rule set whose reading this row shows; older ones: sightings"
SEEN = "where each statement was seen, how it read there, and from when to when that was held"


def upgrade() -> None:
    _add_columns()
    _fill()
    _require()


def downgrade() -> None:
    with op.batch_alter_table("sightings") as sightings:
        sightings.drop_constraint(op.f("ck_sightings_confidence"), type_="check")
        for name, *_ in (*NULLABLE, *REQUIRED):
            sightings.drop_column(name)
    op.drop_column("statements", "folded")


def _add_columns() -> None:
    for name, kind, comment in (*REQUIRED, *NULLABLE):
        op.add_column("sightings", sa.Column(name, kind, nullable=True, comment=comment))
    folded = "the words as searching compares them: letters folded, no marks"
    # With a default, since SQLite would otherwise have to make anew a table that others refer to.
    op.add_column("statements", sa.Column("folded", sa.Text(), nullable=False, server_default="", comment=folded))


def _fill() -> None:
    """What sightings of before can be given: the statement's reading, and its cues only where they count this text."""
    copied = ", ".join(f"{name} = s.{name}" for name in (*FILLED, "confidence", "cameo", "rule_ids"))
    home = "sightings.version_id = s.version_id AND sightings.span_start = s.span_start"
    nothing = "'[]'::jsonb" if op.get_context().dialect.name == "postgresql" else "'[]'"
    op.execute(
        f"UPDATE sightings SET found_id = s.statement_id, {copied}, "  # noqa: S608 (names of columns written above)
        f"cues = CASE WHEN {home} THEN s.cues ELSE {nothing} END "
        "FROM statements AS s WHERE s.statement_id = sightings.statement_id"
    )
    connection = op.get_bind()
    rows = connection.execute(sa.text("SELECT statement_id, text FROM statements")).all()
    if rows:
        connection.execute(
            sa.text("UPDATE statements SET folded = :folded WHERE statement_id = :it"),
            [{"it": statement_id, "folded": fold_word(words)} for statement_id, words in rows],
        )


def _require() -> None:
    with op.batch_alter_table("sightings", table_kwargs={"comment": SEEN}) as sightings:
        for name, kind, _ in REQUIRED:
            sightings.alter_column(name, existing_type=kind, nullable=False)
        sightings.create_check_constraint(op.f("ck_sightings_confidence"), "confidence >= 0 AND confidence <= 1")
    if op.get_context().dialect.name == "postgresql":
        op.create_table_comment("sightings", SEEN)
        op.alter_column("statements", "ruleset", comment=RULESET)
