"""Connections and transactions: how the warehouse's database is opened, and what its failures mean.

Queries stand in the modules of their use; this one knows no table.
"""

from __future__ import annotations

import fcntl
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, NoSuchModuleError
from sqlalchemy.pool import ConnectionPoolEntry

from pipeline.adapters.warehouse.failures import shown, translated
from pipeline.errors import SettingsError, WarehouseError

_LOADING_LOCK = 0x626179616E
"""Key of the PostgreSQL advisory lock that loaders take in turn: `bayan` in ASCII."""

_SENDING_LOCK = 0x626179616E32
"""The same for those who send the outbox."""

_BUSY_MILLISECONDS = 30_000
"""How long a writer waits for its turn on SQLite."""

_ANSWER_SECONDS = 20
"""How long a question of those who only read may take: they ask freely, and others load meanwhile."""

_STEPS = 50_000
"""Steps of SQLite's machine, some milliseconds, after which the clock is looked at."""

_PRAGMAS = (
    "PRAGMA foreign_keys = ON",
    "PRAGMA journal_mode = WAL",
    # A mail marked as sent and a page marked as captured must stay marked over a power cut; transactions are whole
    # batches, so the fsync at each commit costs little.
    "PRAGMA synchronous = FULL",
    # In KiB. The 2,000 that SQLite takes by itself spill in the midst of a large batch, since its keys are hashes and
    # touch every page of an index.
    "PRAGMA cache_size = -65536",
)


class Database:
    """A database behind short transactions, opened lazily.

    Opened `read_only`, it refuses whatever would write, whoever's login the URL has.

    On SQLite one writer works at a time; on PostgreSQL loaders take turns by an advisory lock, so that what is found
    while reading still holds when it is written.
    """

    def __init__(self, url: str, *, read_only: bool = False) -> None:
        self.url = parse_url(url)
        self._engine = open_for_reading(self.url) if read_only else open_engine(self.url)

    def close(self) -> None:
        """Give the connections back. The database opens again when it is used again."""
        self._engine.dispose()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that sees one state of the database."""
        with translated(self.url), self._engine.execution_options(**self._snapshot).connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that is committed at the end, or rolled back whole when anything is raised."""
        with translated(self.url), self._engine.execution_options(sqlite_begin="IMMEDIATE").begin() as connection:
            yield connection

    @contextmanager
    def migrating(self) -> Iterator[Connection]:
        """As `writing`, while SQLite does not enforce foreign keys: it can change a table only by making it anew.

        Close the database behind it: the connection stays in that state.

        Raises:
            WarehouseError: a row refers to nothing at the end; nothing is changed then.
        """
        options = {"sqlite_begin": "IMMEDIATE", "sqlite_foreign_keys": "OFF"}
        with translated(self.url), self._engine.execution_options(**options).begin() as connection:
            yield connection
            if connection.dialect.name == "sqlite" and (
                lost := connection.exec_driver_sql("PRAGMA foreign_key_check").first()
            ):
                raise WarehouseError(f"{shown(self.url)}: a row of {lost[0]} refers to no row of {lost[2]}; restore it")

    @contextmanager
    def loading(self) -> Iterator[Connection]:
        """As `writing`, one loader at a time."""
        with self.writing() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOADING_LOCK})
            yield connection

    @contextmanager
    def sending(self) -> Iterator[None]:
        """One sender at a time: a second process waits, and then finds nothing left to send twice.

        Sending lasts longer than a transaction may on SQLite, so there it is the lock of a file beside the database.
        Both kinds of lock end with the process that holds them.
        """
        if self.url.get_backend_name() == "sqlite":
            with _open_beside(Path(f"{self.url.database}.sending")) as file:
                fcntl.flock(file, fcntl.LOCK_EX)
                yield
        else:
            with translated(self.url), self._engine.connect() as connection:
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _SENDING_LOCK})
                yield

    @property
    def _snapshot(self) -> dict[str, Any]:
        # A transaction of SQLite in WAL mode sees one state anyway.
        return {} if self.url.get_backend_name() == "sqlite" else {"isolation_level": "REPEATABLE READ"}


