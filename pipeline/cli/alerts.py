"""`bayan alerts`: what would be sent, and the sending of what waits."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli import silences, subscriptions
from pipeline.errors import UsageError
from pipeline.settings import Settings, read_settings

if TYPE_CHECKING:
    from pipeline.jobs.rehearsal import Rehearsed

app = typer.Typer(help="Alerts: see what would be sent, send what waits, who is told what.", no_args_is_help=True)
app.add_typer(subscriptions.app, name="subscriptions")
app.add_typer(silences.app, name="silences")


@app.command()
def preview(
    *,
    subscription: Annotated[str | None, typer.Option(help="Only this subscription, by its id.")] = None,
    html: Annotated[
        Path | None, typer.Option(help="Write the HTML part there; a second mail becomes NAME-2.html.")
    ] = None,
    text: Annotated[bool, typer.Option("--text", help="Print the plain part also when --html is given.")] = False,
    days: Annotated[
        int | None,
        typer.Option(help="Instead: list what would have been sent in the last DAYS days, e.g. 30.", min=1, max=366),
    ] = None,
) -> None:
    """Show the mails that would be sent now, or would have been. Nothing is sent and nothing is changed."""
    settings = read_settings()
    only = [subscription] if subscription else []
    if days is not None:
        _rehearse(settings, only, days)
        return
    mails = _mails(settings, only)
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
    from pipeline.jobs.alert import send_outbox

    settings = read_settings()
    now = datetime.now(UTC)
    with closing(bootstrap.open_warehouse(settings)) as warehouse:
        ports = bootstrap.alert_ports(settings, warehouse)
        known = bootstrap.subscriptions(settings, warehouse=warehouse)
        report = send_outbox(ports=ports, subscriptions=known, run_id=f"send-{now:%Y%m%dT%H%M%S.%fZ}", now=now)
    typer.echo(", ".join(f"{name} {count}" for name, count in report.counts.items()))
    for problem in report.problems:
        typer.echo(f"bayan: {problem}", err=True)
    if report.waiting or report.failed:
        raise typer.Exit(1)


def _mails(settings: Settings, only: list[str]) -> list[EmailMessage]:
    from pipeline import bootstrap
    from pipeline.jobs.alert import preview as mails_of

    with closing(bootstrap.open_warehouse(settings)) as warehouse:
        wanted = bootstrap.subscriptions(settings, only=only, warehouse=warehouse)
        renderer = bootstrap.renderer(settings)
        return list(mails_of(store=warehouse, renderer=renderer, subscriptions=wanted, now=datetime.now(UTC)))


def _rehearse(settings: Settings, only: list[str], days: int) -> None:
    from pipeline import bootstrap
    from pipeline.jobs.rehearsal import rehearse

    now = datetime.now(UTC)
    with closing(bootstrap.open_warehouse(settings)) as warehouse:
        wanted = bootstrap.subscriptions(settings, only=only, warehouse=warehouse)
        recorded = warehouse.recorded_since(now - timedelta(days=days))
    registry = bootstrap.rulebook(settings).registry
    for each in wanted:
        mails = rehearse(each, recorded, registry, now=now)
        for mail in mails:
            typer.echo(f"{each.subscription_id}  {_rehearsed(mail)}")
        told = sum(count for mail in mails for count in mail.tally.values())
        typer.echo(f"{each.subscription_id}: {len(mails)} mails, {told} statements in {days} days")


def _rehearsed(mail: Rehearsed) -> str:
    tally = ", ".join(f"{label} {count}" for label, count in sorted(mail.tally.items()))
    return f"{mail.at:%Y-%m-%d %H:%M} UTC  {mail.kind}: {tally}"


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
