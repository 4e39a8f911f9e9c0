"""`bayan warehouse`: make the warehouse, and see what it holds."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import typer

from pipeline.settings import read_settings

if TYPE_CHECKING:
    from pipeline.adapters.warehouse import RunRow, WarehouseStatus

app = typer.Typer(help="The warehouse: make it, bring it up to date, see what it holds.", no_args_is_help=True)


@app.command()
def init() -> None:
    """Create the warehouse, or bring it to the schema of this version. Nothing that it holds is lost."""
    from pipeline.adapters.warehouse import migrate

    status = migrate(read_settings().database_url)
    typer.echo(f"warehouse: {status.database}, schema {status.revision}")


@app.command()
def status() -> None:
    """Show the schema, the rows of each table and the last run; exits with 1 when the schema is not the current one."""
    from pipeline.adapters.warehouse import Warehouse, schema_status

    url = read_settings().database_url
    schema = schema_status(url)
    if not schema.current:
        typer.echo(
            f"bayan: {schema.database}: schema {schema.revision or 'none'}, this version needs {schema.head}; "
            "run: bayan warehouse init",
            err=True,
        )
        raise typer.Exit(1)
    with closing(Warehouse(url)) as warehouse:
        _print(f"{schema.database}, schema {schema.revision}", warehouse.status())


def _print(title: str, held: WarehouseStatus) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table("table")
    table.add_column("rows", justify="right")
    for name, rows in sorted(held.rows.items()):
        table.add_row(name, f"{rows:,}")
    console = Console()
    console.print(title, markup=False, highlight=False, soft_wrap=True)
    console.print(table)
    console.print(_last_run(held.last_run), markup=False, soft_wrap=True)


def _last_run(run: RunRow | None) -> str:
    if run is None:
        return "last run: none yet"
    counts = ", ".join(f"{name} {count}" for name, count in run.counts.items() if count)
    return f"last run: {run.job} {run.run_id}, {run.status}, {run.started_at:%Y-%m-%d %H:%M} UTC" + (
        f": {counts}" if counts else ""
    )
