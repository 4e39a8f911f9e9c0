"""`bayan alerts`: what would be sent, and the sending of what waits."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Annotated

import typer

from pipeline.errors import UsageError
from pipeline.settings import read_settings

app = typer.Typer(help="Alert e-mails: see what would be sent, send what waits.", no_args_is_help=True)


@app.command()
def preview(
    *,
    subscription: Annotated[str | None, typer.Option(help="Only this subscription, by its id.")] = None,
    html: Annotated[
        Path | None, typer.Option(help="Write the HTML part there; a second mail becomes NAME-2.html.")
    ] = None,
    text: Annotated[bool, typer.Option("--text", help="Print the plain part also when --html is given.")] = False,
) -> None:
    """Show the mails that would be sent now. Nothing is sent and nothing is changed."""
    from pipeline import bootstrap
    from pipeline.jobs.alert import preview as mails_of

    settings = read_settings()
    wanted = bootstrap.subscriptions(settings, only=[subscription] if subscription else [])
    with closing(bootstrap.open_warehouse(settings)) as warehouse:
        renderer = bootstrap.renderer(settings)
        mails = list(mails_of(store=warehouse, renderer=renderer, subscriptions=wanted, now=datetime.now(UTC)))
    if not mails:
        typer.echo("nothing to send", err=True)
    for number, mail in enumerate(mails, start=1):
        if html:
            typer.echo(f"{_write_html(mail, html, number)}: {mail['Subject']}", err=True)
        if text or not html:
            typer.echo(_as_text(mail))


@app.command()
def send() -> None:
    """Send the mails that wait in the outbox, and queue no others."""
    from pipeline import bootstrap
    from pipeline.jobs.alert import AlertPorts, send_outbox

    settings = read_settings()
    now = datetime.now(UTC)
    with closing(bootstrap.open_warehouse(settings)) as warehouse:
        ports = AlertPorts(
            store=warehouse, mailer=bootstrap.mailer(settings), renderer=bootstrap.renderer(settings), runs=warehouse
        )
        known = bootstrap.subscriptions(settings)
        report = send_outbox(ports=ports, subscriptions=known, run_id=f"send-{now:%Y%m%dT%H%M%S.%fZ}", now=now)
    typer.echo(", ".join(f"{name} {count}" for name, count in report.counts.items()))
    for problem in report.problems:
        typer.echo(f"bayan: {problem}", err=True)
    if report.waiting or report.failed:
        raise typer.Exit(1)


def _as_text(mail: EmailMessage) -> str:
    recipients = ", ".join(str(mail[name]) for name in ("To", "Bcc") if mail[name])
    return f"To: {recipients}\nSubject: {mail['Subject']}\n\n{_part(mail, 'plain')}"


def _write_html(mail: EmailMessage, path: Path, number: int) -> Path:
    target = path if number == 1 else path.with_name(f"{path.stem}-{number}{path.suffix}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(_part(mail, "html"), encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{target}: cannot be written ({error.strerror}); name another file") from error
    return target


def _part(mail: EmailMessage, subtype: str) -> str:
    part = mail.get_body(preferencelist=(subtype,))
    return str(part.get_content()) if part is not None else ""
