"""What follows from verdicts: which rows are held, why, and how they are kept."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date

from pipeline.records import Article, Quarantined, Statement, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why a row is held.

    Attributes:
        expectation: id of the first expectation of the suite that it broke.
        observed: what all expectations that it broke observed, in one line.
    """

    expectation: str
    observed: str


def held_reasons(verdicts: Sequence[Verdict], row_keys: Iterable[str]) -> dict[str, Reason]:
    """By row key, why a row is held; rows that broke nothing are not in it.

    An expectation on the batch as a whole that does not hold is a reason for every row.
    """
    broken: dict[str, list[tuple[str, str]]] = {}
    for verdict in (verdict for verdict in verdicts if not verdict.passed):
        failed = verdict.failed_rows if verdict.row_level else dict.fromkeys(row_keys, _of_the_batch(verdict))
        for key, observed in failed.items():
            broken.setdefault(key, []).append((verdict.expectation, observed))
    return {
        key: Reason(expectation=reasons[0][0], observed="; ".join(observed for _, observed in reasons))
        for key, reasons in broken.items()
    }


def article_held(article: Article, reason: Reason) -> Quarantined:
    """An article that is kept back."""
    return Quarantined(
        stage="articles",
        reason=reason.expectation,
        detail=f"{article.url}: {reason.observed}",
        payload=article_payload(article),
        key=article.version_id,
        source_id=article.source_id,
        version_id=article.version_id,
    )


def statement_held(statement: Statement, article: Article, reason: Reason) -> Quarantined:
    """A statement that is kept back, with the version that it was found in."""
    return Quarantined(
        stage="statements",
        reason=reason.expectation,
        detail=f"{article.url}: {reason.observed}",
        payload=_as_json({**asdict(statement), "version_id": article.version_id, "url": article.url}),
        key=statement.statement_id,
        source_id=article.source_id,
        version_id=article.version_id,
    )


def article_payload(article: Article) -> str:
    """An article as JSON text; ASCII escapes, so that what no database stores can be stored."""
    return _as_json(asdict(article))


def _of_the_batch(verdict: Verdict) -> str:
    return f"the whole batch is held: {verdict.observed}"


def _as_json(value: Mapping[str, object]) -> str:
    return json.dumps(value, ensure_ascii=True, default=_written)


def _written(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{value!r} has no JSON form")
