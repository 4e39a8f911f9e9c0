"""What came of a pass, for the person at the terminal: statements, what was held, mails, problems."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

if TYPE_CHECKING:
    from pipeline.adapters.warehouse import QuarantineRow, RunRow, StatementRow, Warehouse
    from pipeline.settings import Settings

WIDTH_OF_A_PIPE = 160
"""Columns where no terminal says how wide it is: enough for a statement to be read."""

SHOWN_WHEN_NOTHING_IS_NEW = 100

DATE_FORMATS = {"day": "%Y-%m-%d", "month": "%Y-%m", "year": "%Y"}


def print_outcome(warehouse: Warehouse, settings: Settings, *, since: datetime) -> bool:
    """Print what the runs started at or after `since` found, held and sent; whether any of them failed.

    When nothing is new, the statements that stand in the warehouse are shown.
    """
    console = Console()
    if not console.is_terminal:
        console.width = WIDTH_OF_A_PIPE
    runs = warehouse.runs_since(since)
    run_ids = [run.run_id for run in runs]
    new = warehouse.statement_rows(run_ids)
    _print_statements(console, new, title=f"{_amount(len(new), 'statement')} found")
    if not new:
        standing = warehouse.statement_rows()[:SHOWN_WHEN_NOTHING_IS_NEW]
        _print_statements(console, standing, title="nothing new; what stands in the warehouse")
    _print_held(console, warehouse.quarantine_rows(run_ids))
    _print_mails(console, warehouse.mails_since(since), settings)
    return _print_problems(console, runs)


def _print_statements(console: Console, rows: Sequence[StatementRow], *, title: str) -> None:
    if not rows:
        return
    table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, show_lines=True)
    for name in ("label", "group", "speaker", "said on", "published", "outlets"):
        table.add_column(name, overflow="fold")
    table.add_column("statement", overflow="fold", ratio=1)
    for row in rows:
        table.add_row(
            row.label,
            row.group_id or "(unnamed)",
            escape(row.speaker or "—"),
            _said_on(row),
            f"{row.published_at:%Y-%m-%d}" if row.published_at else "—",
            str(row.sightings),
            escape(" ".join(row.text.split())),
        )
    console.print(table)
    if len(rows) > 1:
        labels = Counter(row.label for row in rows)
        console.print("  " + ", ".join(f"{_amount(count, label)}" for label, count in sorted(labels.items())))


def _said_on(row: StatementRow) -> str:
    if row.said_on is None:
        return "—"
    return row.said_on.strftime(DATE_FORMATS[row.said_on_precision or "day"])


def _print_held(console: Console, rows: Sequence[QuarantineRow]) -> None:
    if not rows:
        console.print("quarantined: nothing")
        return
    table = Table(title=f"{_amount(len(rows), 'item')} quarantined", title_justify="left", box=box.SIMPLE_HEAD)
    for name in ("stage", "reason", "what was seen"):
        table.add_column(name, overflow="fold")
    for row in rows:
        table.add_row(row.stage, escape(row.reason), escape(row.detail))
    console.print(table)


def _print_mails(console: Console, mails: Sequence[Sequence[str]], settings: Settings) -> None:
    if not mails:
        console.print("mail: nothing to tell")
        return
    recipients = ", ".join(sorted({address for mail in mails for address in mail}))
    server = f"{settings.smtp_host}:{settings.smtp_port}"
    kept = f"; kept as .eml in {settings.mail_folder}" if settings.mail_folder.is_dir() else ""
    console.print(f"mail: {_amount(len(mails), 'mail')} to {escape(recipients)} through {server}{kept}", soft_wrap=True)


def _print_problems(console: Console, runs: Sequence[RunRow]) -> bool:
    for problem in dict.fromkeys(problem for run in runs for problem in run.problems):
        console.print(f"problem: {escape(problem)}", soft_wrap=True)
    return any(run.status == "failed" for run in runs)


def _amount(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"
