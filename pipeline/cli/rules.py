"""`bayan rules lint|test|list`: the rule pack from the side of those who write it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from pipeline.matching import Rulebook

app = typer.Typer(help="Lint, test and list the rules.", no_args_is_help=True)

Folder = Annotated[Path | None, typer.Option("--rules", help="Another rule pack than the settings' one.")]


def _rulebook(folder: Path | None) -> Rulebook:
    from pipeline.adapters.rulepack import read_rulepack
    from pipeline.bootstrap import read_settings, rulebook

    return read_rulepack(folder) if folder else rulebook(read_settings())


@app.command("list")
def list_rules(rules: Folder = None) -> None:
    """Every rule: id, label, language, status, what it finds."""
    from rich.console import Console
    from rich.table import Table

    table = Table("rule", "label", "language", "status", "what it finds")
    for rule in sorted(_rulebook(rules).rules.values(), key=lambda r: r.rule_id):
        table.add_row(rule.rule_id, rule.label, rule.language, rule.status, rule.description)
    Console().print(table)


@app.command()
def lint(rules: Folder = None) -> None:
    """Check every file of the pack, and say where classes and rules can surprise their author."""
    from pipeline.errors import RulesError
    from pipeline.matching.lint import warnings

    try:
        book = _rulebook(rules)
    except RulesError as error:
        for problem in error.problems:
            typer.echo(problem, err=True)
        raise typer.Exit(1) from None
    for warning in warnings(book):
        typer.echo(f"warning: {warning}")
    typer.echo(f"{len(book.rules)} rules, {len(book.registry.groups)} groups, no errors")


@app.command("test")
def run_samples(rules: Folder = None) -> None:
    """Run the samples inside every rule. Exit code 1 when one fails."""
    from pipeline.statements import Engine
    from pipeline.statements.samples import failures, sample_count

    book = _rulebook(rules)
    found = failures(Engine(book), book)
    for failure in found:
        typer.echo(failure, err=True)
    typer.echo(f"{len(book.rules)} rules, {sample_count(book)} samples, {len(found)} failed")
    if found:
        raise typer.Exit(1)
