"""What became of each mail: claimed, accepted, put off, refused; for the mail and for each of its recipients."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update

from pipeline.adapters.warehouse.alert_schema import alert_deliveries, alerts
from pipeline.adapters.warehouse.columns import escaped_json
from pipeline.adapters.warehouse.database import Database
from pipeline.adapters.warehouse.upsert import upsert
from pipeline.records import Failed, Refusal, Settled


class DeliveryTables(Database):
    """Notes of a sender; each is a transaction of its own, so that a killed sender leaves the last one standing."""

    def claim(self, message_id: str, *, now: datetime) -> None:
        """Note that a sender has it, before anything is said to the server."""
        with self.writing() as connection:
            connection.execute(update(alerts).where(alerts.c.message_id == message_id).values(claimed_at=now))

    def mark_failed(self, message_id: str, failed: Failed, *, now: datetime) -> None:
        """Note a failed try; a final failure takes the mail out of the outbox.

        A mail of which nobody knows whether the server has it (`line-lost`) stays claimed.
        """
        values = {"problem": failed.problem, "given_up": failed.final, "failure": failed.name}
        if failed.name != "line-lost":
            values["claimed_at"] = None
        with self.writing() as connection:
            _note(connection, [_refused(message_id, each, now) for each in failed.refusals])
            tried = {**values, "next_try_at": failed.next_try_at, "tries": alerts.c.tries + 1}
            connection.execute(update(alerts).where(alerts.c.message_id == message_id).values(tried))

    def settle(self, message_id: str, settled: Settled, *, now: datetime) -> None:
        """Note what the server said for each recipient, and whether the mail is sent or waits for some of them."""
        accepted = [_delivery(message_id, address, now) for address in settled.accepted]
        # In one transaction: a sender killed between the two would leave a mail to be sent that is known to be there.
        with self.writing() as connection:
            _note(connection, accepted + [_refused(message_id, each, now) for each in settled.refusals])
            changed = _kept_for(settled) if settled.left else _sent(now)
            connection.execute(update(alerts).where(alerts.c.message_id == message_id).values(changed))

    def deliveries(self, message_id: str) -> dict[str, tuple[str, int | None, str | None]]:
        """By recipient: outcome, reply code and words."""
        it = alert_deliveries.c
        query = select(it.address, it.outcome, it.code, it.reply).where(it.message_id == message_id)
        with self.reading() as connection:
            return {row.address: (row.outcome, row.code, row.reply) for row in connection.execute(query)}


def _note(connection: Connection, deliveries: list[dict[str, Any]]) -> None:
    again = ("outcome", "code", "reply", "tried_at")
    tries = alert_deliveries.c.tries + 1
    upsert(
        connection, alert_deliveries, deliveries, lambda new: {**{name: new[name] for name in again}, "tries": tries}
    )


def _refused(message_id: str, refusal: Refusal, now: datetime) -> dict[str, Any]:
    outcome = "put-off" if refusal.code < 500 else "refused"
    said = {"outcome": outcome, "code": refusal.code or None, "reply": refusal.reply}
    return {**_delivery(message_id, refusal.address, now), **said}


def _delivery(message_id: str, address: str, now: datetime) -> dict[str, Any]:
    values = {"message_id": message_id, "address": address, "outcome": "accepted", "code": 250, "reply": None}
    return {**values, "tried_at": now, "tries": 1}


def _sent(now: datetime) -> dict[str, Any]:
    return {"sent_at": now, "problem": None, "failure": None, "claimed_at": None}


def _kept_for(settled: Settled) -> dict[str, Any]:
    values = {"recipients": escaped_json(list(settled.left)), "next_try_at": settled.next_try_at, "claimed_at": None}
    return {**values, "problem": settled.problem, "tries": alerts.c.tries + 1}
