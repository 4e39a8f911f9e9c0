"""`bayan warehouse`: make the warehouse, keep it whole, see what it holds."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.settings import read_settings

if TYPE_CHECKING:
    from pipeline.adapters.warehouse import RunRow, Warehouse, WarehouseStatus

app = typer.Typer(help="The warehouse: make it, bring it up to date, see what it holds.", no_args_is_help=True)


@app.command()
def init() -> None:
    """Create the warehouse, or bring it to the schema of this version. Nothing that it holds is lost."""
    from pipeline.adapters.warehouse import migrate

    status = migrate(read_settings().database_url)
    typer.echo(f"warehouse: {status.database}, schema {status.revision}")


@app.command()
def upgrade() -> None:
    """Bring the warehouse to the schema of this version, whole or not at all. Back it up before: docs/warehouse.md."""
    from pipeline.adapters.warehouse import migrate, schema_status
    from pipeline.errors import WarehouseError

    before = schema_status(read_settings().database_url)
    if before.revision is None:
        raise WarehouseError(f"{before.database}: holds no warehouse yet; run: bayan warehouse init")
    after = migrate(read_settings().database_url)
    was = "was there already" if before.revision == after.revision else f"from schema {before.revision}"
    typer.echo(f"warehouse: {after.database}, schema {after.revision}, {was}")


@app.command()
def check() -> None:
    """Check schema, references, offsets and histories; exits with 1 and a line for each thing that is not right."""
    with _current() as warehouse:
        problems = warehouse.problems()
    for problem in problems:
        typer.echo(problem, err=True)
    if problems:
        raise typer.Exit(1)
    typer.echo("the warehouse is whole")


@app.command()
def prune(
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would go.")] = False,
    quality_days: Annotated[int, typer.Option(min=1, help="Keep results of the gate so long.")] = 365,
    quarantine_days: Annotated[int, typer.Option(min=1, help="Keep what was dealt with so long.")] = 365,
    run_days: Annotated[int, typer.Option(min=1, help="Keep runs that left nothing so long.")] = 365,
) -> None:
    """Delete what is only of use for a time. Articles, statements, sightings and evidence are never deleted."""
    from pipeline.adapters.warehouse import Policy

    policy = Policy(quality_days=quality_days, quarantine_days=quarantine_days, run_days=run_days)
    with _current() as warehouse:
        gone = warehouse.prune(policy, now=datetime.now(UTC), dry_run=dry_run)
    for table, count in gone.items():
        typer.echo(f"{table}: {count} {'would go' if dry_run else 'deleted'}")


@app.command()
def reader(role: Annotated[str, typer.Argument(help="Name of the role; made when it does not exist.")]) -> None:
    """Let a role of PostgreSQL read everything and write nothing."""
    with _current() as warehouse:
        warehouse.make_reader(role)
    typer.echo(f"{role} may read; let people in with: GRANT {role} TO somebody")


@app.command()
def search(
    words: Annotated[str, typer.Argument(help="Words, in any spelling: hamzas, harakat and digits do not matter.")],
    *,
    limit: Annotated[int, typer.Option(min=1)] = 50,
) -> None:
    """Statements that stand and hold all these words, newest said first."""
    with _current() as warehouse:
        rows = warehouse.search(words, limit=limit)
    for row in rows:
        typer.echo(
            f"{row.said_on or '—'}  {row.label}  {row.group_id or '(unnamed)'}  {' '.join(row.text.split())}  {row.url}"
        )
    typer.echo(f"{len(rows)} found")


@app.command()
def dictionary() -> None:
    """The data dictionary: every table, view and column with its meaning, as docs/data-dictionary.md has it."""
    from pipeline.adapters.warehouse.dictionary import dictionary_page

    typer.echo(dictionary_page(), nl=False)


@contextmanager
def _current() -> Iterator[Warehouse]:
    """The warehouse, if it has the schema of this version.

    Raises:
        WarehouseError: it has another one, or none.
    """
    from pipeline.adapters.warehouse import Warehouse, schema_status
    from pipeline.errors import WarehouseError

    url = read_settings().database_url
    schema = schema_status(url)
    if not schema.current:
        remedy = "upgrade" if schema.revision else "init"
        raise WarehouseError(
            f"{schema.database}: schema {schema.revision or 'none'}, this version needs {schema.head}; "
            f"run: bayan warehouse {remedy}"
        )
    with closing(Warehouse(url)) as warehouse:
        yield warehouse


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
