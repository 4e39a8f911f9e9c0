"""The outbox: what is still to be told to whom, what waits to be sent, and what was sent."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, bindparam, delete, exists, func, or_, select, update

from pipeline.adapters.warehouse import rows
from pipeline.adapters.warehouse.alert_schema import alert_statements, alerts
from pipeline.adapters.warehouse.database import Database
from pipeline.adapters.warehouse.schema import statements
from pipeline.adapters.warehouse.told import Told, read_provenance, read_told
from pipeline.adapters.warehouse.upsert import in_parts, insert_missing, upsert
from pipeline.records import Alert, Item, Label, Provenance
from pipeline.records.alert import AlertKind, ItemKind


class AlertTables(Database):
    """The port `AlertStore`, with what `routing`, `deliveries` and `subscriptions` add to it."""

    def unalerted(self, subscription_id: str) -> tuple[Told, ...]:
        """Statements that stand and were never put into an alert of this subscription, first seen first."""
        it = alert_statements.c
        settled = or_(it.message_id.is_not(None), it.silence_id.is_not(None))
        told = exists().where(
            it.statement_id == statements.c.statement_id, it.subscription_id == subscription_id, settled
        )
        with self.reading() as connection:
            return read_told(connection, statements.c.superseded_at.is_(None) & ~told)

    def due(self, subscription_id: str) -> tuple[Item, ...]:
        """What this subscription is to be told and no alert tells yet, in the order in which it was matched."""
        it, of, first = alert_statements.c, statements.c, alert_statements.alias("first")
        query = (
            select(it.statement_id, it.sequence, it.kind, it.thread, it.matched_at, of.label, of.group_id)
            .add_columns(first.c.message_id.label("follows"))
            .join(statements, statements.c.statement_id == it.statement_id)
            .outerjoin(
                first,
                and_(
                    it.sequence > 0,
                    first.c.subscription_id == it.subscription_id,
                    first.c.statement_id == it.statement_id,
                    first.c.sequence == 0,
                ),
            )
            .where(it.subscription_id == subscription_id, it.message_id.is_(None), it.silence_id.is_(None))
            .order_by(it.matched_at, it.statement_id, it.sequence)
        )
        with self.reading() as connection:
            return tuple(_item_of(row) for row in connection.execute(query))

    def recent(self, subscription_id: str, *, since: datetime) -> tuple[tuple[datetime, AlertKind, str], ...]:
        """(created at, kind, thread) of the subscription's alerts since a time."""
        it = alerts.c
        query = select(it.created_at, it.kind, it.thread).where(
            it.subscription_id == subscription_id, it.created_at >= since
        )
        with self.reading() as connection:
            return tuple((row.created_at, row.kind, row.thread) for row in connection.execute(query))

    def thread(self, subscription_id: str, thread: str, *, at_most: int = 10) -> tuple[str, ...]:
        """Message-IDs of the last mails of a subscription on one group (and target), oldest first."""
        it = alerts.c
        query = (
            select(it.message_id)
            .where(it.subscription_id == subscription_id, it.thread == thread, it.kind != "notice")
            .order_by(it.created_at.desc(), it.message_id)
            .limit(at_most)
        )
        with self.reading() as connection:
            return tuple(reversed(connection.execute(query).scalars().all()))

    def references_of(self, message_id: str) -> tuple[str, ...]:
        """The Message-IDs that a mail follows, and its own."""
        with self.reading() as connection:
            found = connection.execute(select(alerts.c.refs).where(alerts.c.message_id == message_id)).scalar()
        return (*(found or ()), message_id)

    def queue(self, alert: Alert, *, follow_ups: Sequence[Item] = (), thread: str = "") -> None:
        """Put an alert into the outbox; statements that another alert of the subscription tells already stay there.

        An alert that is left with nothing to tell is not kept, unless it is a notice.
        """
        with self.writing() as connection:
            insert_missing(connection, alerts, [rows.alert_values(alert, thread=thread)])
            if follow_ups:
                _claim_follow_ups(connection, alert, follow_ups)
            else:
                _claim_statements(connection, alert)
            tells = exists().where(alert_statements.c.message_id == alerts.c.message_id)
            empty = (alerts.c.message_id == alert.message_id) & (alerts.c.kind != "notice") & ~tells
            connection.execute(delete(alerts).where(empty))

    def keep_quiet(self, subscription_id: str, silenced: Sequence[tuple[Item, str]]) -> None:
        """Note that silences cover these items: no mail will tell them."""
        values = [
            {"statement": item.statement_id, "number": item.sequence, "silence": silence_id}
            for item, silence_id in silenced
        ]
        if values:
            untold = alert_statements.c.message_id.is_(None)
            query = update(alert_statements).where(_key(subscription_id), untold)
            with self.writing() as connection:
                connection.execute(query.values(silence_id=bindparam("silence")), values)

    def outbox(self, *, due_at: datetime | None = None) -> tuple[Alert, ...]:
        """Alerts that are neither sent nor given up, oldest first; with `due_at` those whose next try has come."""
        waiting = (
            select(alerts)
            .where(alerts.c.sent_at.is_(None), ~alerts.c.given_up)
            .order_by(alerts.c.created_at, alerts.c.message_id)
        )
        if due_at is not None:
            waiting = waiting.where(or_(alerts.c.next_try_at.is_(None), alerts.c.next_try_at <= due_at))
        with self.reading() as connection:
            return tuple(_alert_of(connection, row) for row in connection.execute(waiting).mappings().all())

    def outbox_size(self) -> int:
        """How many alerts are neither sent nor given up; what they tell is not read."""
        query = select(func.count()).select_from(alerts).where(alerts.c.sent_at.is_(None), ~alerts.c.given_up)
        with self.reading() as connection:
            return connection.execute(query).scalar_one()

    def still_waiting(self, message_ids: Collection[str]) -> set[str]:
        """Which of these alerts are neither sent nor given up."""
        it = alerts.c
        query = select(it.message_id).where(it.sent_at.is_(None), ~it.given_up)
        with self.reading() as connection:
            parts = (query.where(it.message_id.in_(part)) for part in in_parts(message_ids))
            return {message_id for part in parts for message_id in connection.execute(part).scalars()}

    def alerted(self, alert: Alert, *, at_most: int | None = None) -> tuple[Told, ...]:
        """The statements of an alert, also those superseded since; of many those with a condition, then the newest."""
        # A list, not EXISTS: that one walks the whole mail again for each of its statements.
        it = alert_statements.c
        tells = statements.c.statement_id.in_(select(it.statement_id).where(it.message_id == alert.message_id))
        with self.reading() as connection:
            return read_told(connection, tells, at_most=at_most)

    def told(self, statement_ids: Collection[str]) -> tuple[Told, ...]:
        """These statements, first seen first within each thousand."""
        with self.reading() as connection:
            parts = (read_told(connection, statements.c.statement_id.in_(part)) for part in in_parts(statement_ids))
            return tuple(each for part in parts for each in part)

    def follow_ups(self, message_id: str) -> Mapping[str, ItemKind]:
        """What a correction says of each of its statements."""
        it = alert_statements.c
        query = select(it.statement_id, it.kind).where(it.message_id == message_id).order_by(it.sequence)
        with self.reading() as connection:
            return {row.statement_id: row.kind for row in connection.execute(query)}

    def provenance(self, statement_ids: Collection[str]) -> Mapping[str, Provenance]:
        """By statement, where it comes from."""
        with self.reading() as connection:
            return read_provenance(connection, statement_ids)

    def tally_of_groups(self, message_id: str) -> Mapping[tuple[Label, str | None], int]:
        """How many statements of each label and group an alert tells."""
        of, it = statements.c, alert_statements.c
        query = select(of.label, of.group_id, func.count()).join(alert_statements, of.statement_id == it.statement_id)
        query = query.where(it.message_id == message_id).group_by(of.label, of.group_id)
        with self.reading() as connection:
            return {(row[0], row[1]): row[2] for row in connection.execute(query)}

    def tally_between(self, subscription_id: str, start: datetime, end: datetime) -> Mapping[Label, int]:
        """How many statements of each label were found for a subscription from one time until another."""
        it = alert_statements.c
        of = and_(it.subscription_id == subscription_id, it.sequence == 0, it.matched_at >= start, it.matched_at < end)
        same = statements.c.statement_id == it.statement_id
        query = select(statements.c.label, func.count()).join(alert_statements, same).where(of)
        with self.reading() as connection:
            return {row[0]: row[1] for row in connection.execute(query.group_by(statements.c.label))}

    def latest(self, subscription_id: str, *, at_most: int = 50) -> tuple[tuple[Told, datetime], ...]:
        """What was found last for a subscription and stands, with the time of that, newest first."""
        it = alert_statements.c
        query = (
            select(it.statement_id, it.matched_at)
            .join(statements, statements.c.statement_id == it.statement_id)
            .where(it.subscription_id == subscription_id, it.sequence == 0, statements.c.superseded_at.is_(None))
            .order_by(it.matched_at.desc(), it.statement_id)
            .limit(at_most)
        )
        with self.reading() as connection:
            matched = {row.statement_id: row.matched_at for row in connection.execute(query)}
            told = read_told(connection, statements.c.statement_id.in_(matched))
        by_id = {each[0]: each for each in told}
        return tuple((by_id[key], at) for key, at in matched.items())

    def recorded_since(self, since: datetime) -> tuple[tuple[Told, datetime], ...]:
        """Statements that were recorded since a time and stand, with that time, in the order of recording."""
        it = statements.c
        of = it.superseded_at.is_(None) & (it.recorded_at >= since)
        with self.reading() as connection:
            at = {
                row.statement_id: row.recorded_at
                for row in connection.execute(select(it.statement_id, it.recorded_at).where(of))
            }
            told = read_told(connection, of)
        return tuple(sorted(((each, at[each[0]]) for each in told), key=lambda pair: (pair[1], pair[0][0])))


