"""`bayan explain`: why a text gives the statements it gives, and why not others."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from rich.console import Console

    from pipeline.statements.engine import Explanation


def explain(
    text: Annotated[str, typer.Argument(help="The text; - reads it from stdin.")],
    *,
    lang: Annotated[str | None, typer.Option(help="ar or en; found out when left out.")] = None,
) -> None:
    """Show what each word was taken for, who speaks, which rules fired, and which were turned off by what."""
    from rich.console import Console

    from pipeline.bootstrap import read_settings, rulebook
    from pipeline.statements import Engine

    given = sys.stdin.read() if text == "-" else text
    seen = Engine(rulebook(read_settings())).explain(given, language=lang)
    console = Console(soft_wrap=True, highlight=False)
    _words(console, seen)
    _speakers(console, seen)
    _rules(console, seen)
    _statements(console, seen)


def _words(console: Console, seen: Explanation) -> None:
    from rich.table import Table

    table = Table("word", "taken for", title="Words")
    for mention in seen.reading.mentions:
        start, end = seen.reading.words.span(mention.start, mention.end)
        what = " ".join((mention.cls, *sorted(mention.tags), *((f"= {mention.ref}",) if mention.ref else ())))
        table.add_row(seen.reading.text[start:end], what)
    console.print(table)


def _speakers(console: Console, seen: Explanation) -> None:
    from rich.table import Table

    table = Table("words", "who speaks", "kind", title="Who speaks")
    first = 0
    sources = seen.speech.source
    for i in range(1, len(sources) + 1):
        if i < len(sources) and sources[i] is sources[first]:
            continue
        source = sources[first]
        start, end = seen.reading.words.span(first, i)
        who = "the narrator" if source is None else source.actor.speaker or source.actor.group or "unnamed"
        table.add_row(seen.reading.text[start:end], who, "" if source is None else source.actor.kind)
        first = i
    console.print(table)


def _rules(console: Console, seen: Explanation) -> None:
    from rich.table import Table

    table = Table("rule", "trigger", "outcome", title="Rules")
    for finding in seen.findings:
        start, end = seen.reading.words.span(finding.match.trigger.start, finding.match.trigger.end)
        outcome = f"turned off: {finding.blocked_by}" if finding.blocked_by else "fired"
        table.add_row(finding.match.rule.rule_id, seen.reading.text[start:end], outcome)
    console.print(table)


def _statements(console: Console, seen: Explanation) -> None:
    if not seen.statements:
        console.print("No statement.")
    for statement in seen.statements:
        console.print(f"[bold]{statement.label}[/bold] by {statement.speaker or '?'} of {statement.group or '?'}")
        for name in ("said_on", "channel", "target", "condition", "confidence", "rules"):
            console.print(f"  {name}: {getattr(statement, name)}", markup=False)
