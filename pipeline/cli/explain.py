"""`bayan explain`: why a text gives the statements it gives, and why not others."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from rich.console import Console

    from pipeline.matching.rulebook import Rulebook
    from pipeline.records import Statement
    from pipeline.statements.engine import Explanation

_FIELDS = ("said_on", "channel", "target", "condition", "quoted", "confidence", "rules")
_MOST_NEAR = 6


def explain(
    text: Annotated[str, typer.Argument(help="The text; - reads it from stdin.")],
    *,
    lang: Annotated[str | None, typer.Option(help="ar or en; found out when left out.")] = None,
    published: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Day of publication, for yesterday and the like.")
    ] = None,
) -> None:
    """Show what each word was taken for, who speaks, and which rules fired, were turned off by what, or nearly did."""
    from rich.console import Console

    from pipeline.bootstrap import read_settings, rulebook
    from pipeline.statements import Engine

    given = sys.stdin.read() if text == "-" else text
    book = rulebook(read_settings())
    seen = Engine(book).explain(given, language=lang, published_on=published.date() if published else None)
    console = Console(highlight=False)
    _words(console, seen)
    _speakers(console, seen)
    _rules(console, seen)
    _near_misses(console, seen, book)
    _statements(console, seen)


def _words(console: Console, seen: Explanation) -> None:
    """A row a word; names and phrases stand with their first word."""
    from rich.table import Table

    words, table = seen.reading.words, Table("word", "taken for", title="Words")
    taken: dict[int, list[str]] = {}
    for mention in seen.reading.mentions:
        tags = f":{','.join(sorted(mention.tags))}" if mention.tags else ""
        start, end = words.span(mention.start, mention.end)
        phrase = f" «{seen.reading.text[start:end]}»" if mention.end > mention.start + 1 else ""
        known = f" = {mention.ref}" if mention.ref else ""
        taken.setdefault(mention.start, []).append(f"{mention.cls}{tags}{phrase}{known}")
    for i, sentence in enumerate(seen.reading.sentences):
        if i:
            table.add_section()
        for word in range(sentence.first, sentence.last):
            start, end = words.span(word, word + 1)
            table.add_row(seen.reading.text[start:end], " · ".join(dict.fromkeys(taken.get(word, ["–"]))))
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
        names = () if source is None else (source.actor.speaker, source.actor.group)
        who = "the narrator" if source is None else " of ".join(filter(None, names)) or "unnamed"
        table.add_row(seen.reading.text[start:end], who, "" if source is None else source.actor.kind)
        first = i
    console.print(table)


def _rules(console: Console, seen: Explanation) -> None:
    from rich.table import Table

    if not seen.findings:
        console.print("No rule's words stand here together.")
        return
    table = Table("rule", "trigger", "outcome", title="Rules")
    for finding in seen.findings:
        start, end = seen.reading.words.span(finding.match.trigger.start, finding.match.trigger.end)
        outcome = f"turned off: {finding.blocked_by}" if finding.blocked_by else "fired"
        table.add_row(finding.match.rule.rule_id, seen.reading.text[start:end], outcome)
    console.print(table)


def _near_misses(console: Console, seen: Explanation, book: Rulebook) -> None:
    """Patterns of whose words all but one stand in a sentence in which their rule found nothing."""
    from rich.table import Table

    rows = list(dict.fromkeys(_near(seen, book)))[:_MOST_NEAR]
    if not rows:
        return
    table = Table("rule", "pattern", "what is missing", title="Nearly")
    for row in rows:
        table.add_row(*row)
    console.print(table)


def _near(seen: Explanation, book: Rulebook) -> Iterator[tuple[str, str, str]]:
    from pipeline.matching.match import accepts

    found = {(finding.sentence, finding.match.rule.rule_id) for finding in seen.findings}
    for i, mentions in enumerate(seen.reading.by_sentence):
        for rule in book.rules.values():
            if rule.language != seen.reading.language or (i, rule.rule_id) in found:
                continue
            for pattern in rule.patterns:
                slots = [slot for slot in pattern.slots if not slot.optional]
                missing = [slot for slot in slots if not any(accepts(slot.choices, m) for m in mentions)]
                if len(slots) > 1 and len(missing) <= 1 and pattern.slots[pattern.trigger] not in missing:
                    what = "|".join(choice.cls for slot in missing for choice in slot.choices)
                    yield rule.rule_id, pattern.source, what or "nothing: other order, or too far apart"


def _statements(console: Console, seen: Explanation) -> None:
    if not seen.statements:
        console.print("No statement.")
    for statement in seen.statements:
        _statement(console, statement)


def _statement(console: Console, statement: Statement) -> None:
    speaker = statement.speaker or "nobody named"
    console.print(f"[bold]{statement.label}[/bold] by {speaker} for {statement.group or 'an unnamed group'}")
    for name in _FIELDS:
        value = getattr(statement, name)
        basis = f" ({statement.said_on_precision}, {statement.said_on_basis})" if name == "said_on" and value else ""
        shown = ", ".join(value) if isinstance(value, tuple) else value
        console.print(f"  {name}: {shown if value is not None else '–'}{basis}", markup=False)
