"""`bayan alerts subscriptions`: who is told what, from files and from the warehouse's table."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.errors import SettingsError, SubscriptionsError
from pipeline.settings import read_settings

if TYPE_CHECKING:
    from pipeline.records import Subscription

app = typer.Typer(help="Subscriptions: list, show, add and change them, remove them.", no_args_is_help=True)


@app.command("list")
def list_() -> None:
    """List every subscription: id, where it stands, when it is told, to whom."""
    from pipeline import bootstrap

    settings = read_settings()
    with closing(bootstrap.open_warehouse(settings)) as warehouse:
        in_table = warehouse.stored_definitions()
        known = bootstrap.subscriptions(settings, warehouse=warehouse)
    for each in known:
        place = "table" if each.subscription_id in in_table else "file"
        typer.echo(f"{each.subscription_id}\t{place}\t{each.schedule.pace}\t{', '.join(each.doors)}")


@app.command()
def show(subscription_id: str) -> None:
    """Print one subscription as its file would say it (YAML)."""
    import yaml

    from pipeline.adapters.subscriptions import definition_of

    definition = definition_of(_known(subscription_id))
    typer.echo(yaml.safe_dump(definition, allow_unicode=True, sort_keys=False), nl=False)


@app.command()
def add(file: Annotated[Path, typer.Argument(help="A subscription file (subscription.schema.json).")]) -> None:
    """Serve the subscription of FILE from the warehouse's table, or change the one with its id."""
    from pipeline import bootstrap
    from pipeline.adapters.subscriptions import read_subscription, read_subscriptions

    settings = read_settings()
    new = read_subscription(file)
    if new.subscription_id in {each.subscription_id for each in read_subscriptions(settings.subscriptions)}:
        what = f"{file}:1: id {new.subscription_id!r} stands in {settings.subscriptions}; change it there"
        raise SubscriptionsError([what])
    with closing(bootstrap.open_warehouse(settings)) as warehouse:
        warehouse.save_subscription(new, now=datetime.now(UTC))
    typer.echo(f"{new.subscription_id}: served with the next run of alert")


@app.command()
def remove(subscription_id: str) -> None:
    """Serve a subscription of the table no more. What it was told stays in the warehouse."""
    from pipeline import bootstrap

    settings = read_settings()
    with closing(bootstrap.open_warehouse(settings)) as warehouse:
        ended = warehouse.end_subscription(subscription_id, now=datetime.now(UTC))
    if not ended:
        remedy = f"a subscription of a file is removed from {settings.subscriptions}"
        raise SubscriptionsError([f"{subscription_id}: is not served from the table; {remedy}"])
    typer.echo(f"{subscription_id}: served no more")


@app.command()
def key(subscription_id: str) -> None:
    """Print the key by which the receiver of this subscription's webhook checks signatures. It is a secret."""
    from pipeline.adapters.http.webhook import subscription_key

    settings = read_settings()
    if settings.webhook_key is None:
        raise SettingsError("webhook: there is no key to derive it from; set BAYAN_WEBHOOK_KEY")
    of = _known(subscription_id)
    typer.echo(subscription_key(settings.webhook_key.get_secret_value(), of.subscription_id))


def _known(subscription_id: str) -> Subscription:
    from pipeline import bootstrap

    settings = read_settings()
    with closing(bootstrap.open_warehouse(settings)) as warehouse:
        (found,) = bootstrap.subscriptions(settings, only=[subscription_id], warehouse=warehouse)
    return found
