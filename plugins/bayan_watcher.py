"""The trigger that watches feeds from within Airflow's triggerer. How a feed is looked at is `pipeline.jobs.watch`."""

import asyncio
import logging
from collections.abc import AsyncIterator
from typing import Any

from airflow.triggers.base import BaseEventTrigger, TriggerEvent

PAUSE_AFTER_TROUBLE_SECONDS = 30
LOG = logging.getLogger("bayan.watcher")


class NewsTrigger(BaseEventTrigger):
    """Fires with the ids of sources that have something new, for as long as the triggerer runs."""

    def serialize(self) -> tuple[str, dict[str, Any]]:
        return "bayan_watcher.NewsTrigger", {}

    async def run(self) -> AsyncIterator[TriggerEvent]:
        from pipeline import bootstrap, operating

        while True:
            try:
                async for source_ids in operating.watch_feeds(bootstrap.read_settings(), say=LOG.warning):
                    yield TriggerEvent({"source_ids": list(source_ids)})
            # A watcher that ends is not started again by Airflow, and nobody would see it: the schedule goes on.
            except Exception as error:
                LOG.warning("%s; looking again in %s s", error, PAUSE_AFTER_TROUBLE_SECONDS, exc_info=True)
            await asyncio.sleep(PAUSE_AFTER_TROUBLE_SECONDS)
