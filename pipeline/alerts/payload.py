"""An alert as JSON for other programs: what a webhook gets. `schemas/webhook.schema.json` says the same."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from pipeline.alerts.registry import Found, Registry
from pipeline.alerts.telling import Links, Telling
from pipeline.alerts.untrusted import harmless, one_line, web_link
from pipeline.records import Alert

VERSION = 1


def payload_of(alert: Alert, telling: Telling, registry: Registry, links: Links, *, name: str) -> Mapping[str, object]:
    """The alert as a JSON object. Strings are harmless: no control characters, bidi overrides or lone surrogates."""
    total = sum(telling.tally.values()) or len(telling.found)
    return {
        "version": VERSION,
        "delivery_id": alert.message_id,
        "kind": alert.kind,
        "subscription": {"id": alert.subscription_id, "name": one_line(name)},
        "created_at": _moment(alert.created_at),
        "follows": list(alert.references),
        "total": total,
        "statements": [_statement(found, telling, registry, links) for found in telling.found],
    }


def _statement(found: Found, telling: Telling, registry: Registry, links: Links) -> Mapping[str, object]:
    statement_id, statement, article = found
    group = registry.groups.get(statement.group) if statement.group else None
    provenance = telling.provenance.get(statement_id)
    carried = provenance.outlets if provenance else ()
    return {
        "id": statement_id,
        "change": telling.follow_ups.get(statement_id, "stated"),
        "label": statement.label,
        "text": harmless(statement.text),
        "language": article.language,
        "group": {"id": one_line(statement.group), "name": one_line(group.name_en) if group else None}
        if statement.group
        else None,
        "speaker": _text(statement.speaker),
        "said_on": statement.said_on.isoformat() if statement.said_on else None,
        "said_on_precision": statement.said_on_precision,
        "channel": _text(statement.channel),
        "target": _text(statement.target),
        "condition": _text(statement.condition),
        "confidence": statement.confidence,
        "cameo": statement.cameo,
        "rules": [one_line(rule) for rule in statement.rules],
        "article": {
            "title": one_line(article.title),
            "url": web_link(article.url),
            "outlet": _text(article.outlet),
            "published_at": _moment(article.published_at),
        },
        "evidence": {
            "capture_id": one_line(article.capture_id),
            "sha256": provenance.body_sha256 if provenance else None,
            "archive": _text(provenance.archive) if provenance else None,
            "first_seen_at": _moment(provenance.first_seen_at) if provenance else None,
            "outlets": [{"name": one_line(outlet), "url": web_link(url)} for outlet, url in carried],
        },
        "board": links.to_statement(statement_id),
    }


def _text(value: str | None) -> str | None:
    return None if value is None else one_line(value, at_most=2000)


def _moment(moment: datetime | None) -> str | None:
    return moment.isoformat().replace("+00:00", "Z") if moment else None
