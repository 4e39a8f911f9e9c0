"""The rows that the suite `batches` judges: what a source brought in one batch, beside what it usually brings.

A source that suddenly brings ten times its volume, a statement in every sentence, or statements of nobody is broken, or
the rules are: its part of the batch is held as a whole until a person has looked.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.quality.holding import Reason
from pipeline.records import Article, Quarantined, Statement
from pipeline.records.identity import content_id

ENOUGH = 20
"""Articles or statements from which a share says something; fewer are not judged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Volume:
    """How much a source brings.

    Attributes:
        today: versions stored in the last 24 hours.
        usual: median of the days of the last four weeks on which it brought any; None for fewer than seven such days.
    """

    today: int
    usual: float | None


def sources_to_judge(articles: Sequence[Article]) -> dict[str, list[Article]]:
    """By source, the articles of a batch, where there are enough to judge."""
    by_source: dict[str, list[Article]] = defaultdict(list)
    for article in articles:
        by_source[article.source_id].append(article)
    return {source_id: brought for source_id, brought in by_source.items() if len(brought) >= ENOUGH}


def batch_rows(
    brought: Mapping[str, Sequence[Article]],
    found: Mapping[str, Sequence[Statement]],
    volumes: Mapping[str, Volume],
) -> list[dict[str, object]]:
    """One row a source.

    Columns: `row_key` (source id), `articles`, `statements`, `statements_per_article`, `unknown_speakers` (share of
    statements that name neither group nor speaker; None for fewer than `ENOUGH`) and `volume_ratio` (today's volume
    by the usual one, or None).

    Args:
        brought: by source, its articles.
        found: by version id, the statements found.
        volumes: by source, how much it brings.
    """
    return [_row(source_id, articles, found, volumes.get(source_id)) for source_id, articles in sorted(brought.items())]


def _row(
    source_id: str, articles: Sequence[Article], found: Mapping[str, Sequence[Statement]], volume: Volume | None
) -> dict[str, object]:
    statements = [it for article in articles for it in found.get(article.version_id, ())]
    unknown = sum(it.group is None and it.speaker is None for it in statements)
    return {
        "row_key": source_id,
        "articles": len(articles),
        "statements": len(statements),
        "statements_per_article": round(len(statements) / len(articles), 2),
        "unknown_speakers": round(unknown / len(statements), 2) if len(statements) >= ENOUGH else None,
        "volume_ratio": round(volume.today / volume.usual, 1) if volume and volume.usual else None,
    }


def batch_held(source_id: str, version_ids: Sequence[str], reason: Reason) -> Quarantined:
    """A source's part of a batch that is kept back as a whole."""
    versions = sorted(version_ids)
    remedy = "look at some of them, then `bayan quarantine retry` (with --accept when they are in order)"
    return Quarantined(
        stage="batches",
        reason=reason.expectation,
        detail=f"{source_id}: a batch of {len(versions)} articles is held: {reason.observed}; {remedy}",
        payload=json.dumps({"source_id": source_id, "versions": versions}),
        key=content_id("batch", *versions),
        source_id=source_id,
    )
