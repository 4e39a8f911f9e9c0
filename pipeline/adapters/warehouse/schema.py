"""The tables of the warehouse: what analysts query, and what the stages remember.

Names: snake_case; `_id` for keys, `_at` for times (UTC, with time zone), `_on` for dates. Every column carries its
meaning as a comment. The tables of a running database are made by the migrations in schemas/warehouse; a test holds
the two together. No query stands here.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    text,
)

from pipeline.adapters.warehouse.columns import JSON_TEXT, EscapedText, UtcDateTime
from pipeline.adapters.warehouse.reading_columns import reading_columns
from pipeline.records import LABELS, SOURCE_KINDS

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)


def _one_of(column: str, values: Iterable[str]) -> str:
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


def _key(name: str, target: str, comment: str, *, nullable: bool = False) -> Column[str]:
    return Column(name, Text, ForeignKey(target), nullable=nullable, comment=comment)


_STANDING = "superseded_at IS NULL"


def _partial(name: str, condition: str, *columns: str) -> Index:
    """An index of the rows of which the condition is true."""
    return Index(name, *columns, sqlite_where=text(condition), postgresql_where=text(condition))


sources = Table(
    "sources",
    metadata,
    Column("source_id", Text, primary_key=True, comment="lower-case slug of the sources file"),
    Column("kind", Text, nullable=False, comment="feed, sitemap, channel, page, folder or warc"),
    Column("url", Text, nullable=False, comment="address that is collected"),
    Column("name", Text, nullable=False, comment="what people call it"),
    Column("outlet", Text, comment="the publisher, where it differs from the name"),
    Column("language", Text, comment="ar, en, or null when mixed or unknown"),
    Column("country", Text, comment="ISO 3166 alpha-2 of the outlet"),
    Column("enabled", Boolean, nullable=False, comment="whether it is collected"),
    Column("first_seen_at", UtcDateTime, nullable=False, comment="when the warehouse first heard of it"),
    Column("updated_at", UtcDateTime, nullable=False, comment="when it was last read from a sources file"),
    Column("last_success_at", UtcDateTime, comment="last time it was fetched and read without a problem"),
    Column("last_problem_at", UtcDateTime, comment="last time it could not be fetched or read"),
    Column("last_problem", EscapedText, comment="what that problem was, in one line"),
    CheckConstraint(_one_of("kind", SOURCE_KINDS), name="kind"),
    comment="places that are collected",
)

runs = Table(
    "runs",
    metadata,
    Column("run_id", Text, primary_key=True, comment="one execution of one job"),
    Column("job", Text, nullable=False, comment="collect, analyse, alert, ..."),
    Column("started_at", UtcDateTime, nullable=False, comment="start of its last try"),
    Column("finished_at", UtcDateTime, comment="null while it runs, or when it was killed"),
    Column("status", Text, nullable=False, comment="running, done or failed"),
    Column("counts", JSON_TEXT, nullable=False, comment="what was done, by name"),
    Column("problems", JSON_TEXT, nullable=False, comment="one line a problem"),
    CheckConstraint(_one_of("status", ("running", "done", "failed")), name="status"),
    Index(None, "job", "started_at"),
    comment="the log of runs: what was tried, with which counts and problems",
)

captures = Table(
    "captures",
    metadata,
    Column("capture_id", Text, primary_key=True, comment="WARC-Record-ID, a UUID without braces"),
    _key("source_id", "sources.source_id", "the source whose collection asked for it"),
    Column("entry_key", Text, comment="the feed entry whose page this is, once that page has been dealt with"),
    Column("url", Text, nullable=False, comment="address asked for"),
    Column("final_url", Text, nullable=False, comment="address that answered"),
    Column("fetched_at", UtcDateTime, nullable=False, comment="time of the answer"),
    Column("status", Integer, nullable=False, comment="HTTP status"),
    Column("media_type", Text, comment="lower-case media type without parameters"),
    Column("body_sha256", Text, nullable=False, comment="hexadecimal SHA-256 of the decoded body"),
    Column("body_bytes", BigInteger, nullable=False, comment="length of the decoded body"),
    Column("archive_file", Text, nullable=False, comment="WARC file, relative to the archive's root"),
    Column("archive_offset", BigInteger, nullable=False, comment="byte offset of the record in that file"),
    CheckConstraint("status BETWEEN 100 AND 599", name="status"),
    CheckConstraint("body_bytes >= 0 AND archive_offset >= 0", name="sizes"),
    CheckConstraint("length(body_sha256) = 64", name="sha256"),
    Index(None, "source_id", "entry_key"),
    comment="responses in the archive: the evidence under every row",
)

articles = Table(
    "articles",
    metadata,
    Column("article_id", Text, primary_key=True, comment="derived from the canonical URL"),
    Column("url", Text, nullable=False, unique=True, comment="canonical URL"),
    _key("source_id", "sources.source_id", "the source that first brought it"),
    Column("first_seen_at", UtcDateTime, nullable=False, comment="when its first version was stored"),
    Index(None, "source_id", "first_seen_at"),
    comment="one row an article; its texts are in article_versions",
)

article_versions = Table(
    "article_versions",
    metadata,
    Column("version_id", Text, primary_key=True, comment="derived from URL, title, body and publication time"),
    _key("article_id", "articles.article_id", "whose text this is"),
    _key("source_id", "sources.source_id", "the source that brought this text"),
    _key("capture_id", "captures.capture_id", "the capture that it was read from"),
    Column("title", Text, nullable=False, comment="headline, plain text"),
    Column("body", Text, nullable=False, comment="paragraphs separated by a newline; offsets count its characters"),
    Column("language", Text, comment="ISO 639-1, null when it could not be told"),
    Column("published_at", UtcDateTime, comment="as the publisher says; never the time of fetching"),
    Column("published_basis", Text, comment="feed, metadata or text; null with published_at"),
    Column("author", Text, comment="as written"),
    Column("outlet", Text, comment="the publisher as this version names it"),
    Column("recorded_at", UtcDateTime, nullable=False, comment="when this text was stored"),
    Column("is_current", Boolean, nullable=False, comment="whether it is the text that the page has now"),
    Column("analysed_by", Text, comment="the rule set that saw it last; null: none since it became the current text"),
    Column("analysed_at", UtcDateTime, comment="when that was"),
    CheckConstraint(_one_of("published_basis", ("feed", "metadata", "text")), name="published_basis"),
    CheckConstraint("(published_at IS NULL) = (published_basis IS NULL)", name="published"),
    Index(None, "article_id"),
    Index(None, "capture_id"),
    Index(None, "published_at"),
    Index(None, "analysed_by", "recorded_at"),
    Index(None, "recorded_at"),
    Index(
        "uq_article_versions_current",
        "article_id",
        unique=True,
        sqlite_where=text("is_current = 1"),
        postgresql_where=text("is_current"),
    ),
    comment="every text that an article ever had; an edit is a new row",
)

statements = Table(
    "statements",
    metadata,
    Column("statement_id", Text, primary_key=True, comment="derived from content, stable over runs and outlets"),
    Column("label", Text, nullable=False, comment="threat, admission or truce"),
    Column("group_id", Text, comment="id of the registry (rules/groups.yml); null: an unnamed group"),
    Column("speaker", Text, comment="id of the registry or the name as written; null: nobody is named"),
    Column("said_on", Date, comment="when it was said; first day of a month or year; null: the text does not say"),
    Column("said_on_precision", Text, comment="day, month or year; null with said_on"),
    Column("said_on_basis", Text, comment="text, relative-to-text, relative-to-publication or publication"),
    Column("channel", Text, comment="how it was made public"),
    Column("target", Text, comment="at whom or what it is aimed, as written"),
    Column("condition", Text, comment="if, until, a deadline: as written"),
    Column("text", Text, nullable=False, comment="the words, exactly as in the version's body"),
    Column(
        "folded",
        Text,
        nullable=False,
        server_default="",
        comment="the words as searching compares them: letters folded, no marks",
    ),
    Column("quoted", Boolean, nullable=False, comment="whether the group's own words stand in quotation marks"),
    Column("language", Text, comment="language of the article"),
    _key("article_id", "articles.article_id", "the article where it was first recorded"),
    _key("version_id", "article_versions.version_id", "the text where it was first recorded; offsets count it"),
    Column("span_start", Integer, nullable=False, comment="first character in the version's body"),
    Column("span_end", Integer, nullable=False, comment="behind the last character"),
    Column("confidence", Float, nullable=False, comment="0 to 1: the rule's status and strength of the attribution"),
    Column("cameo", Text, nullable=False, comment="CAMEO code of the act; leading zeros count"),
    Column("rule_ids", JSON_TEXT, nullable=False, comment="ids of the rules that fired, sorted"),
    Column("cues", JSON_TEXT, nullable=False, comment="[start, end, role] of each piece that the decision stands on"),
    Column("ruleset", Text, nullable=False, comment="the rule set whose reading this row shows; older ones: sightings"),
    Column("first_seen_at", UtcDateTime, nullable=False, comment="earliest capture of an article that carries it"),
    Column("recorded_at", UtcDateTime, nullable=False, comment="when the warehouse first held it"),
    Column("superseded_at", UtcDateTime, comment="since when no current sighting holds it; null: it stands"),
    CheckConstraint(_one_of("label", LABELS), name="label"),
    CheckConstraint("span_start >= 0 AND span_end > span_start", name="span"),
    CheckConstraint("confidence >= 0 AND confidence <= 1", name="confidence"),
    CheckConstraint(_one_of("said_on_precision", ("day", "month", "year")), name="said_on_precision"),
    CheckConstraint(
        _one_of("said_on_basis", ("text", "relative-to-text", "relative-to-publication", "publication")),
        name="said_on_basis",
    ),
    CheckConstraint(
        "(said_on IS NULL) = (said_on_precision IS NULL) AND (said_on IS NULL) = (said_on_basis IS NULL)",
        name="said_on",
    ),
    CheckConstraint("superseded_at IS NULL OR superseded_at >= recorded_at", name="superseded_at"),
    Index(None, "group_id", "said_on"),
    Index(None, "label", "said_on"),
    Index(None, "said_on"),
    Index(None, "article_id"),
    Index(None, "version_id"),
    Index(None, "recorded_at"),
    _partial("ix_statements_standing", _STANDING, "said_on", "label", "group_id", "said_on_precision"),
    _partial("ix_statements_active", _STANDING, "group_id", "label", "said_on"),
    _partial("ix_statements_channels", _STANDING, "label", "channel"),
    _partial("ix_statements_bases", _STANDING, "said_on_basis"),
    _partial("ix_statements_languages", _STANDING, "language", "label"),
    _partial("ix_statements_speakers", f"{_STANDING} AND speaker IS NOT NULL", "group_id", "speaker"),
    _partial("ix_statements_undated", f"{_STANDING} AND said_on IS NULL", "label", "group_id"),
    _partial("ix_statements_conditions", "condition IS NOT NULL", "said_on"),
    comment="what armed groups say: one row a statement, however many outlets carry it",
)

sightings = Table(
    "sightings",
    metadata,
    Column("statement_id", Text, ForeignKey("statements.statement_id"), primary_key=True, comment="what was seen"),
    Column(
        "version_id", Text, ForeignKey("article_versions.version_id"), primary_key=True, comment="the text it stands in"
    ),
    Column("span_start", Integer, primary_key=True, comment="first character in the version's body"),
    Column("recorded_at", UtcDateTime, primary_key=True, comment="since when this sighting was held"),
    Column("span_end", Integer, nullable=False, comment="behind the last character"),
    _key("article_id", "articles.article_id", "the article of the version"),
    Column("ruleset", Text, nullable=False, comment="identity of the rule set that opened it"),
    _key("run_id", "runs.run_id", "the run that opened it"),
    Column("superseded_at", UtcDateTime, comment="since when it is not: an edit or another rule set; null: it stands"),
    *reading_columns(),
    CheckConstraint("span_start >= 0 AND span_end > span_start", name="span"),
    CheckConstraint("superseded_at IS NULL OR superseded_at >= recorded_at", name="superseded_at"),
    CheckConstraint("confidence >= 0 AND confidence <= 1", name="confidence"),
    Index(None, "article_id"),
    Index(None, "version_id"),
    Index(None, "run_id"),
    _partial("ix_sightings_wordings", f"{_STANDING} AND text IS NOT NULL", "recorded_at"),
    comment="where each statement was seen, how it read there, and from when to when that was held",
)

quarantine = Table(
    "quarantine",
    metadata,
    Column("quarantine_id", Text, primary_key=True, comment="derived from stage, reason, key and source"),
    Column("stage", Text, nullable=False, comment="entries, pages, articles, statements or batches"),
    Column("reason", EscapedText, nullable=False, comment="id of the expectation, or code of the error"),
    Column("detail", EscapedText, nullable=False, comment="what was observed and what to do, in one line"),
    Column("payload", EscapedText, nullable=False, comment="the thing itself as JSON text"),
    Column("item_key", EscapedText, nullable=False, comment="entry key, URL, version id or statement id"),
    _key("source_id", "sources.source_id", "where it came from", nullable=True),
    _key("run_id", "runs.run_id", "the run that first held it"),
    Column("held_at", UtcDateTime, nullable=False, comment="when it was first held"),
    Column("version_id", Text, comment="the version that it was found in; null for entries, pages and batches"),
    Column("resolved_at", UtcDateTime, comment="when it was dealt with; null: it is open"),
    Column("resolution", Text, comment="passed, retried, accepted or dismissed; null while it is open"),
    Column("note", EscapedText, comment="why, as the person wrote who dealt with it"),
    CheckConstraint(_one_of("stage", ("entries", "pages", "articles", "statements", "batches")), name="stage"),
    CheckConstraint(_one_of("resolution", ("passed", "retried", "accepted", "dismissed")), name="resolution"),
    CheckConstraint("(resolved_at IS NULL) = (resolution IS NULL)", name="resolved"),
    Index(None, "run_id"),
    Index(None, "version_id"),
    Index(None, "stage", "reason"),
    Index(None, "source_id"),
    comment="what a stage could not take, with the reason; nothing is dropped silently",
)

quality_results = Table(
    "quality_results",
    metadata,
    Column("run_id", Text, ForeignKey("runs.run_id"), primary_key=True, comment="the run that judged"),
    Column("batch_id", Text, primary_key=True, comment="derived from the versions in the batch"),
    Column("suite", Text, primary_key=True, comment="articles or statements"),
    Column("expectation", Text, primary_key=True, comment="id of the expectation in its suite"),
    Column("passed", Boolean, nullable=False, comment="whether it held"),
    Column("row_level", Boolean, nullable=False, comment="whether it judges rows, or the batch as a whole"),
    Column("rows_judged", Integer, nullable=False, comment="rows in the batch"),
    Column("rows_failed", Integer, nullable=False, comment="rows that broke it"),
    Column("observed", EscapedText, comment="observed value of a batch expectation"),
    Column("judged_at", UtcDateTime, primary_key=True, comment="time of the run"),
    Index(None, "suite", "expectation", "judged_at"),
    comment="what the quality gate found, by run, batch and expectation",
)
