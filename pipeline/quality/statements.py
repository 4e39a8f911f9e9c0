"""The rows of statements that the suite `statements` judges."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import datetime

from pipeline.records import Article, Statement

Found = tuple[Article, Sequence[Statement]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """What statements must keep to.

    Attributes:
        groups: ids of the registry.
        rules: ids of the rules; None: any.
        founded: by group id, the year before which it did not exist, where that is known.
    """

    groups: Set[str]
    rules: Set[str] | None = None
    founded: Mapping[str, int] = field(default_factory=dict)


def statement_rows(analysed: Iterable[Found], *, pack: Pack, now: datetime) -> list[dict[str, object]]:
    """One row a statement, in order.

    Columns: `row_key` (`version id#position`), `label`, `text` and `text_length`, `span_start`, `span_end`,
    `text_difference` (what stands in the body instead, or None), `unknown_group` (an id that is not in the pack, or
    None), `unknown_rule` (likewise),
    `said_on_years_after_founding` (None where either year is not known), `confidence`, `said_on_precision`,
    `said_on_basis`, `said_on_parts` (how many of date, precision and basis
    are given), `said_on_year`, `said_on_days_ahead` (of `now`), `said_on_days_after_publication`, `act` (label and
    CAMEO code), `rules` (how many) and `repeats` (how many before it have the same label and span).
    """
    return [row for article, found in analysed for row in _rows_of(article, found, pack=pack, now=now)]


def row_key(article: Article, position: int) -> str:
    """The key of a row: two statements of one batch may have the same content."""
    return f"{article.version_id}#{position}"


def _rows_of(article: Article, found: Sequence[Statement], *, pack: Pack, now: datetime) -> Iterable[dict[str, object]]:
    spans: Counter[tuple[str, int, int]] = Counter()
    for position, statement in enumerate(found):
        span = (statement.label, statement.start, statement.end)
        yield {
            "row_key": row_key(article, position),
            **_span_columns(statement, article),
            **_date_columns(statement, article, now=now),
            "unknown_group": statement.group if statement.group not in {None, *pack.groups} else None,
            "unknown_rule": next(
                (it for it in statement.rules if pack.rules is not None and it not in pack.rules), None
            ),
            "said_on_years_after_founding": _years_after_founding(statement, pack),
            "confidence": float(statement.confidence),
            "act": f"{statement.label} {statement.cameo}",
            "rules": len(statement.rules),
            "repeats": spans[span],
        }
        spans[span] += 1


def _years_after_founding(statement: Statement, pack: Pack) -> int | None:
    founded = pack.founded.get(statement.group) if statement.group else None
    return statement.said_on.year - founded if founded is not None and statement.said_on else None


def _span_columns(statement: Statement, article: Article) -> dict[str, object]:
    stands = article.body[statement.start : statement.end] if statement.start >= 0 else ""
    return {
        "label": statement.label,
        "text": statement.text[:200],
        "text_length": len(statement.text.strip()),
        "span_start": statement.start,
        "span_end": statement.end,
        "text_difference": None if stands == statement.text else f"the body has: {stands[:120]!r}",
    }


def _date_columns(statement: Statement, article: Article, *, now: datetime) -> dict[str, object]:
    said_on, published = statement.said_on, article.published_at
    parts = (said_on, statement.said_on_precision, statement.said_on_basis)
    return {
        "said_on_precision": statement.said_on_precision,
        "said_on_basis": statement.said_on_basis,
        "said_on_parts": sum(part is not None for part in parts),
        "said_on_year": said_on.year if said_on else None,
        "said_on_days_ahead": (said_on - now.date()).days if said_on else None,
        "said_on_days_after_publication": (said_on - published.date()).days if said_on and published else None,
    }
