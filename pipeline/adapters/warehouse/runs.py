"""The log of runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import update

from pipeline.adapters.warehouse.columns import escaped_json
from pipeline.adapters.warehouse.database import Database
from pipeline.adapters.warehouse.failures import shown
from pipeline.adapters.warehouse.migration import refuse_other_schema
from pipeline.adapters.warehouse.schema import runs
from pipeline.adapters.warehouse.upsert import upsert
from pipeline.errors import WarehouseError


class RunTables(Database):
    """The port `RunStore`."""

    def start_run(self, run_id: str, *, job: str, now: datetime) -> None:
        """Note that a run starts, or starts again: a retried run keeps its id and loses its earlier end.

        Raises:
            WarehouseError: the warehouse has the schema of another version, or none; nothing is done then.
        """
        row = {"run_id": run_id, "job": job, "started_at": now, "status": "running", "counts": {}, "problems": []}
        again = ("job", "started_at", "status", "counts", "problems")
        with self.writing() as connection:
            refuse_other_schema(connection, self.url)
            upsert(connection, runs, [row], lambda new: {**{name: new[name] for name in again}, "finished_at": None})

    def finish_run(
        self, run_id: str, *, counts: Mapping[str, int], problems: Sequence[str], failed: bool, now: datetime
    ) -> None:
        """Note how a run ended.

        Raises:
            WarehouseError: no such run was started.
        """
        values = {
            "finished_at": now,
            "status": "failed" if failed else "done",
            "counts": dict(counts),
            "problems": escaped_json(list(problems)),
        }
        with self.writing() as connection:
            if not connection.execute(update(runs).where(runs.c.run_id == run_id).values(values)).rowcount:
                raise WarehouseError(f"{shown(self.url)}: run {run_id} was never started; call start_run first")
