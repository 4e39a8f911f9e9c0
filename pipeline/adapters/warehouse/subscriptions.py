"""Who asked to be told what, and what is kept quiet for a while."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, func, select, true, update

from pipeline.adapters.subscriptions import definition_of
from pipeline.adapters.warehouse.alert_schema import alert_silences, alert_statements, subscriptions
from pipeline.adapters.warehouse.columns import escaped_json
from pipeline.adapters.warehouse.database import Database
from pipeline.adapters.warehouse.upsert import insert_missing, upsert
from pipeline.records import Silence, Subscription


class SubscriptionTables(Database):
    """The table of subscriptions, filled from files and by hand, and the table of silences."""

    def register(self, served: Iterable[Subscription], *, now: datetime) -> tuple[str, ...]:
        """Note who is served now; the ids of those for whom the stored statements must be gone through.

        Those are new ones, those that came back, and those that ask for other statements than before. A subscription
        of a file that is served no more has ended.
        """
        by_id = {each.subscription_id: each for each in served}
        with self.writing() as connection:
            standing = {row["subscription_id"]: row for row in connection.execute(select(subscriptions)).mappings()}
            for subscription_id, each in by_id.items():
                row, definition = standing.get(subscription_id), escaped_json(definition_of(each))
                if row is None:
                    values = _values(subscription_id, definition, origin="file", now=now)
                    insert_missing(connection, subscriptions, [values])
                elif changes := _changes(row, definition, now=now):
                    it = subscriptions.c.subscription_id
                    connection.execute(update(subscriptions).where(it == subscription_id).values(changes))
            ended = (subscriptions.c.origin == "file") & subscriptions.c.ended_at.is_(None)
            gone = ended & subscriptions.c.subscription_id.not_in(by_id)
            connection.execute(update(subscriptions).where(gone).values(ended_at=now))
        return _to_go_through(by_id.values(), standing)

    def unregistered(self, served: Iterable[Subscription]) -> tuple[str, ...]:
        """As `register` would answer; changes nothing."""
        with self.reading() as connection:
            standing = {row["subscription_id"]: row for row in connection.execute(select(subscriptions)).mappings()}
        return _to_go_through(served, standing)

    def gone_through(self, subscription: Subscription) -> None:
        """Note that the stored statements were gone through for what it asks for."""
        of = subscriptions.c.subscription_id == subscription.subscription_id
        with self.writing() as connection:
            connection.execute(update(subscriptions).where(of).values(filter_id=subscription.filter_id))

    def save_subscription(self, subscription: Subscription, *, now: datetime) -> None:
        """Serve a subscription that stands in no file, or change it."""
        values = _values(subscription.subscription_id, definition_of(subscription), origin="table", now=now)
        with self.writing() as connection:
            upsert(
                connection,
                subscriptions,
                [values],
                lambda new: {"definition": new.definition, "origin": "table", "changed_at": now, "ended_at": None},
            )

    def end_subscription(self, subscription_id: str, *, now: datetime) -> bool:
        """Serve a subscription of the table no more; whether it was served."""
        of = (subscriptions.c.subscription_id == subscription_id) & _served_by_hand()
        with self.writing() as connection:
            # What it asked for then says nothing about what came meanwhile, should it return.
            ended = connection.execute(update(subscriptions).where(of).values(ended_at=now, filter_id=None))
            return bool(ended.rowcount)

    def stored_definitions(self) -> dict[str, Mapping[str, Any]]:
        """The definitions of the subscriptions that stand in no file, by id."""
        query = select(subscriptions.c.subscription_id, subscriptions.c.definition).where(_served_by_hand())
        with self.reading() as connection:
            rows = connection.execute(query.order_by(subscriptions.c.subscription_id))
            return {row.subscription_id: row.definition for row in rows}

    def silence(self, silence: Silence) -> None:
        """Put a silence in force."""
        values = {
            "silence_id": silence.silence_id,
            "subscription_id": silence.subscription_id,
            "group_id": silence.group,
            "label": silence.label,
            "reason": silence.reason,
            "starts_at": silence.starts_at,
            "ends_at": silence.ends_at,
        }
        with self.writing() as connection:
            insert_missing(connection, alert_silences, [values])

    def lift_silence(self, silence_id: str, *, now: datetime) -> bool:
        """End a silence now; whether it was in force or still to come."""
        it = alert_silences.c
        ends = {"ends_at": now, "starts_at": func.min(it.starts_at, now)}
        if self.url.get_backend_name() != "sqlite":
            ends["starts_at"] = func.least(it.starts_at, now)
        with self.writing() as connection:
            of = (it.silence_id == silence_id) & (it.ends_at > now)
            return bool(connection.execute(update(alert_silences).where(of).values(ends)).rowcount)

    def silences(self, *, now: datetime | None = None) -> tuple[Silence, ...]:
        """The silences in force at `now`, or all that ever were, by their end."""
        it = alert_silences.c
        in_force: ColumnElement[bool] = (it.starts_at <= now) & (it.ends_at > now) if now else true()
        with self.reading() as connection:
            rows = connection.execute(select(alert_silences).where(in_force).order_by(it.ends_at, it.silence_id))
            return tuple(_silence_of(row) for row in rows.mappings())

    def kept_quiet(self) -> dict[str, int]:
        """How much was not told, by silence."""
        by = alert_statements.c.silence_id
        with self.reading() as connection:
            rows = connection.execute(select(by, func.count()).where(by.is_not(None)).group_by(by))
            return {row[0]: row[1] for row in rows}


def _served_by_hand() -> ColumnElement[bool]:
    return (subscriptions.c.origin == "table") & subscriptions.c.ended_at.is_(None)


def _values(subscription_id: str, definition: Any, *, origin: str, now: datetime) -> dict[str, Any]:
    return {
        "subscription_id": subscription_id,
        "origin": origin,
        "definition": definition,
        "added_at": now,
        "changed_at": now,
    }


def _to_go_through(served: Iterable[Subscription], standing: Mapping[str, RowMapping]) -> tuple[str, ...]:
    kept = {key: row["filter_id"] for key, row in standing.items() if row["ended_at"] is None}
    return tuple(each.subscription_id for each in served if kept.get(each.subscription_id) != each.filter_id)


def _changes(row: RowMapping, definition: Any, *, now: datetime) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    if row["definition"] != definition:
        changes |= {"definition": definition, "changed_at": now}
    if row["ended_at"] is not None:
        changes |= {"ended_at": None, "filter_id": None, "origin": "file"}
    return changes


def _silence_of(row: RowMapping) -> Silence:
    return Silence(
        silence_id=row["silence_id"],
        reason=row["reason"],
        starts_at=row["starts_at"],
        ends_at=row["ends_at"],
        subscription_id=row["subscription_id"],
        group=row["group_id"],
        label=row["label"],
    )
