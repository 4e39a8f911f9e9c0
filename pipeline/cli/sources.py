"""`bayan sources`: try them, and see how they fare."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline import bootstrap
from pipeline.cli.saying import Saying

if TYPE_CHECKING:
    from rich.console import Console

    from pipeline.jobs.check_sources import SourceCheck

app = typer.Typer(help="The sources: try them, see how they fare.", no_args_is_help=True)

_WIDTH_OF_A_PIPE = 160


@app.command()
def check(
    ids: Annotated[list[str] | None, typer.Argument(help="Only these; else all that are enabled.")] = None,
    *,
    sources: Annotated[Path | None, typer.Option(help="Sources file (.yml).")] = None,
) -> None:
    """Try each source, keep nothing, and print what it gives and what is wrong; exit code 1 if one fails."""
    from rich import box
    from rich.markup import escape
    from rich.table import Table

    settings = bootstrap.read_settings()
    if sources:
        settings = settings.model_copy(update={"sources": sources})
    say, done = Saying(), list[str]()

    def tick(one: SourceCheck) -> None:
        done.append(one.source.source_id)
        say.tick(f"checked {len(done)}: {one.source.source_id} {one.wrong}")

    found = bootstrap.check_sources(settings, only=ids or (), tick=tick)
    bad = sum(one.failed for one in found)
    say(f"{len(found)} sources checked, {bad} cannot be collected")
    if len(found) > 1 and all(one.wrong == "unreachable" for one in found):
        say("none could be reached: see whether this machine is on the network and resolves names")
    table = Table(box=box.SIMPLE_HEAD)
    for name in ("source", "kind", "things", "newest", "what", "remark"):
        table.add_column(name, overflow="fold", justify="right" if name == "things" else "left")
    for one in found:
        newest = f"{one.newest_at:%Y-%m-%d %H:%M}" if one.newest_at else "—"
        row = (one.source.source_id, one.source.kind, str(one.things), newest, one.wrong, escape(one.remark))
        table.add_row(*row)
    _console().print(table)
    if bad:
        raise typer.Exit(1)


@app.command()
def health() -> None:
    """Show how each source fares: its state and since when, its weighted failures, its next poll, its last problem."""
    from rich import box
    from rich.markup import escape
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD)
    for name in ("source", "kind", "state", "since", "failures", "next poll", "newest", "last problem"):
        table.add_column(name, overflow="fold", justify="right" if name == "failures" else "left")
    with closing(bootstrap.open_warehouse(bootstrap.read_settings())) as warehouse:
        rows = warehouse.health_rows()
    for row in rows:
        of = row.health
        table.add_row(
            of.source_id,
            row.kind,
            of.state,
            f"{of.state_since:%Y-%m-%d %H:%M}",
            f"{of.weight:g}",
            f"{of.next_poll_at:%Y-%m-%d %H:%M}",
            f"{of.newest_at:%Y-%m-%d %H:%M}" if of.newest_at else "—",
            escape(of.problem or ""),
        )
    _console().print(table if rows else "no source was polled yet; run: bayan run --once")


def _console() -> Console:
    from rich.console import Console

    console = Console()
    if not console.is_terminal:
        console.width = _WIDTH_OF_A_PIPE
    return console
