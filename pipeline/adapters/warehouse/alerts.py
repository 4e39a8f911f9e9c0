"""The outbox: what is still to be told to whom, what waits to be sent, and what was sent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, RowMapping, Select, delete, exists, select, update

from pipeline.adapters.warehouse import rows
from pipeline.adapters.warehouse.columns import escaped_json
from pipeline.adapters.warehouse.database import Database
from pipeline.adapters.warehouse.schema import alert_statements, alerts, article_versions, articles, statements
from pipeline.adapters.warehouse.upsert import insert_missing
from pipeline.records import Alert, Article, Statement

Told = tuple[str, Statement, Article]
"""(statement id, statement, the article where it was first recorded)"""


class AlertTables(Database):
    """The port `AlertStore`."""

    def unalerted(self, subscription_id: str) -> tuple[Told, ...]:
        """Statements that stand and were never put into an alert of this subscription, first seen first."""
        told = exists().where(
            alert_statements.c.statement_id == statements.c.statement_id,
            alert_statements.c.subscription_id == subscription_id,
        )
        return self._told(statements.c.superseded_at.is_(None) & ~told)

    def queue(self, alert: Alert) -> None:
        """Put an alert into the outbox; statements that another alert of the subscription tells already stay there.

        An alert that is left with nothing to tell is not kept.
        """
        values = [
            {"message_id": alert.message_id, "statement_id": it, "subscription_id": alert.subscription_id}
            for it in alert.statement_ids
        ]
        with self.writing() as connection:
            insert_missing(connection, alerts, [rows.alert_values(alert)])
            insert_missing(connection, alert_statements, values)
            tells = exists().where(alert_statements.c.message_id == alerts.c.message_id)
            connection.execute(delete(alerts).where(alerts.c.message_id == alert.message_id, ~tells))

    def outbox(self) -> tuple[Alert, ...]:
        """Alerts that are neither sent nor given up, oldest first."""
        waiting = (
            select(alerts)
            .where(alerts.c.sent_at.is_(None), ~alerts.c.given_up)
            .order_by(alerts.c.created_at, alerts.c.message_id)
        )
        with self.reading() as connection:
            return tuple(_alert_of(connection, row) for row in connection.execute(waiting).all())

    def alerted(self, alert: Alert) -> tuple[Told, ...]:
        """The statements of an alert, also those superseded since, first seen first."""
        tells = exists().where(
            alert_statements.c.statement_id == statements.c.statement_id,
            alert_statements.c.message_id == alert.message_id,
        )
        return self._told(tells)

    def mark_sent(self, message_id: str, *, now: datetime) -> None:
        """Note that the SMTP server took it."""
        self._change(message_id, {"sent_at": now, "problem": None})

    def keep_for(self, message_id: str, *, recipients: Sequence[str], problem: str) -> None:
        """Leave an alert in the outbox for these recipients alone: the others have it."""
        values = {"recipients": escaped_json(list(recipients)), "problem": problem, "tries": alerts.c.tries + 1}
        self._change(message_id, values)

    def mark_failed(self, message_id: str, *, problem: str, final: bool) -> None:
        """Note a failed try; a final failure takes it out of the outbox."""
        self._change(message_id, {"problem": problem, "tries": alerts.c.tries + 1, "given_up": final})

    def _change(self, message_id: str, values: dict[str, Any]) -> None:
        with self.writing() as connection:
            connection.execute(update(alerts).where(alerts.c.message_id == message_id).values(values))

    def _told(self, condition: ColumnElement[bool]) -> tuple[Told, ...]:
        with self.reading() as connection:
            found = connection.execute(_statements_with_article().where(condition)).mappings().all()
        return tuple((row["statement_id"], rows.statement_of(row), _article_beside(row)) for row in found)


def _statements_with_article() -> Select[Any]:
    version = [column.label(f"version_{column.name}") for column in article_versions.columns]
    return (
        select(statements, articles.c.url, *version)
        .join(article_versions, article_versions.c.version_id == statements.c.version_id)
        .join(articles, articles.c.article_id == statements.c.article_id)
        .order_by(statements.c.first_seen_at, statements.c.version_id, statements.c.span_start)
    )


def _article_beside(row: RowMapping) -> Article:
    version = {column.name: row[f"version_{column.name}"] for column in article_versions.columns}
    return rows.article_of({**version, "url": row["url"]})


def _alert_of(connection: Connection, row: Row[Any]) -> Alert:
    told = select(alert_statements.c.statement_id).where(alert_statements.c.message_id == row.message_id)
    return Alert(
        subscription_id=row.subscription_id,
        statement_ids=tuple(sorted(connection.execute(told).scalars())),
        message_id=row.message_id,
        recipients=tuple(row.recipients),
        created_at=row.created_at,
        sent_at=row.sent_at,
    )
