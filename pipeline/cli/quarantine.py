"""`bayan quarantine list|show|retry|dismiss`: what was held back, and what becomes of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.bootstrap import open_warehouse, read_settings
from pipeline.errors import UsageError

if TYPE_CHECKING:
    from pipeline.adapters.warehouse import QuarantineRow, Warehouse

app = typer.Typer(help="What was held back and why; try it again, or dismiss it.", no_args_is_help=True)

Ids = Annotated[list[str], typer.Argument(help="Ids, or their first characters, as `list` shows them.")]
Note = Annotated[str | None, typer.Option(help="Why; kept with it.")]

_SHOWN = 10
"""Characters of an id in the list: enough to be the only one."""


@contextmanager
def _warehouse() -> Iterator[Warehouse]:
    with closing(open_warehouse(read_settings())) as warehouse:
        yield warehouse


@app.command("list")
def list_held(
    *,
    stage: Annotated[str | None, typer.Option(help="entries, pages, articles, statements or batches.")] = None,
    reason: Annotated[str | None, typer.Option(help="Id of an expectation, or code of an error.")] = None,
    source: Annotated[str | None, typer.Option(help="Id of a source.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Also what was dealt with.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="JSON Lines, with payloads, for machines.")] = False,
) -> None:
    """What is held, newest first."""
    with _warehouse() as warehouse:
        rows = warehouse.quarantined(stage=stage, reason=reason, source_id=source, closed=everything)
    if as_json:
        for row in rows:
            typer.echo(_as_json(row))
        return
    for row in rows:
        state = f" [{row.resolution}]" if row.resolution else ""
        held = f"{row.held_at:%Y-%m-%d %H:%M}"
        typer.echo(f"{row.quarantine_id[:_SHOWN]}  {held}  {row.stage}  {row.reason}{state}  {row.detail}")
    typer.echo(f"{len(rows)} held" if not everything else f"{len(rows)} held or dealt with")


@app.command()
def show(ids: Ids) -> None:
    """One thing with its payload, as JSON."""
    with _warehouse() as warehouse:
        for row in [warehouse.quarantined_one(it) for it in ids]:
            typer.echo(_as_json(row, indent=2))


@app.command()
def retry(
    *,
    ids: Annotated[list[str] | None, typer.Argument(help="Ids; or choose with --reason.")] = None,
    reason: Annotated[str | None, typer.Option(help="All that is held for this reason.")] = None,
    accept: Annotated[
        bool, typer.Option("--accept", help="A held batch is in order: load it although it broke an expectation.")
    ] = False,
    note: Note = None,
) -> None:
    """Let it go through its stage and the gate again with the next run; what still breaks is held again."""
    with _warehouse() as warehouse:
        chosen = _chosen(warehouse, ids, reason)
        if accept and any(row.stage != "batches" for row in chosen):
            raise UsageError("only a held batch can be accepted; a row that is broken passes when it is put right")
        for row in chosen:
            resolution = "accepted" if accept else "retried"
            warehouse.resolve(row, resolution, note=note, now=datetime.now(UTC))
            typer.echo(f"{row.quarantine_id[:_SHOWN]}  {resolution}: {_next(row)}")


@app.command()
def dismiss(*, ids: Ids, note: Note = None) -> None:
    """Close it without trying again. It stays on record."""
    with _warehouse() as warehouse:
        for row in _chosen(warehouse, ids, None):
            warehouse.resolve(row, "dismissed", note=note, now=datetime.now(UTC))
            typer.echo(f"{row.quarantine_id[:_SHOWN]}  dismissed")


def _chosen(warehouse: Warehouse, ids: list[str] | None, reason: str | None) -> list[QuarantineRow]:
    if bool(ids) == bool(reason):
        raise UsageError("name what is meant by ids or by --reason, not both; see: bayan quarantine list")
    if ids:
        return [warehouse.quarantined_one(it) for it in dict.fromkeys(ids)]
    return warehouse.quarantined(reason=reason)


def _next(row: QuarantineRow) -> str:
    if row.stage in {"entries", "pages"}:
        return "it is collected again with the next run of its source"
    return "it goes through the gate with the next run of analyse"


def _as_json(row: QuarantineRow, *, indent: int | None = None) -> str:
    values = {name: getattr(row, name) for name in row.__dataclass_fields__}
    values["payload"] = json.loads(row.payload)
    return json.dumps(values, ensure_ascii=False, default=str, indent=indent)
