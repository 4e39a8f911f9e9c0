"""Searching over folded words, and on PostgreSQL monthly partitions of the tables that only grow."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

KEYS = {
    "sightings": ("statement_id, version_id, span_start, recorded_at", "recorded_at"),
    "quality_results": ("run_id, batch_id, suite, expectation, judged_at", "judged_at"),
}
OLD_KEYS = {**KEYS, "quality_results": ("run_id, batch_id, suite, expectation", None)}
REFERENCES = {
    "sightings": {
        "statement_id": "statements",
        "version_id": "article_versions",
        "article_id": "articles",
        "run_id": "runs",
    },
    "quality_results": {"run_id": "runs"},
}
INDEXES = {
    "sightings": (("article_id",), ("version_id",), ("run_id",)),
    "quality_results": (("suite", "expectation", "judged_at"),),
}
# The same letters for the same letters as pipeline.text.folding: a test holds the two together.
FROM = "أإآٱىیېةۀہھؤئکگپچژڤ٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹"
TO = "اااايييههههويككبجزف01234567890123456789"
MARKS = "\\u0640\\u0610-\\u061a\\u064b-\\u065f\\u0670\\u06d6-\\u06ed\\u0300-\\u036f"
INVISIBLE = "\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u2069\\ufeff\\u00ad"
FOLD = f"""
CREATE FUNCTION bayan_fold(words text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
SELECT regexp_replace(
    normalize(translate(normalize(lower(words), NFKC), '{FROM}', '{TO}'), NFD), '[{MARKS}{INVISIBLE}]', '', 'g')
$$
"""


def upgrade() -> None:
    if op.get_context().dialect.name == "postgresql":
        op.execute(FOLD)
        op.execute("COMMENT ON FUNCTION bayan_fold IS 'words as statements.folded has them: for full-text queries'")
        op.execute("CREATE INDEX ix_statements_words ON statements USING gin (to_tsvector('simple', folded))")
        for table in KEYS:
            _make_anew(table, KEYS[table][0], KEYS[table][1])
            op.execute(f"CREATE TABLE {table}_other PARTITION OF {table} DEFAULT")
            _move(table)
    else:
        op.execute("CREATE VIRTUAL TABLE statement_words USING fts5(statement_id UNINDEXED, folded)")
        op.execute("INSERT INTO statement_words SELECT statement_id, folded FROM statements")
        op.execute(
            "CREATE TRIGGER statement_words_added AFTER INSERT ON statements BEGIN "
            "INSERT INTO statement_words (statement_id, folded) VALUES (new.statement_id, new.folded); END"
        )
        _key_of_results(KEYS)


def downgrade() -> None:
    if op.get_context().dialect.name == "postgresql":
        for table in KEYS:
            _make_anew(table, OLD_KEYS[table][0], None)
            _move(table)
        op.execute("DROP INDEX ix_statements_words")
        op.execute("DROP FUNCTION bayan_fold")
    else:
        _key_of_results(OLD_KEYS)
        op.execute("DROP TRIGGER statement_words_added")
        op.execute("DROP TABLE statement_words")


def _key_of_results(keys: dict[str, tuple[str, str | None]]) -> None:
    """The same key as on PostgreSQL, whose partitions need the time in it."""
    with op.batch_alter_table("quality_results") as results:
        results.drop_constraint("pk_quality_results", type_="primary")
        results.create_primary_key("pk_quality_results", keys["quality_results"][0].split(", "))


def _make_anew(table: str, key: str, partitioned_by: str | None) -> None:
    """Put a table of the same columns and checks in the place of one, which waits as `<table>_before`."""
    before = f"{table}_before"
    op.execute(f"ALTER TABLE {table} RENAME TO {before}")
    op.execute(f"ALTER TABLE {before} DROP CONSTRAINT pk_{table} CASCADE")
    for columns in INDEXES[table]:
        op.execute(f"DROP INDEX ix_{table}_{'_'.join(columns)}")
    ranges = f" PARTITION BY RANGE ({partitioned_by})" if partitioned_by else ""
    kept = "INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING COMMENTS"
    op.execute(f"CREATE TABLE {table} (LIKE {before} {kept}){ranges}")
    op.execute(f"ALTER TABLE {table} ADD CONSTRAINT pk_{table} PRIMARY KEY ({key})")
    for column, target in REFERENCES[table].items():
        op.execute(f"ALTER TABLE {table} ADD CONSTRAINT fk_{table}_{column} FOREIGN KEY ({column}) REFERENCES {target}")
    for columns in INDEXES[table]:
        op.create_index(f"ix_{table}_{'_'.join(columns)}", table, list(columns))
    comment = op.get_bind().execute(sa.text("SELECT obj_description(CAST(:name AS regclass))"), {"name": before})
    op.create_table_comment(table, comment.scalar_one())


def _move(table: str) -> None:
    """Fill the new table; what was stored before stays in one partition, since months are made as they come."""
    op.execute(f"INSERT INTO {table} SELECT * FROM {table}_before")  # noqa: S608 (a name written above)
    op.execute(f"DROP TABLE {table}_before")
