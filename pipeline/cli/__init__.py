"""The command line: `bayan …`. A thin front of the jobs; each command stands in a module of its own.

Exit codes: 0 done, 1 failed, 2 wrong usage. An error is one line on stderr that names the thing and the remedy.
"""

from __future__ import annotations

import sys

import stamina
import typer

from pipeline.cli import alerts, evidence, quarantine, rules, sources, warehouse
from pipeline.cli.board import board
from pipeline.cli.classify import classify
from pipeline.cli.explain import explain
from pipeline.cli.parse_feed import parse_feed
from pipeline.cli.run import run
from pipeline.cli.up import up
from pipeline.errors import BayanError, UsageError

app = typer.Typer(
    name="bayan",
    help="What armed groups say in the news: threats, claims of responsibility and truces, with their evidence.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command()(up)
app.command()(run)
app.command()(classify)
app.command()(explain)
app.command("parse-feed")(parse_feed)
app.command()(board)
app.add_typer(rules.app, name="rules")
app.add_typer(sources.app, name="sources")
app.add_typer(evidence.app, name="evidence")
app.add_typer(warehouse.app, name="warehouse")
app.add_typer(quarantine.app, name="quarantine")
app.add_typer(alerts.app, name="alerts")


def main() -> None:
    """Run a command; an error that Bayan raises on purpose becomes one line and an exit code."""
    # By default each retry is printed to standard output, which belongs to the results.
    stamina.instrumentation.set_on_retry_hooks([])
    try:
        app()
    except BayanError as error:
        print(f"bayan: {error}", file=sys.stderr)
        sys.exit(2 if isinstance(error, UsageError) else 1)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(1)
    except OSError as error:
        print(
            f"bayan: {error.filename or 'a file'}: {error.strerror or error}; check it and try again", file=sys.stderr
        )
        sys.exit(1)
