"""What an operator does in the Airflow UI, over the same REST API: log in, trigger, watch."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpx
import stamina

from pipeline.errors import BayanError

DONE = ("success", "skipped", "upstream_failed", "removed", "failed")


@dataclass(frozen=True, slots=True)
class DagRun:
    """One run of a DAG as the API tells of it."""

    dag_id: str
    run_id: str
    state: str
    queued_at: datetime

    @property
    def finished(self) -> bool:
        return self.state in ("success", "failed")


class Operator:
    """A logged-in session with one Airflow.

    Raises:
        BayanError: from any call, when Airflow refuses it or does not answer.
    """

    def __init__(self, address: str, *, user: str, password: str) -> None:
        self._client = httpx.Client(base_url=address, timeout=30)
        token = self._call("POST", "/auth/token", json={"username": user, "password": password})["access_token"]
        self._client.headers["Authorization"] = f"Bearer {token}"

    def close(self) -> None:
        self._client.close()

    def wait_for_dags(self, dag_ids: tuple[str, ...], *, within: float = 120) -> None:
        """Return when all DAGs are parsed.

        Raises:
            BayanError: a DAG file has an error, with its first line, or the DAGs did not show in time.
        """
        deadline = time.monotonic() + within
        while True:
            known = {row["dag_id"] for row in self._call("GET", "/api/v2/dags")["dags"]}
            if known.issuperset(dag_ids):
                return
            errors = self._call("GET", "/api/v2/importErrors")["import_errors"]
            if errors:
                last_line = str(errors[0]["stack_trace"]).strip().splitlines()[-1]
                raise BayanError(f"dags: {errors[0]['filename']}: {last_line}")
            if time.monotonic() > deadline:
                raise BayanError(f"dags: {', '.join(sorted(set(dag_ids) - known))} not seen after {within:.0f} s")
            time.sleep(0.5)

    def make_pool(self, name: str, *, slots: int, description: str) -> None:
        """Make a pool, unless there is one: whoever changed its slots keeps them."""
        try:
            self._call("POST", "/api/v2/pools", json={"name": name, "slots": slots, "description": description})
        except _AlreadyThereError:
            return

    def trigger(self, dag_id: str) -> DagRun:
        """Start a run with the default params; its id is chosen here, so that a repeated call starts no second."""
        run_id = f"pass__{datetime.now(UTC):%Y-%m-%dT%H:%M:%S.%fZ}"
        body: dict[str, Any] = {"logical_date": None, "conf": {}, "dag_run_id": run_id}
        try:
            return _dag_run(self._call("POST", f"/api/v2/dags/{dag_id}/dagRuns", json=body))
        except _AlreadyThereError:
            return _dag_run(self._call("GET", f"/api/v2/dags/{dag_id}/dagRuns/{run_id}"))

    def follow(self, run: DagRun, tick: Callable[[str], None]) -> DagRun:
        """Wait for a run to end; `tick` hears "2 of 4 steps" several times a second."""
        path = f"/api/v2/dags/{run.dag_id}/dagRuns/{run.run_id}"
        while not run.finished:
            tick(self._steps(path))
            time.sleep(0.3)
            run = _dag_run(self._call("GET", path))
        return run

    def announced(self, run: DagRun) -> bool:
        """Whether a run updated an asset, so that the DAGs behind it will start."""
        params: dict[str, str | int] = {"source_dag_id": run.dag_id, "source_run_id": run.run_id, "limit": 1}
        # A consumer that is queued but not yet started makes Airflow 3.3 answer with 500: asked again until it starts.
        return bool(self._call("GET", "/api/v2/assets/events", params=params)["total_entries"])

    def next_run(self, dag_id: str, *, since: datetime, within: float = 60) -> DagRun:
        """The first run of a DAG queued at or after `since`; waits for it.

        Raises:
            BayanError: none came in time.
        """
        deadline = time.monotonic() + within
        while time.monotonic() < deadline:
            rows = self._call("GET", f"/api/v2/dags/{dag_id}/dagRuns", params={"order_by": "-run_after", "limit": 20})
            later = [run for run in map(_dag_run, rows["dag_runs"]) if run.queued_at >= since]
            if later:
                return min(later, key=lambda run: run.queued_at)
            time.sleep(0.3)
        raise BayanError(f"{dag_id}: Airflow did not start it within {within:.0f} s of its asset's update")

    def close_leftovers(self, note: str, *, before: datetime) -> list[DagRun]:
        """Mark the runs that a killed Airflow left open as failed, so that they block nothing.

        What was queued since `before` is no leftover: this Airflow's own scheduler started it.
        """
        left = [run for run in self._open_runs() if run.queued_at < before]
        for run in left:
            path = f"/api/v2/dags/{run.dag_id}/dagRuns/{run.run_id}"
            self._call("PATCH", path, json={"state": "failed", "note": note})
        return left

    def failed_steps(self, run: DagRun) -> list[str]:
        """Names of the steps of a run that failed."""
        rows = self._call("GET", f"/api/v2/dags/{run.dag_id}/dagRuns/{run.run_id}/taskInstances")["task_instances"]
        return [row["task_id"] for row in rows if row["state"] == "failed"]

    def open_runs(self, dag_ids: tuple[str, ...], *, since: datetime) -> list[DagRun]:
        """The runs of these DAGs queued at or after `since` that have not ended."""
        return [run for run in self._open_runs() if run.dag_id in dag_ids and run.queued_at >= since]

    def _open_runs(self) -> Iterator[DagRun]:
        params = {"state": ["queued", "running"], "limit": 100}
        yield from map(_dag_run, self._call("GET", "/api/v2/dags/~/dagRuns", params=params)["dag_runs"])

    def _steps(self, path: str) -> str:
        states = [row["state"] for row in self._call("GET", f"{path}/taskInstances")["task_instances"]]
        return f"{sum(state in DONE for state in states)} of {len(states)} steps"

    def _call(self, method: str, path: str, **options: Any) -> Any:
        """One call, repeated while Airflow fails at it: on SQLite its own requests can lock each other out for 5 s."""
        for attempt in stamina.retry_context(
            on=_ServerFailedError, attempts=None, timeout=60, wait_initial=0.3, wait_max=2
        ):
            with attempt:
                try:
                    response = self._client.request(method, path, **options)
                except httpx.TransportError as error:
                    raise _ServerFailedError(f"airflow: {self._client.base_url} does not answer: {error}") from error
                return _checked(response)
        raise AssertionError("unreachable: the last attempt raises")


class _ServerFailedError(BayanError):
    retryable = True


class _AlreadyThereError(BayanError):
    pass


def _checked(response: httpx.Response) -> Any:
    if not response.is_error:
        return response.json()
    detail = response.text[:300].replace("\n", " ")
    message = f"airflow: {response.request.url.path} answered {response.status_code}: {detail}"
    if response.is_server_error:
        raise _ServerFailedError(message)
    if response.status_code == httpx.codes.CONFLICT:
        raise _AlreadyThereError(message)
    raise BayanError(message)


def _dag_run(row: Mapping[str, Any]) -> DagRun:
    return DagRun(row["dag_id"], row["dag_run_id"], row["state"], datetime.fromisoformat(row["queued_at"]))
