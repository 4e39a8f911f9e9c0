"""`bayan run`: the whole way without Airflow, through the same jobs."""

from __future__ import annotations

import time
from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline import bootstrap
from pipeline.cli.outcome import print_outcome
from pipeline.cli.saying import Saying
from pipeline.cli.stopping import Stopped, stoppable
from pipeline.errors import BayanError

if TYPE_CHECKING:
    from pipeline.settings import Settings


def run(
    *,
    sources: Annotated[
        Path | None, typer.Option(help="Sources file (.yml), or a folder with a feed.xml to serve.")
    ] = None,
    once: Annotated[bool, typer.Option("--once", help="Stop after one pass; exit code 1 if anything failed.")] = False,
    every: Annotated[int, typer.Option(help="Seconds from the end of one pass to the next.", min=1)] = 300,
) -> None:
    """Collect, analyse and alert without Airflow, and print what came of each pass."""
    from pipeline.embedded.neighbourhood import neighbourhood

    say = Saying()
    done = False
    settings = bootstrap.read_settings()
    if sources:
        settings = settings.model_copy(update={"sources": sources})
    try:
        with stoppable(with_parent=False), neighbourhood(settings) as local:
            say("warehouse: " + bootstrap.prepare_warehouse(local))
            failed = _pass(local, say)
            done = True
            while not once:
                say(f"next pass in {every} s; Ctrl-C stops")
                time.sleep(every)
                _later_pass(local, say)
    except Stopped:
        raise typer.Exit(0 if done else 1) from None
    if failed:
        raise typer.Exit(1)


def _later_pass(settings: Settings, say: Saying) -> None:
    """A pass that cannot be made (a locked warehouse, a sources file half edited) is told; the next may be made."""
    try:
        _pass(settings, say, due=True)
    except BayanError as error:
        say(f"pass failed: {error}")


_ALWAYS_SAID = ("sources", "fetched", "not_modified", "new_articles", "changed", "failed")


def _said(counts: Mapping[str, int]) -> str:
    """The figures of a run: those that everybody asks for, and what else there is."""
    shown = {name: count for name, count in counts.items() if count or name in _ALWAYS_SAID}
    return ", ".join(f"{name.replace('_', ' ')} {count}" for name, count in shown.items())


def _pass(settings: Settings, say: Saying, *, due: bool = False) -> bool:
    """One pass over all sources, or over those that are due; whether anything failed."""
    since = datetime.now(UTC)
    stamp = since.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    ids = bootstrap.source_ids(settings, due=due)
    say.tick(f"collect: {len(ids)} sources")
    run_ids = {name: f"collect/{stamp}/{name}" for name in ids}
    summary = bootstrap.run_collect_many(settings, run_ids, tick=lambda progress: say.tick(f"collect: {progress}"))
    say("collected: " + _said(summary.counts))
    if summary.untold:
        say(summary.untold)
    say.tick("analyse")
    bootstrap.run_analyse(settings, run_id=f"analyse/{stamp}")
    say.tick("alert")
    bootstrap.run_alert(settings, run_id=f"alert/{stamp}")
    with closing(bootstrap.open_warehouse(settings)) as warehouse:
        return print_outcome(warehouse, settings, since=since)
