"""What a failure of the database means for people: the one place where the drivers' errors are read."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import URL
from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from pipeline.errors import WarehouseError, WarehouseUnavailableError

_BUSY = {"SQLITE_BUSY", "SQLITE_LOCKED"}
_DAMAGED = {"SQLITE_CORRUPT", "SQLITE_NOTADB"}
_SQLITE_REMEDIES = {
    "SQLITE_READONLY": "give write permission to the file and its folder",
    "SQLITE_CANTOPEN": "check that its folder exists and may be written",
    "SQLITE_FULL": "make room on the disk, then start again: nothing is half-done",
    "SQLITE_IOERR": "check the disk and make room on it, then start again: nothing is half-done",
}
_SCHEMA = ("42P01", "42703", "42P07", "42701", "42710")
"""PostgreSQL: undefined table or column, duplicate table, column or object."""
_TOO_LONG = "the answer took too long; ask for less, such as fewer days"
_KNOWN: dict[str, tuple[type[WarehouseError], str]] = {
    "25006": (WarehouseError, "may not be written; name a server that takes writes, and a role that may"),
    "53100": (WarehouseError, "its disk is full; make room on its disk, then start again: nothing is half-done"),
    "57014": (WarehouseUnavailableError, _TOO_LONG),
}
"""PostgreSQL: read-only transaction, disk full, question given up."""
_DENIED = ("28", "42501", "3D000")
"""PostgreSQL: login refused, no privilege, no such database."""
_AWAY = ("08", "57", "53", "40", "55P03")
"""PostgreSQL: connection lost, shutting down, out of resources, serialisation, lock not available."""


@contextmanager
def translated(url: URL) -> Iterator[None]:
    """Turn what the database raises inside into the project's errors, each with its remedy.

    Raises:
        WarehouseUnavailableError: down, locked, or out of connections: the same call can succeed later.
        WarehouseError: damaged, read-only, full, of another schema, or a row that it cannot take.
    """
    try:
        yield
    except DBAPIError as error:
        raise _meaning(error, url) from error
    except PoolTimeoutError as error:
        raise WarehouseUnavailableError(f"{shown(url)}: all connections are in use; wait and try again") from error
    except StatementError as error:
        raise WarehouseError(f"{shown(url)}: a value cannot be stored: {_one_line(error.orig or error)}") from error
    except UnicodeEncodeError as error:
        raise WarehouseError(
            f"{shown(url)}: a text holds {error.object[error.start]!r}, which no database stores; it must be held back"
        ) from error


def shown(url: URL) -> str:
    """The database as people know it: the file, or the address without its password."""
    return str(url.database) if url.get_backend_name() == "sqlite" else url.render_as_string(hide_password=True)


def damaged(url: URL, what: str) -> WarehouseError:
    """The error of a database that cannot be used and cannot be repaired here."""
    if url.get_backend_name() == "sqlite":
        remedy = (
            f"move it away (mv {url.database} {url.database}.damaged; rm -f {url.database}-wal {url.database}-shm) "
            "and start again: the archive keeps the evidence, and the sources are collected anew"
        )
    else:
        remedy = "restore it from a backup, or name an empty database in BAYAN_WAREHOUSE_URL"
    return WarehouseError(f"{shown(url)}: {what}; {remedy}")


def _meaning(error: DBAPIError, url: URL) -> WarehouseError:
    if isinstance(error.orig, sqlite3.Error):
        return _sqlite_meaning(error.orig, url)
    return _postgresql_meaning(error, url)


def _sqlite_meaning(error: sqlite3.Error, url: URL) -> WarehouseError:
    name = "_".join(getattr(error, "sqlite_errorname", "SQLITE_ERROR").split("_")[:2])
    if name in _BUSY:
        return WarehouseUnavailableError(
            f"{shown(url)}: another process is writing to it; wait until it is done, or end that process"
        )
    if name == "SQLITE_INTERRUPT":
        return WarehouseUnavailableError(f"{shown(url)}: {_TOO_LONG}")
    if name in _DAMAGED:
        return damaged(url, "the file is damaged or no warehouse")
    if name in _SQLITE_REMEDIES:
        return WarehouseError(f"{shown(url)}: {error}: {_SQLITE_REMEDIES[name]}")
    if str(error).startswith(("no such table", "no such column", "table ")):
        return _other_schema(url, str(error))
    return _refused(url, error)


def _postgresql_meaning(error: DBAPIError, url: URL) -> WarehouseError:
    state = getattr(error.orig, "sqlstate", None) or ""
    message = _one_line(error.orig or error)
    if state.startswith(_DENIED) or (not state and ("authentication failed" in message or "not exist" in message)):
        return WarehouseError(f"{shown(url)}: {message}; check user, password and name in BAYAN_WAREHOUSE_URL")
    if state in _KNOWN:
        kind, what = _KNOWN[state]
        return kind(f"{shown(url)}: {what}")
    if state.startswith(_AWAY) or error.connection_invalidated or (not state and not isinstance(error, IntegrityError)):
        return WarehouseUnavailableError(f"{shown(url)}: {message}; start the server or wait until it answers")
    if state.startswith(_SCHEMA):
        return _other_schema(url, message)
    return _refused(url, error.orig or error)


def _other_schema(url: URL, message: str) -> WarehouseError:
    return WarehouseError(f"{shown(url)}: has another schema ({message}); run: bayan warehouse init")


def _refused(url: URL, error: BaseException) -> WarehouseError:
    return WarehouseError(f"{shown(url)}: refused: {_one_line(error)}")


def _one_line(error: BaseException) -> str:
    return " ".join(str(error).split())
