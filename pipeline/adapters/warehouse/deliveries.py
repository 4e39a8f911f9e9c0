"""What became of each mail: claimed, accepted, put off, refused; for the mail and for each of its recipients."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from pipeline.adapters.warehouse.alert_schema import alert_deliveries, alerts
from pipeline.adapters.warehouse.columns import escaped_json
from pipeline.adapters.warehouse.database import Database
from pipeline.adapters.warehouse.upsert import upsert
from pipeline.records import Refusal


class DeliveryTables(Database):
    """Notes of a sender; each is a transaction of its own, so that a killed sender leaves the last one standing."""

    def claim(self, message_id: str, *, now: datetime) -> None:
        """Note that a sender has it, before anything is said to the server."""
        self._change(message_id, {"claimed_at": now})

    def mark_sent(self, message_id: str, *, now: datetime) -> None:
        """Note that the SMTP server took it."""
        self._change(message_id, {"sent_at": now, "problem": None, "failure": None, "claimed_at": None})

    def keep_for(
        self, message_id: str, *, recipients: Sequence[str], problem: str, next_try_at: datetime | None = None
    ) -> None:
        """Leave an alert in the outbox for these recipients alone: the others have it."""
        values = {"recipients": escaped_json(list(recipients)), "next_try_at": next_try_at, "claimed_at": None}
        self._change(message_id, {**values, "problem": problem, "tries": alerts.c.tries + 1})

    def mark_failed(
        self,
        message_id: str,
        *,
        problem: str,
        final: bool,
        failure: str | None = None,
        next_try_at: datetime | None = None,
    ) -> None:
        """Note a failed try and its name; a final failure takes it out of the outbox.

        A mail of which nobody knows whether the server has it (`line-lost`) stays claimed.
        """
        values = {"problem": problem, "given_up": final, "failure": failure, "next_try_at": next_try_at}
        if failure != "line-lost":
            values["claimed_at"] = None
        self._change(message_id, {**values, "tries": alerts.c.tries + 1})

    def record_deliveries(
        self, message_id: str, *, accepted: Sequence[str], refusals: Sequence[Refusal], now: datetime
    ) -> None:
        """Note what the server said for each recipient."""
        values = [_delivery(message_id, address, now) for address in accepted]
        for each in refusals:
            outcome = "put-off" if each.code < 500 else "refused"
            said = {"outcome": outcome, "code": each.code or None, "reply": each.reply}
            values.append({**_delivery(message_id, each.address, now), **said})
        again = ("outcome", "code", "reply", "tried_at")
        with self.writing() as connection:
            upsert(
                connection,
                alert_deliveries,
                values,
                lambda new: {**{name: new[name] for name in again}, "tries": alert_deliveries.c.tries + 1},
            )

    def deliveries(self, message_id: str) -> dict[str, tuple[str, int | None, str | None]]:
        """By recipient: outcome, reply code and words."""
        it = alert_deliveries.c
        query = select(it.address, it.outcome, it.code, it.reply).where(it.message_id == message_id)
        with self.reading() as connection:
            return {row.address: (row.outcome, row.code, row.reply) for row in connection.execute(query)}

    def _change(self, message_id: str, values: dict[str, Any]) -> None:
        with self.writing() as connection:
            connection.execute(update(alerts).where(alerts.c.message_id == message_id).values(values))


def _delivery(message_id: str, address: str, now: datetime) -> dict[str, Any]:
    values = {"message_id": message_id, "address": address, "outcome": "accepted", "code": 250, "reply": None}
    return {**values, "tried_at": now, "tries": 1}
