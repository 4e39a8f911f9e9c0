"""Near-duplicates: which texts share a band, and the link between those that are alike. Both texts are always kept."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, select

from pipeline.adapters.warehouse.ingest_schema import fingerprint_bands, fingerprints, near_duplicates
from pipeline.adapters.warehouse.schema import article_versions
from pipeline.adapters.warehouse.upsert import insert_missing
from pipeline.records import Article, Fingerprint

ALIKE = 0.6
"""Estimated share of common word triples from which two texts are called near-duplicates."""

_MOST_CANDIDATES, _MOST_LINKS = 100, 10
"""A text that a thousand outlets reprint is linked to the ten nearest of the newest, and they to theirs."""


def link_near_duplicates(connection: Connection, article: Article, of_text: Fingerprint, *, now: datetime) -> int:
    """Keep a new text's fingerprint and link it to the texts of other articles that are alike; how many."""
    candidates = (
        select(fingerprints.c.version_id, fingerprints.c.signature)
        .join(article_versions, article_versions.c.version_id == fingerprints.c.version_id)
        .where(
            fingerprints.c.version_id.in_(
                select(fingerprint_bands.c.version_id).where(fingerprint_bands.c.band.in_(of_text.bands))
            ),
            article_versions.c.article_id != article.article_id,
        )
        .order_by(article_versions.c.recorded_at.desc(), fingerprints.c.version_id)
        .limit(_MOST_CANDIDATES)
    )
    links = [
        {
            "version_id": article.version_id,
            "other_version_id": other,
            "similarity": alike,
            "recorded_at": now,
        }
        for other, signature in connection.execute(candidates)
        if (alike := of_text.similarity(signature)) >= ALIKE
    ]
    links = sorted(links, key=lambda link: (-link["similarity"], link["other_version_id"]))[:_MOST_LINKS]
    own = {"version_id": article.version_id, "signature": list(of_text.signature)}
    insert_missing(connection, fingerprints, [own])
    insert_missing(
        connection,
        fingerprint_bands,
        [{"band": band, "version_id": article.version_id} for band in sorted(set(of_text.bands))],
    )
    insert_missing(connection, near_duplicates, links)
    return len(links)
