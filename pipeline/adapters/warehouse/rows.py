"""Records to rows and back. Every pair is exact: a record read again equals the record that was stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, fields
from datetime import UTC, datetime
from typing import Any

from pipeline.adapters.warehouse.columns import escaped_json
from pipeline.records import Alert, Article, Capture, Cue, Quarantined, Source, Statement, Verdict
from pipeline.text.folding import fold_word

_ARTICLE = tuple(field.name for field in fields(Article) if field.init)


def source_values(source: Source, *, now: datetime) -> dict[str, Any]:
    return {**asdict(source), "first_seen_at": now, "updated_at": now}


def capture_values(capture: Capture, *, entry_key: str | None) -> dict[str, Any]:
    return {**asdict(capture), "entry_key": entry_key}


def version_values(article: Article, *, now: datetime) -> dict[str, Any]:
    return {
        "version_id": article.version_id,
        "article_id": article.article_id,
        "source_id": article.source_id,
        "capture_id": article.capture_id,
        "title": article.title,
        "body": article.body,
        "language": article.language,
        "published_at": article.published_at,
        "published_basis": article.published_basis,
        "author": article.author,
        "outlet": article.outlet,
        "recorded_at": now,
        "is_current": False,
    }


def article_of(value: Mapping[Any, Any]) -> Article:
    """The article of a row with the columns of a version and the `url` of its article; its identity is told anew."""
    return Article(**{name: value[name] for name in _ARTICLE})


def known_article_of(value: Mapping[Any, Any]) -> Article:
    """As `article_of`, with the identity that the row has: `bayan evidence verify` holds that against the text."""
    return Article.stored(value["version_id"], **{name: value[name] for name in _ARTICLE})


def statement_values(
    statement: Statement, article: Article, *, ids: Mapping[str, str], ruleset: str, now: datetime
) -> dict[str, Any]:
    """A row of `statements` without `first_seen_at`; `ids` are its three, which cost a hash each to tell anew."""
    return {
        **ids,
        "label": statement.label,
        "group_id": statement.group,
        "speaker": statement.speaker,
        "said_on": statement.said_on,
        "said_on_precision": statement.said_on_precision,
        "said_on_basis": statement.said_on_basis,
        "channel": statement.channel,
        "target": statement.target,
        "condition": statement.condition,
        "text": statement.text,
        "folded": fold_word(statement.text),
        "quoted": statement.quoted,
        "language": article.language,
        "span_start": statement.start,
        "span_end": statement.end,
        "confidence": statement.confidence,
        "cameo": statement.cameo,
        "rule_ids": statement.rules,
        "cues": tuple((cue.start, cue.end, cue.role) for cue in statement.cues),
        "ruleset": ruleset,
        "recorded_at": now,
    }


def statement_of(value: Mapping[Any, Any]) -> Statement:
    """The statement of a row with the columns of `statements`."""
    return Statement(
        label=value["label"],
        text=value["text"],
        start=value["span_start"],
        end=value["span_end"],
        group=value["group_id"],
        speaker=value["speaker"],
        said_on=value["said_on"],
        said_on_precision=value["said_on_precision"],
        said_on_basis=value["said_on_basis"],
        channel=value["channel"],
        target=value["target"],
        condition=value["condition"],
        quoted=value["quoted"],
        confidence=value["confidence"],
        cameo=value["cameo"],
        rules=tuple(value["rule_ids"]),
        cues=tuple(Cue(start=start, end=end, role=role) for start, end, role in value["cues"]),
    )


def quarantine_values(item: Quarantined, *, run_id: str, now: datetime) -> dict[str, Any]:
    return {
        "quarantine_id": item.quarantine_id,
        "stage": item.stage,
        "reason": item.reason,
        "detail": item.detail,
        "payload": item.payload,
        "item_key": item.key,
        "source_id": item.source_id,
        "run_id": run_id,
        "held_at": now,
        "version_id": item.version_id or (item.key if item.stage == "articles" else None),
    }


def verdict_values(verdict: Verdict, *, batch_id: str, run_id: str, now: datetime) -> dict[str, Any]:
    return {
        "run_id": run_id,
        "batch_id": batch_id,
        "suite": verdict.suite,
        "expectation": verdict.expectation,
        "passed": verdict.passed,
        "row_level": verdict.row_level,
        "rows_judged": verdict.rows,
        "rows_failed": len(verdict.failed_rows),
        "observed": verdict.observed,
        "judged_at": now,
    }


def alert_values(alert: Alert, *, thread: str = "") -> dict[str, Any]:
    start, end = alert.period or (None, None)
    return {
        "message_id": alert.message_id,
        "subscription_id": alert.subscription_id,
        "recipients": escaped_json(list(alert.recipients)),
        "created_at": alert.created_at,
        "sent_at": alert.sent_at,
        "tries": alert.tries,
        "given_up": False,
        "kind": alert.kind,
        "refs": list(alert.references),
        "thread": thread,
        "period_start": start,
        "period_end": end,
    }


def in_utc(value: datetime | None) -> datetime | None:
    """The same instant in UTC: identities are made of written times, so that a time must be written one way."""
    return None if value is None else value.astimezone(UTC)