def _key(subscription_id: str) -> Any:
    it = alert_statements.c
    return and_(
        it.subscription_id == subscription_id,
        it.statement_id == bindparam("statement"),
        it.sequence == bindparam("number"),
    )


def _claim_statements(connection: Connection, alert: Alert) -> None:
    """Put the statements into the alert, those that are due for it and those that nobody has routed yet."""
    it = alert_statements.c
    free = and_(it.message_id.is_(None), it.silence_id.is_(None))
    of = and_(it.subscription_id == alert.subscription_id, it.sequence == 0, free)
    taken = 0
    for part in in_parts(alert.statement_ids):
        changed = update(alert_statements).where(of, it.statement_id.in_(part)).values(message_id=alert.message_id)
        taken += connection.execute(changed).rowcount
    if taken < len(alert.statement_ids):
        values = [
            {
                "subscription_id": alert.subscription_id,
                "statement_id": statement_id,
                "sequence": 0,
                "kind": "stated",
                "thread": "",
                "matched_at": alert.created_at,
                "message_id": alert.message_id,
            }
            for statement_id in alert.statement_ids
        ]
        upsert(connection, alert_statements, values, lambda new: {"message_id": new.message_id}, lambda _: free)


def _claim_follow_ups(connection: Connection, alert: Alert, follow_ups: Sequence[Item]) -> None:
    free = alert_statements.c.message_id.is_(None)
    query = update(alert_statements).where(_key(alert.subscription_id), free).values(message_id=alert.message_id)
    connection.execute(query, [{"statement": item.statement_id, "number": item.sequence} for item in follow_ups])


def _item_of(row: Row[Any]) -> Item:
    return Item(
        statement_id=row.statement_id,
        sequence=row.sequence,
        kind=row.kind,
        thread=row.thread,
        matched_at=row.matched_at,
        label=row.label,
        group=row.group_id,
        follows=row.follows,
    )


def _alert_of(connection: Connection, row: Mapping[Any, Any]) -> Alert:
    told = select(alert_statements.c.statement_id).where(alert_statements.c.message_id == row["message_id"])
    start, end = row["period_start"], row["period_end"]
    return Alert(
        subscription_id=row["subscription_id"],
        statement_ids=tuple(sorted(connection.execute(told).scalars())),
        message_id=row["message_id"],
        recipients=tuple(row["recipients"]),
        created_at=row["created_at"],
        sent_at=row["sent_at"],
        kind=row["kind"],
        references=tuple(row["refs"]),
        period=(start, end) if start is not None else None,
        tries=row["tries"],
        claimed_at=row["claimed_at"],
    )
