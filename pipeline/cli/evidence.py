"""`bayan evidence`: prove the warehouse against the archive, and make it again from the archive."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import typer

from pipeline import bootstrap
from pipeline.cli.saying import Saying

if TYPE_CHECKING:
    from pipeline.jobs.evidence import EvidenceReport

app = typer.Typer(help="The evidence: prove the warehouse against the archive.", no_args_is_help=True)

_TOLD_EVERY = 100


@app.command()
def verify() -> None:
    """Prove every row of the warehouse against the archive, and name what does not match; exit code 1 if any."""
    settings = bootstrap.read_settings()
    _tell(bootstrap.run_verify(settings, tick=_progress("verify")), "proven")


@app.command()
def replay() -> None:
    """Make articles and statements again from the archive, without network; exit code 1 on a difference."""
    settings = bootstrap.read_settings()
    _tell(bootstrap.run_replay(settings, tick=_progress("replay")), "identical when made again")


def _progress(what: str) -> Callable[[int, int], None]:
    say = Saying()

    def tick(done: int, total: int) -> None:
        if done % _TOLD_EVERY == 0 or done == total:
            say.tick(f"{what}: {done} of {total} captures")

    return tick


def _tell(report: EvidenceReport, how: str) -> None:
    for problem in report.problems:
        typer.echo(f"mismatch: {problem}")
    held = f"{report.captures} captures, {report.articles} article versions, {report.statements} statements"
    typer.echo(f"{held}: " + (f"{len(report.problems)} mismatches" if report.problems else f"all {how}"))
    if report.problems:
        raise typer.Exit(1)
