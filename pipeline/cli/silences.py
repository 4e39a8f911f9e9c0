"""`bayan alerts silences`: what is not told for a while, and why."""

from __future__ import annotations

import secrets
from contextlib import closing
from datetime import UTC, datetime
from typing import Annotated

import typer

from pipeline.errors import UsageError
from pipeline.records import LABELS, Label, Silence
from pipeline.settings import read_settings

app = typer.Typer(help="Silences: list, add and lift them.", no_args_is_help=True)


@app.command("list")
def list_() -> None:
    """List every silence, the first to end first: id, until when, what it covers, how much it kept quiet, why."""
    from pipeline import bootstrap

    with closing(bootstrap.open_warehouse(read_settings())) as warehouse:
        quiet = warehouse.kept_quiet()
        known = warehouse.silences()
    for each in known:
        covers = [value for value in (each.subscription_id, each.group, each.label) if value] or ["everything"]
        told = f"{quiet.get(each.silence_id, 0)} kept quiet"
        until = f"until {each.ends_at:%Y-%m-%d %H:%M} UTC"
        typer.echo("\t".join((each.silence_id, until, " ".join(covers), told, each.reason)))


@app.command()
def add(
    *,
    until: Annotated[datetime, typer.Option(help="When it ends, UTC.", formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M"])],
    reason: Annotated[str, typer.Option(help="Why, for those who wonder later.")],
    subscription: Annotated[str | None, typer.Option(help="Only this subscription.")] = None,
    group: Annotated[str | None, typer.Option(help="Only statements of this group, by its id.")] = None,
    label: Annotated[str | None, typer.Option(help=f"Only this label: {', '.join(LABELS)}.")] = None,
) -> None:
    """Tell nothing of what it covers until it ends; what comes meanwhile is counted and is not told later."""
    from pipeline import bootstrap

    settings = read_settings()
    now, ends_at = datetime.now(UTC), until.replace(tzinfo=UTC)
    if ends_at <= now:
        raise UsageError(f"--until {until:%Y-%m-%dT%H:%M} is past; name a time to come, in UTC")
    if not reason.strip():
        raise UsageError("--reason is empty; say why")
    if group is not None and group not in bootstrap.rulebook(settings).registry.groups:
        raise UsageError(f"--group {group}: the registry has no such group; take an id of rules/groups.yml")
    with closing(bootstrap.open_warehouse(settings)) as warehouse:
        if subscription is not None:
            bootstrap.subscriptions(settings, only=[subscription], warehouse=warehouse)
        new = Silence(
            silence_id=secrets.token_hex(3),
            reason=" ".join(reason.split()),
            starts_at=now,
            ends_at=ends_at,
            subscription_id=subscription,
            group=group,
            label=_label(label),
        )
        warehouse.silence(new)
    typer.echo(f"{new.silence_id}: in force until {ends_at:%Y-%m-%d %H:%M} UTC")


@app.command()
def lift(silence_id: str) -> None:
    """End a silence now."""
    from pipeline import bootstrap

    with closing(bootstrap.open_warehouse(read_settings())) as warehouse:
        if not warehouse.lift_silence(silence_id, now=datetime.now(UTC)):
            raise UsageError(f"{silence_id}: no such silence is in force; see: bayan alerts silences list")
    typer.echo(f"{silence_id}: lifted")


def _label(name: str | None) -> Label | None:
    for label in LABELS:
        if name == label:
            return label
    if name is not None:
        raise UsageError(f"--label {name}: there are {', '.join(LABELS)}")
    return None
