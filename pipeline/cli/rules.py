"""`bayan rules lint|test|list|diff`: the rule pack from the side of those who write it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from pipeline.matching import Rulebook

app = typer.Typer(
    help="Lint, test and list the rules; see what a change of them would do to history.", no_args_is_help=True
)

Folder = Annotated[Path | None, typer.Option("--rules", help="Another rule pack than the settings' one.")]


def _rulebook(folder: Path | None) -> Rulebook:
    from pipeline.adapters.rulepack import read_rulepack
    from pipeline.bootstrap import read_settings, rulebook

    return read_rulepack(folder) if folder else rulebook(read_settings())


@app.command("list")
def list_rules(
    *,
    rules: Folder = None,
    label: Annotated[str | None, typer.Option(help="threat, admission or truce; all when left out.")] = None,
    markdown: Annotated[
        bool, typer.Option("--markdown", help="The page docs/rules-list.md, with measured support.")
    ] = False,
) -> None:
    """Every rule: id, status, samples, what it finds."""
    book = _rulebook(rules)
    if markdown:
        from pipeline.cli.rules_page import rules_page
        from pipeline.settings import PROJECT
        from pipeline.statements import Engine

        typer.echo(rules_page(Engine(book), PROJECT), nl=False)
        return
    from rich.console import Console
    from rich.table import Table

    table = Table("rule", "status", "samples", "what it finds")
    shown = [rule for rule in book.rules.values() if label in (None, rule.label)]
    for rule in sorted(shown, key=lambda r: r.rule_id):
        samples = f"{len(rule.samples.match)}+ {len(rule.samples.no_match)}- {len(rule.samples.todo)}?"
        table.add_row(rule.rule_id, rule.status, samples, rule.description)
    Console().print(table)
    typer.echo(f"{len(shown)} rules; ruleset {book.ruleset}")


@app.command()
def lint(*, rules: Folder = None) -> None:
    """Check every file of the pack, and say where words, classes and rules can surprise their author."""
    from pipeline.adapters.rulepack import read_lexicons
    from pipeline.bootstrap import read_settings
    from pipeline.errors import RulesError
    from pipeline.matching.collisions import surprises
    from pipeline.matching.lint import warnings

    try:
        book = _rulebook(rules)
    except RulesError as error:
        for problem in error.problems:
            typer.echo(problem, err=True)
        raise typer.Exit(1) from None
    found = [
        *warnings(book, engine_classes=_engine_classes()),
        *surprises(read_lexicons(rules or read_settings().rules)),
    ]
    for warning in found:
        typer.echo(f"warning: {warning}")
    counts = f"{len(book.rules)} rules, {len(book.registry.groups)} groups"
    typer.echo(f"{counts}, no errors, {len(found)} warnings; ruleset {book.ruleset}")


def _engine_classes() -> set[str]:
    """Every word that the code of attribution holds as a string: the classes that it asks for are among them."""
    import ast

    import pipeline.statements

    names: set[str] = set()
    for path in Path(pipeline.statements.__file__).parent.rglob("*.py"):
        nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        names.update(node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str))
    return names


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


@app.command()
def diff(
    *,
    rules: Folder = None,
    first: Annotated[
        datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="First day of publication.")
    ] = None,
    last: Annotated[
        datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help="Last day of publication.")
    ] = None,
    samples: Annotated[int, typer.Option(min=0, help="Changes of each kind that are shown.")] = 5,
) -> None:
    """Replay the rules over the stored articles: what they would add, remove and change. Nothing is written."""
    from pipeline import bootstrap
    from pipeline.cli.saying import Saying
    from pipeline.errors import UsageError
    from pipeline.jobs.comparison import comparison_lines
    from pipeline.records import Period

    if first and last and first > last:
        raise UsageError(f"--from {first:%Y-%m-%d} is after --to {last:%Y-%m-%d}; swap them")
    period = Period(first=first.date() if first else None, last=last.date() if last else None)
    say = Saying()
    compared = bootstrap.compare_rules(
        bootstrap.read_settings(),
        period,
        rules=rules,
        samples=samples,
        progress=lambda done: say.tick(f"{done:,} articles read"),
    )
    for line in comparison_lines(compared):
        typer.echo(line)
    if compared.problems:
        raise typer.Exit(1)
