"""Writing what a batch changes: new statements, the readings that they show, sightings opened and closed.

What opens and closes is decided in `reconcile`, what belongs to which statement in `merging`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, case, exists, literal, select, update

from pipeline.adapters.warehouse import rows
from pipeline.adapters.warehouse.bulk import insert_many
from pipeline.adapters.warehouse.columns import UtcDateTime
from pipeline.adapters.warehouse.merging import Found, Known
from pipeline.adapters.warehouse.readings import COLUMNS, SHOWN, reading_of, reading_values, shown_values
from pipeline.adapters.warehouse.reconcile import Changes, Sighting
from pipeline.adapters.warehouse.schema import sightings, statements
from pipeline.adapters.warehouse.upsert import among

Owned = Sequence[tuple[Found, str]]
"""What was found, each with the id of the statement that it belongs to."""


def sightings_of(owned: Owned, known: Known) -> Iterator[Sighting]:
    """The sightings of what was found."""
    for each, owner in owned:
        reading = reading_of(each.statement, found_id=each.found_id, statement_text=known.rows[owner][0])
        yield Sighting(owner, each.version_id, each.statement.start, each.statement.end, each.article_id, reading)


class Writer:
    """The writes of one batch, in one transaction."""

    def __init__(self, connection: Connection, known: Known, *, ruleset: str, run_id: str, now: datetime) -> None:
        self._connection = connection
        self._known = known
        self._origin = {"ruleset": ruleset, "run_id": run_id}
        self._now = now

    def save_statements(self, owned: Owned, captured_at: Mapping[str, datetime]) -> list[Found]:
        """Insert the statements that the warehouse did not have; those that it had are dated back to older captures.

        Args:
            owned: see there.
            captured_at: by version id, the time of its capture.
        """
        earliest: dict[str, datetime] = {}
        for each, owner in owned:
            at = captured_at[each.version_id]
            earliest[owner] = min(at, earliest.get(owner, at))
        self._date_back({it: at for it, at in earliest.items() if it in self._known.stored})
        homes: dict[str, Found] = {}
        for each, owner in owned:
            if owner == each.found_id and owner not in self._known.stored:
                homes.setdefault(owner, each)
        values = []
        for owner, each in homes.items():
            ids = {"statement_id": owner, "article_id": each.article_id, "version_id": each.version_id}
            row = rows.statement_values(
                each.statement, each.article, ids=ids, ruleset=self._origin["ruleset"], now=self._now
            )
            values.append({**row, "first_seen_at": earliest[owner]})
        insert_many(self._connection, statements, values)
        return list(homes.values())

    def _date_back(self, earliest: Mapping[str, datetime]) -> None:
        if not earliest:
            return
        at = bindparam("at", type_=UtcDateTime)
        older = (statements.c.statement_id == bindparam("it")) & (statements.c.first_seen_at > at)
        seen = [{"it": it, "at": time} for it, time in earliest.items()]
        self._connection.execute(update(statements).where(older).values(first_seen_at=at), seen)

    def show_readings(self, owned: Owned) -> None:
        """Let statements that stood before show how their own place reads now; sightings keep how it read until now."""
        at_home = {
            owner: each
            for each, owner in owned
            if owner in self._known.stored and self._known.rows[owner][1] == each.article_id
        }
        place = ("statement_id", "version_id", "span_start", *SHOWN)
        query = select(*(statements.c[name] for name in place))
        changed = []
        of_these = among(self._connection, statements.c.statement_id, at_home)
        for row in self._connection.execute(query.where(of_these)).mappings() if at_home else ():
            each = at_home[row["statement_id"]]
            shown = shown_values(each.statement)
            here = (each.version_id, each.statement.start) == (row["version_id"], row["span_start"])
            if here and any(row[name] != value for name, value in shown.items()):
                changed.append({"it": row["statement_id"], **shown, "ruleset": self._origin["ruleset"]})
        if changed:
            names = (*SHOWN, "ruleset")
            values = {name: bindparam(name, type_=statements.c[name].type) for name in names}
            same = statements.c.statement_id == bindparam("it")
            self._connection.execute(update(statements).where(same).values(values), changed)

    def save_sightings(self, changes: Changes) -> None:
        """Close, note and open; what is closed and opened again at the same time never was closed."""
        self._close(changes.closed)
        insert_many(self._connection, sightings, [self._values(it, superseded_at=self._now) for it in changes.noted])
        again = ("superseded_at", "span_end", "ruleset", "run_id", *COLUMNS)
        insert_many(self._connection, sightings, [self._values(it) for it in changes.opened], change=again)

    def _values(self, sighting: Sighting, *, superseded_at: datetime | None = None) -> dict[str, Any]:
        if sighting.reading is None:
            raise ValueError(f"the sighting of {sighting.statement_id} has no reading")
        return {
            "statement_id": sighting.statement_id,
            "version_id": sighting.version_id,
            "span_start": sighting.span_start,
            "recorded_at": self._now,
            "span_end": sighting.span_end,
            "article_id": sighting.article_id,
            **self._origin,
            "superseded_at": superseded_at,
            **reading_values(sighting.reading),
        }

    def _close(self, closed: Sequence[Sighting]) -> None:
        it = sightings.c
        keys = [{"statement": s.statement_id, "version": s.version_id, "start": s.span_start} for s in closed]
        if not keys:
            return
        self._connection.execute(
            update(sightings)
            .where(
                it.statement_id == bindparam("statement"),
                it.version_id == bindparam("version"),
                it.span_start == bindparam("start"),
                it.superseded_at.is_(None),
            )
            .values(superseded_at=_not_before(it.recorded_at, self._now)),
            keys,
        )

    def settle(self, changes: Changes) -> int:
        """Let statements stand while a sighting stands; how many fell."""
        it = statements.c
        stands = exists().where(sightings.c.statement_id == it.statement_id, sightings.c.superseded_at.is_(None))
        of_these = among(self._connection, it.statement_id, set(self._unsettled(changes)))
        revived = update(statements).where(of_these, it.superseded_at.is_not(None), stands)
        self._connection.execute(revived.values(superseded_at=None))
        fallen = update(statements).where(of_these, it.superseded_at.is_(None), ~stands)
        values = {"superseded_at": _not_before(it.recorded_at, self._now)}
        return self._connection.execute(fallen.values(values)).rowcount

    def _unsettled(self, changes: Changes) -> Iterable[str]:
        """All but those that stood before, or are new, and have one sighting more."""
        yield from (sighting.statement_id for sighting in (*changes.closed, *changes.noted))
        for sighting in changes.opened:
            if sighting.statement_id in self._known.stored and not self._known.rows[sighting.statement_id][2]:
                yield sighting.statement_id


def _not_before(recorded_at: ColumnElement[datetime], now: datetime) -> ColumnElement[datetime]:
    """`now`, or the later time of recording: a long run keeps the time of its start."""
    return case((recorded_at > now, recorded_at), else_=literal(now, UtcDateTime))
