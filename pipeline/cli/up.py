"""`bayan up`: the whole house on this machine, one pass through it, and what came of it. Behind `make run`."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline import bootstrap
from pipeline.cli.outcome import print_outcome
from pipeline.cli.saying import Saying
from pipeline.cli.stopping import Stopped, stoppable, wait_forever

if TYPE_CHECKING:
    from pipeline.embedded.house import House


def up(
    *,
    once: Annotated[bool, typer.Option("--once", help="Stop after one pass; exit code 1 if anything failed.")] = False,
    sources: Annotated[
        Path | None, typer.Option(help="Sources file (.yml), or a folder with a feed.xml to serve.")
    ] = None,
    with_parent: Annotated[bool, typer.Option("--with-parent", hidden=True)] = False,
) -> None:
    """Start Airflow on 127.0.0.1 with all that it needs, push one pass through the DAGs, print the outcome, serve."""
    from pipeline.embedded.house import open_house

    say = Saying()
    settings = bootstrap.read_settings()
    if sources:
        settings = settings.model_copy(update={"sources": sources})
    done = False
    try:
        with stoppable(with_parent=with_parent), open_house(settings, say) as house:
            failed = _push(house, say)
            done = True
            if not once:
                say("serving until Ctrl-C")
                wait_forever()
    except Stopped:
        say("stopped; every process that was started has ended")
        raise typer.Exit(0 if done else 1) from None
    if failed:
        raise typer.Exit(1)


def _push(house: House, say: Saying) -> bool:
    """One pass, then its outcome and the addresses; whether anything failed."""
    from pipeline.embedded.one_pass import push_pass

    say("pass: triggering the DAG collect")
    done = push_pass(house.operator, untold=lambda: bootstrap.statements_untold(house.settings), tick=say.tick)
    say("pass: " + ", ".join(f"{run.dag_id} {run.state}" for run in done.runs))
    with closing(bootstrap.open_warehouse(house.settings)) as warehouse:
        failed = print_outcome(warehouse, house.settings, since=house.started_at)
    for failure in done.failures:
        say(f"failed: {failure}; its log: {house.airflow.address}/dags/{failure.split(':')[0]}/runs")
    _print_addresses(house)
    return failed or bool(done.failures)


def _print_addresses(house: House) -> None:
    from pipeline.embedded.airflow import USER, VIEWER

    airflow = house.airflow
    print(f"Airflow    {airflow.address}   user {USER}, password {airflow.secrets.passwords[USER]}")
    print(f"           to look on: user {VIEWER}, password {airflow.secrets.passwords[VIEWER]}")
    print(f"Warehouse  {bootstrap.warehouse_name(house.settings)}")
    print(f"Evidence   {house.settings.archive}")
    print(f"Data Docs  {house.settings.data_docs}")
    print("Board      bayan board: the analysts' page over this warehouse, at an address of its own", flush=True)
