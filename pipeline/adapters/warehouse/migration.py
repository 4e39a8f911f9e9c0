"""Bringing a database to the schema that this version of Bayan works with, and saying where it stands."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, inspect, text

from pipeline.adapters.warehouse.database import Database
from pipeline.adapters.warehouse.failures import damaged, shown, translated
from pipeline.adapters.warehouse.ingest_schema import metadata
from pipeline.errors import WarehouseError, WarehouseUnavailableError
from pipeline.settings import PROJECT

_MIGRATIONS = PROJECT / "schemas" / "warehouse"
_MIGRATION_LOCK = 0x626179616E31
"""Key of the PostgreSQL advisory lock under which one process migrates."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemaStatus:
    """Where a database stands.

    Attributes:
        database: file or address, without password.
        revision: the migration that it stands at; None: it holds no warehouse yet.
        head: the migration that this version of Bayan works with.
    """

    database: str
    revision: str | None
    head: str

    @property
    def current(self) -> bool:
        return self.revision == self.head


def migrate(url: str) -> SchemaStatus:
    """Create the warehouse or bring it to the newest schema, whole or not at all; creates the folder of a SQLite file.

    Two processes may call it at once: one works and the other finds the work done.

    Raises:
        WarehouseError: newer than this version of Bayan, damaged, not a warehouse, read-only; or a migration failed.
        WarehouseUnavailableError: down or locked.
    """
    database = Database(url)
    try:
        _make_folder(database.url)
        with database.migrating() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATION_LOCK})
            _refuse_foreign(connection, database.url)
            _upgrade(connection, database.url)
    finally:
        database.close()
    return schema_status(url)


def schema_status(url: str) -> SchemaStatus:
    """Where the database stands; creates nothing.

    Raises:
        WarehouseError, WarehouseUnavailableError: it cannot be read.
    """
    database = Database(url)
    try:
        revision = None
        if not _is_missing_file(database.url):
            with database.reading() as connection:
                revision = MigrationContext.configure(connection).get_current_revision()
        return SchemaStatus(database=shown(database.url), revision=revision, head=_head())
    finally:
        database.close()


def refuse_other_schema(connection: Connection, url: URL) -> None:
    """Let no work begin on tables of another version.

    Raises:
        WarehouseError: older, newer or none; the line names the way out.
    """
    revision = MigrationContext.configure(connection).get_current_revision()
    if revision == _head():
        return
    _refuse_foreign(connection, url)
    remedy = "upgrade" if revision else "init"
    raise WarehouseError(
        f"{shown(url)}: schema {revision or 'none'}, this version needs {_head()}; run: bayan warehouse {remedy}"
    )


def _upgrade(connection: Connection, url: URL) -> None:
    before = MigrationContext.configure(connection).get_current_revision()
    try:
        with translated(url):
            command.upgrade(migration_config(connection), "head")
    except WarehouseUnavailableError:
        raise
    except Exception as error:  # whatever breaks in a migration, the transaction takes all of it back
        what = str(error) if isinstance(error, WarehouseError) else f"{shown(url)}: {type(error).__name__}: {error}"
        way = f"from schema {before or 'none'} to {_head()}"
        raise WarehouseError(
            f"{' '.join(what.split())}: the migration {way} failed and nothing was changed; mend what is named, then "
            "run: bayan warehouse upgrade (until then the former version of Bayan works)"
        ) from error


def _refuse_foreign(connection: Connection, url: URL) -> None:
    revision = MigrationContext.configure(connection).get_current_revision()
    known = {script.revision for script in _scripts().walk_revisions()}
    if revision is not None and revision not in known:
        raise WarehouseError(
            f"{shown(url)}: has schema {revision}, newer than this version of Bayan (up to {_head()}); "
            "install the newer version, or name another database in BAYAN_WAREHOUSE_URL"
        )
    leftover = sorted(metadata.tables.keys() & set(inspect(connection).get_table_names()))
    if revision is None and leftover:
        raise damaged(url, f"holds tables ({', '.join(leftover)}) but no schema version: half-written or not Bayan's")


def migration_config(connection: Connection | None = None) -> Config:
    """Alembic's configuration: the scripts of schemas/warehouse, and the connection that they migrate."""
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(migration_config())


def _head() -> str:
    head = _scripts().get_current_head()
    if head is None:
        raise WarehouseError(f"{_MIGRATIONS}: holds no migrations; the installation is not complete")
    return head


def _is_missing_file(url: URL) -> bool:
    return url.get_backend_name() == "sqlite" and not Path(str(url.database)).exists()


def _make_folder(url: URL) -> None:
    if url.get_backend_name() != "sqlite":
        return
    folder = Path(str(url.database)).parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise WarehouseError(f"{folder}: cannot be made: {error.strerror}; name another place in BAYAN_VAR") from error