def _open_beside(path: Path) -> IO[str]:
    try:
        return path.open("w")
    except OSError as error:
        remedy = "give write permission to the file and its folder"
        raise WarehouseError(f"{path}: cannot be written ({error.strerror}); {remedy}") from error


def parse_url(url: str) -> URL:
    """The parts of a SQLAlchemy URL of a database that the warehouse can live in.

    Raises:
        SettingsError: another database, or no URL at all.
    """
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise SettingsError(
            "BAYAN_WAREHOUSE_URL is no database URL; write sqlite:///FILE or postgresql+psycopg://USER@HOST/NAME"
        ) from error
    if parsed.get_backend_name() == "sqlite" and parsed.database not in {None, "", ":memory:"}:
        return parsed
    if parsed.get_backend_name() == "postgresql":
        return parsed.set(drivername="postgresql+psycopg")
    address = parsed.render_as_string(hide_password=True)
    raise SettingsError(
        f"{address} cannot hold a warehouse; write sqlite:///FILE or postgresql+psycopg://USER@HOST/NAME"
    )


def shown_url(url: str) -> str:
    """The database of a SQLAlchemy URL as people know it: the file, or the address without its password.

    Raises:
        SettingsError: another database, or no URL at all.
    """
    return shown(parse_url(url))


def open_engine(url: URL) -> Engine:
    """An engine whose connections are set up for the warehouse; nothing is connected yet."""
    if url.get_backend_name() != "sqlite":
        return create_engine(url, pool_pre_ping=True, connect_args={"connect_timeout": 10})
    try:
        engine = create_engine(url)
    except NoSuchModuleError as error:
        raise SettingsError(f"{url}: no such driver; write sqlite:///FILE") from error
    event.listen(engine, "connect", _set_up)
    event.listen(engine, "begin", _begin)
    return engine


def open_for_reading(url: URL) -> Engine:
    """An engine whose connections cannot write and give up questions that take too long; nothing is connected yet."""
    if url.get_backend_name() != "sqlite":
        options = f"-c default_transaction_read_only=on -c statement_timeout={_ANSWER_SECONDS}s"
        return create_engine(url, pool_pre_ping=True, connect_args={"connect_timeout": 10, "options": options})
    file = f"file:{quote(str(Path(str(url.database)).absolute()))}?mode=ro"
    engine = create_engine(url, creator=lambda: sqlite3.connect(file, uri=True, check_same_thread=False))
    event.listen(engine, "connect", _set_up_for_reading)
    event.listen(engine, "begin", _begin)
    event.listen(engine, "begin", _give_up_later)
    return engine


def _give_up_later(connection: Connection) -> None:
    """What PostgreSQL does by itself: end a question that takes too long."""
    until = time.monotonic() + _ANSWER_SECONDS
    driver: Any = connection.connection.driver_connection
    driver.set_progress_handler(lambda: time.monotonic() > until, _STEPS)


def _set_up_for_reading(connection: Any, _: ConnectionPoolEntry) -> None:
    connection.isolation_level = None
    connection.execute(f"PRAGMA busy_timeout = {_BUSY_MILLISECONDS}")
    connection.execute("PRAGMA query_only = ON")


def _set_up(connection: Any, _: ConnectionPoolEntry) -> None:
    # The driver would begin transactions by itself, late and without DDL in them; _begin does it instead.
    connection.isolation_level = None
    connection.execute(f"PRAGMA busy_timeout = {_BUSY_MILLISECONDS}")
    for pragma in _PRAGMAS:
        connection.execute(pragma)


def _begin(connection: Connection) -> None:
    # A writer that begins as a reader fails at once when another writes; IMMEDIATE makes it wait its turn.
    if connection.get_execution_options().get("sqlite_foreign_keys") == "OFF":
        connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
    connection.exec_driver_sql(f"BEGIN {connection.get_execution_options().get('sqlite_begin', 'DEFERRED')}")
