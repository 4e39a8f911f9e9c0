"""The tables in which collecting remembers: how sources fare, when pages are looked at again, what became of them."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, CheckConstraint, Column, Float, ForeignKey, Index, Integer, Table, Text

from pipeline.adapters.warehouse.columns import JSON_TEXT, EscapedText, UtcDateTime
from pipeline.adapters.warehouse.schema import metadata
from pipeline.records import SOURCE_STATES

__all__ = [
    "article_events",
    "article_visits",
    "fingerprint_bands",
    "fingerprints",
    "metadata",
    "near_duplicates",
    "source_health",
]

_STATES = ", ".join(repr(state) for state in SOURCE_STATES)

source_health = Table(
    "source_health",
    metadata,
    Column("source_id", Text, ForeignKey("sources.source_id"), primary_key=True, comment="whose"),
    Column("state", Text, nullable=False, comment="healthy, empty, failing, silent or disabled"),
    Column("state_since", UtcDateTime, nullable=False, comment="since when"),
    Column("weight", Float, nullable=False, comment="weighted failures since it last gave something; 30 disable it"),
    Column("polled_at", UtcDateTime, comment="the last poll"),
    Column("next_poll_at", UtcDateTime, nullable=False, comment="when it is due"),
    Column("interval_s", Integer, nullable=False, comment="seconds between polls, by how often it changes"),
    Column("newest_at", UtcDateTime, comment="when it last brought something new"),
    Column("rhythm_s", Integer, comment="longest usual gap between new things, in seconds; null: too few are known"),
    Column("problem", EscapedText, comment="the last failure, in one line; null since it gave something"),
    Column("reason", Text, comment="that failure's kind"),
    Column("asked_url", Text, comment="the address in the sources file that the following belong to"),
    Column("moved_to", Text, comment="where permanent redirects lead"),
    Column("etag", EscapedText, comment="validator of the last complete pass"),
    Column("last_modified", EscapedText, comment="validator of the last complete pass"),
    Column("conditional_polls", Integer, nullable=False, comment="conditional requests since an unconditional one"),
    Column("body_sha256", Text, comment="of the last body"),
    Column("etag_lies", Boolean, nullable=False, comment="a validator was repeated after a change"),
    Column("told_at", UtcDateTime, comment="when the operators were last told of its state"),
    CheckConstraint(f"state IN ({_STATES})", name="state"),
    Index(None, "next_poll_at"),
    comment="how each source fares, and when it is polled next",
)

article_visits = Table(
    "article_visits",
    metadata,
    Column("article_id", Text, ForeignKey("articles.article_id"), primary_key=True, comment="whose page"),
    Column("source_id", Text, ForeignKey("sources.source_id"), nullable=False, comment="the source that brought it"),
    Column("url", Text, nullable=False, comment="the address to ask for"),
    Column("visits", Integer, nullable=False, comment="how often it was looked at"),
    Column("next_visit_at", UtcDateTime, comment="when it is looked at again; null: never"),
    Column("etag", EscapedText, comment="validator of the last visit"),
    Column("last_modified", EscapedText, comment="validator of the last visit"),
    Index(None, "source_id", "next_visit_at"),
    comment="when the page of each article is looked at again, for edits and deletion",
)

article_events = Table(
    "article_events",
    metadata,
    Column("event_id", Text, primary_key=True, comment="derived from article, kind and time"),
    Column("article_id", Text, ForeignKey("articles.article_id"), nullable=False, comment="to which it happened"),
    Column("kind", Text, nullable=False, comment="deleted or restored"),
    Column("reason", Text, nullable=False, comment="status-404, status-410, gone-from-channel or seen-again"),
    Column("observed_at", UtcDateTime, nullable=False, comment="when it was found"),
    Column("source_id", Text, ForeignKey("sources.source_id"), nullable=False, comment="in whose collection"),
    Column("capture_id", Text, ForeignKey("captures.capture_id"), comment="the evidence"),
    CheckConstraint("kind IN ('deleted', 'restored')", name="kind"),
    Index(None, "article_id", "observed_at"),
    Index(None, "observed_at"),
    Index(None, "source_id"),
    Index(None, "capture_id"),
    comment="what happened to articles besides edits; their texts stay",
)

fingerprints = Table(
    "fingerprints",
    metadata,
    Column("version_id", Text, ForeignKey("article_versions.version_id"), primary_key=True, comment="whose text"),
    Column("signature", JSON_TEXT, nullable=False, comment="MinHash values over its word triples"),
    comment="by what near-duplicates are compared",
)

fingerprint_bands = Table(
    "fingerprint_bands",
    metadata,
    Column("band", BigInteger, primary_key=True, comment="one band of a signature, hashed with its number"),
    Column(
        "version_id", Text, ForeignKey("article_versions.version_id"), primary_key=True, comment="whose signature it is"
    ),
    Index(None, "version_id"),
    comment="by what near-duplicates are found: texts that share a band are compared",
)

near_duplicates = Table(
    "near_duplicates",
    metadata,
    Column("version_id", Text, ForeignKey("article_versions.version_id"), primary_key=True, comment="the later text"),
    Column(
        "other_version_id", Text, ForeignKey("article_versions.version_id"), primary_key=True, comment="the earlier one"
    ),
    Column("similarity", Float, nullable=False, comment="estimated share of common word triples, 0 to 1"),
    Column("recorded_at", UtcDateTime, nullable=False, comment="when they were linked"),
    CheckConstraint("similarity BETWEEN 0 AND 1", name="similarity"),
    Index(None, "other_version_id"),
    comment="texts of different articles that are nearly the same; both are kept",
)
