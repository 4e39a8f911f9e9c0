"""From what changed in the warehouse to what each subscription is to be told.

The database notes every change of `statements` in `statement_events`, in the transaction that makes it (migration
0006); here each note is taken out of there in the transaction that acts on it. What is done depends on how things
stand and on what was told, never on the note: notes may come twice, late or out of order.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, delete, exists, select

from pipeline.adapters.warehouse.alert_schema import alert_deliveries, alert_statements, alerts, statement_events
from pipeline.adapters.warehouse.bulk import insert_many
from pipeline.adapters.warehouse.database import Database
from pipeline.adapters.warehouse.ingest_schema import article_events
from pipeline.adapters.warehouse.schema import sightings, statements
from pipeline.adapters.warehouse.told import Told, read_told
from pipeline.adapters.warehouse.upsert import in_parts, insert_missing

Match = Callable[[Told], Iterable[tuple[str, str]]]
"""For a statement: (subscription id, thread) of those that ask for it."""

_NOTES = 2000
"""Statements in one transaction."""


class RoutingTables(Database):
    """What is to be told, to whom."""

    def route(self, match: Match, *, served: Collection[str], now: datetime) -> int:
        """Hold the oldest changes against the subscriptions; how many notes that took, 0 when none was left.

        Args:
            match: who asks for a statement.
            served: ids of the subscriptions that are served; the others are told no follow-ups.
            now: UTC.
        """
        events = statement_events.c
        oldest = (
            select(events.event_id, events.statement_id).order_by(events.happened_at, events.event_id).limit(_NOTES)
        )
        with self.writing() as connection:
            notes = connection.execute(oldest).all()
            changed = {statement_id for _, statement_id in notes}
            standing = {told[0]: told for part in in_parts(changed) for told in _standing(connection, part)}
            known = _known(connection, changed)
            _add(connection, standing.values(), known, match, now=now)
            rows = [row for each in known.values() for row in each if row.subscription_id in served]
            held = _held(connection, changed - standing.keys())
            fallen = {it: "retracted" if it in held else "superseded" for it in changed - standing.keys()}
            insert_missing(connection, alert_statements, list(_follow_ups(connection, rows, fallen, now=now)))
            for part in in_parts([event_id for event_id, _ in notes]):
                connection.execute(delete(statement_events).where(events.event_id.in_(part)))
        return len(notes)

    def route_stored(self, match: Match, *, now: datetime) -> None:
        """Hold everything that stands against subscriptions; what they were told already stays as it is."""
        page: Sequence[Told] = ()
        after = ""
        while page or not after:
            with self.writing() as connection:
                page = read_told(connection, statements.c.statement_id.in_(_page(after)))
                known = _known(connection, [told[0] for told in page])
                _add(connection, page, known, match, now=now)
            after = max((told[0] for told in page), default="~")

    def changes_waiting(self) -> tuple[Told, ...]:
        """The standing statements that changed and were not yet held against the subscriptions."""
        noted = exists().where(statement_events.c.statement_id == statements.c.statement_id)
        with self.reading() as connection:
            return read_told(connection, _stands() & noted)

    def known(self, subscription_id: str, statement_ids: Collection[str]) -> set[str]:
        """Which of these statements were held against the subscription already and asked for."""
        it = alert_statements.c
        query = select(it.statement_id).where(it.subscription_id == subscription_id).distinct()
        with self.reading() as connection:
            return {
                statement_id
                for part in in_parts(statement_ids)
                for statement_id in connection.execute(query.where(it.statement_id.in_(part))).scalars()
            }


@dataclass(frozen=True, slots=True)
class _Row:
    """The last that a subscription was or is to be told of a statement; `out`: a sender has had that mail."""

    subscription_id: str
    statement_id: str
    sequence: int
    kind: str
    thread: str
    message_id: str | None
    silenced: bool
    out: bool


def _page(after: str) -> Any:
    it = statements.c
    return select(it.statement_id).where(_stands(), it.statement_id > after).order_by(it.statement_id).limit(_NOTES)


def _standing(connection: Connection, statement_ids: Sequence[str]) -> Sequence[Told]:
    return read_told(connection, statements.c.statement_id.in_(statement_ids) & _stands())


def _stands() -> ColumnElement[bool]:
    """Whether a text holds the statement, and an article that is not gone carries it."""
    seen, gone, back = sightings.c, article_events.alias("gone"), article_events.alias("back")
    returned = exists().where(
        back.c.article_id == gone.c.article_id, back.c.kind == "restored", back.c.observed_at >= gone.c.observed_at
    )
    is_gone = exists().where(gone.c.article_id == seen.article_id, gone.c.kind == "deleted", ~returned)
    carried = exists().where(seen.statement_id == statements.c.statement_id, seen.superseded_at.is_(None), ~is_gone)
    return statements.c.superseded_at.is_(None) & carried


def _held(connection: Connection, statement_ids: Collection[str]) -> set[str]:
    """Which of these a text still holds, whatever became of its article."""
    it = statements.c
    query = select(it.statement_id).where(it.superseded_at.is_(None))
    return {
        statement_id
        for part in in_parts(statement_ids)
        for statement_id in connection.execute(query.where(it.statement_id.in_(part))).scalars()
    }


def _known(connection: Connection, statement_ids: Collection[str]) -> dict[str, list[_Row]]:
    """By statement, the last row of each subscription."""
    it, mail = alert_statements.c, alerts.c
    columns = (it.subscription_id, it.statement_id, it.sequence, it.kind, it.thread, it.message_id, it.silence_id)
    delivered = alert_deliveries.c
    accepted = exists().where(delivered.message_id == mail.message_id, delivered.outcome == "accepted")
    query = select(*columns, mail.sent_at, mail.claimed_at, accepted.label("accepted")).outerjoin_from(
        alert_statements, alerts, it.message_id == mail.message_id
    )
    last: dict[tuple[str, str], _Row] = {}
    for part in in_parts(statement_ids):
        for row in connection.execute(query.where(it.statement_id.in_(part)).order_by(it.sequence)).mappings():
            out = row["sent_at"] is not None or row["claimed_at"] is not None or row["accepted"]
            key = (row["subscription_id"], row["statement_id"])
            last[key] = _Row(
                *key, row["sequence"], row["kind"], row["thread"], row["message_id"], row["silence_id"] is not None, out
            )
    by_statement: dict[str, list[_Row]] = defaultdict(list)
    for each in last.values():
        by_statement[each.statement_id].append(each)
    return by_statement


def _add(
    connection: Connection, told: Iterable[Told], known: dict[str, list[_Row]], match: Match, *, now: datetime
) -> None:
    """Make due what somebody asks for and has no row of."""
    # In the order of the key: a batch for many subscriptions then walks through the index instead of jumping in it.
    new = sorted(_new(told, known, match, now), key=lambda row: (row["subscription_id"], row["statement_id"]))
    insert_many(connection, alert_statements, new)


def _new(told: Iterable[Told], known: dict[str, list[_Row]], match: Match, now: datetime) -> Iterator[dict[str, Any]]:
    for each in told:
        have = {row.subscription_id for row in known.get(each[0], ())}
        for subscription_id, thread in match(each):
            if subscription_id not in have:
                yield {
                    "subscription_id": subscription_id,
                    "statement_id": each[0],
                    "sequence": 0,
                    "kind": "stated",
                    "thread": thread,
                    "matched_at": now,
                }


def _follow_ups(
    connection: Connection, rows: Iterable[_Row], fallen: Mapping[str, str], *, now: datetime
) -> Iterator[dict[str, Any]]:
    """What is to be said of statements that fell, or stand again, after somebody was told the contrary."""
    for row in rows:
        stands = row.statement_id not in fallen
        if (row.kind in {"stated", "restored"}) == stands:
            continue
        if row.out and not row.silenced:
            yield {
                "subscription_id": row.subscription_id,
                "statement_id": row.statement_id,
                "sequence": row.sequence + 1,
                "kind": fallen.get(row.statement_id, "restored"),
                "thread": row.thread,
                "matched_at": now,
            }
        else:
            _take_back(connection, row)


def _take_back(connection: Connection, row: _Row) -> None:
    """Nobody has heard of it: it need not be told, and a mail that would have told nothing else is not made."""
    it = alert_statements.c
    key = and_(
        it.subscription_id == row.subscription_id, it.statement_id == row.statement_id, it.sequence == row.sequence
    )
    connection.execute(delete(alert_statements).where(key))
    if row.message_id is not None:
        # With what servers said when they refused it: it is as if it had never been.
        for table in (alert_deliveries, alerts):
            of = table.c.message_id == row.message_id
            connection.execute(delete(table).where(of, ~exists().where(it.message_id == table.c.message_id)))
