"""Making the warehouse, and what is said when it cannot be made or used."""

import contextlib
import shutil
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect, text

from pipeline.adapters.warehouse import Warehouse, migrate, schema_status
from pipeline.adapters.warehouse.database import Database
from pipeline.adapters.warehouse.ingest_schema import metadata
from pipeline.adapters.warehouse.migration import migration_config
from pipeline.adapters.warehouse.partitions import PARTITIONED
from pipeline.errors import SettingsError, WarehouseError, WarehouseUnavailableError
from pipeline.settings import PROJECT
from tests.fakes.press import DAILY, NOON, article, page, statement


def fill(url: str) -> None:
    """A warehouse with one of everything that collecting and analysing store."""
    from pipeline.records import AnalysedBatch

    with contextlib.closing(Warehouse(url)) as warehouse:
        warehouse.start_run("run-1", job="collect", now=NOON)
        warehouse.save_sources([DAILY], now=NOON)
        warehouse.save_page(page(article()), run_id="run-1", now=NOON)
        batch = AnalysedBatch(analysed=[(article(), [statement(article())])], held=(), verdicts=(), ruleset="rules-1")
        warehouse.load(batch, run_id="run-1", now=NOON)


ONE_KIND_ALONE = ("statement_words", "ix_statements_words", *(f"{table}_" for table in PARTITIONED))
"""Beginnings of names that SQLAlchemy's schema cannot tell: full-text search, and partitions."""


def is_shared(name: str | None, kind: str, parents: object) -> bool:
    return not (name or "").startswith(ONE_KIND_ALONE)


def test_migrations_make_the_tables_that_the_code_works_with(url):
    """No table, column, key, comment or index differs between the migrations and the schema."""
    with Database(url).reading() as connection:
        options = {"include_name": is_shared, "compare_type": True}
        assert [] == compare_metadata(MigrationContext.configure(connection, opts=options), metadata)


def test_migrations_make_the_checks_that_the_code_works_with(url):
    """Every check constraint of the schema stands in the database, which a comparison of tables leaves out."""
    with Database(url).reading() as connection:
        for table in metadata.sorted_tables:
            expected = {str(check.name) for check in table.constraints if type(check).__name__ == "CheckConstraint"}
            assert expected == {check["name"] for check in inspect(connection).get_check_constraints(table.name)}


def test_migrating_again_keeps_what_stands(url):
    """A warehouse with rows is brought to the head it has already and keeps its rows."""
    fill(url)
    assert migrate(url).current
    with contextlib.closing(Warehouse(url)) as warehouse:
        assert 1 == warehouse.status().rows["statements"]


def test_migrations_go_down_and_up_again(url):
    """All the way down leaves no table of ours, and up again makes a warehouse that works."""
    fill(url)
    downgrade(url, "base")
    with Database(url).reading() as connection:
        assert {"alembic_version"} == set(inspect(connection).get_table_names())
    migrate(url)
    fill(url)


def test_rows_of_the_first_schema_come_through_every_migration(url):
    """Down to the first schema and up again, what was found stands, and its sighting has the statement's reading."""
    fill(url)
    downgrade(url, "0001")
    assert "confidence" not in columns(url)["sightings"]
    assert migrate(url).current
    with contextlib.closing(Warehouse(url)) as warehouse:
        (row,) = warehouse.held_on(NOON, said_on=NOON.date())
    assert (0.9, ("threat-shell",)) == (row.confidence, row.rule_ids)
    fill(url)


def test_two_processes_migrate_at_once(empty_url):
    """One does the work, the other finds it done, and both report the current schema."""
    program = "import sys; from pipeline.adapters.warehouse import migrate; print(migrate(sys.argv[1]).current)"
    both = [
        subprocess.Popen([sys.executable, "-c", program, empty_url], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for _ in range(2)
    ]
    assert [b"True\n", b"True\n"] == [process.communicate()[0] for process in both]


def test_a_schema_from_the_future_is_not_touched(url):
    """A newer warehouse is refused with the way out, and stays as it is."""
    with Database(url).writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(WarehouseError, match=r"9999, newer than this version of Bayan .*install the newer version"):
        migrate(url)
    assert "9999" == schema_status(url).revision


@pytest.mark.parametrize(("revision", "told"), [("0003", "warehouse upgrade"), ("9999", "install the newer version")])
def test_no_run_starts_on_the_schema_of_another_version(url, revision, told):
    """An older or a newer Bayan's tables are left alone, with the way out."""
    with contextlib.closing(Database(url)) as database, database.writing() as connection:
        connection.execute(text(f"UPDATE alembic_version SET version_num = '{revision}'"))
    with contextlib.closing(Warehouse(url)) as warehouse, pytest.raises(WarehouseError, match=told):
        warehouse.start_run("run-1", job="collect", now=NOON)
    with contextlib.closing(Database(url)) as database, database.reading() as connection:
        assert 0 == connection.execute(text("SELECT count(*) FROM runs")).scalar_one()


def test_tables_without_a_schema_version_are_refused(empty_url, tmp_path):
    """A database in which something else stopped half-way, or that is not ours, is named and left alone."""
    (tmp_path / "var").mkdir()
    with Database(empty_url).writing() as connection:
        connection.execute(text("CREATE TABLE sources (source_id text)"))
    with pytest.raises(WarehouseError, match=r"holds tables \(sources\) but no schema version"):
        migrate(empty_url)
    with Database(empty_url).reading() as connection:
        assert ["sources"] == inspect(connection).get_table_names()


def test_a_warehouse_that_was_never_made_says_how_to_make_it(empty_url, tmp_path):
    """Using an empty database names the command, and asking for its status creates nothing."""
    assert (None, False) == (schema_status(empty_url).revision, schema_status(empty_url).current)
    assert not (tmp_path / "var").exists()
    (tmp_path / "var").mkdir()
    with contextlib.closing(Warehouse(empty_url)) as warehouse, pytest.raises(WarehouseError, match="warehouse init"):
        warehouse.awaiting_analysis("rules-1")


@pytest.mark.parametrize("moment", [0.0, 0.02, 0.05, 0.1, 0.2])
def test_a_migration_that_is_killed_leaves_nothing_half_done(empty_url: str, tmp_path: Path, moment: float):
    """Whenever the first start is killed, the next one makes a warehouse that works."""
    (tmp_path / "var").mkdir()
    kill_migrating(empty_url, moment)
    assert schema_status(empty_url).revision in {None, schema_status(empty_url).head}
    assert migrate(empty_url).current
    fill(empty_url)


@pytest.mark.parametrize("moment", [0.02, 0.1, 0.2])
def test_an_upgrade_that_is_killed_leaves_the_older_warehouse_or_the_newer_one(url: str, moment: float):
    """Rows of an older schema stand after the kill, at that schema or at the newest, and come through afterwards."""
    fill(url)
    downgrade(url, "0001")
    kill_migrating(url, moment)
    assert schema_status(url).revision in {"0001", schema_status(url).head}
    assert migrate(url).current
    with contextlib.closing(Warehouse(url)) as warehouse:
        assert [] == warehouse.problems()
        assert 1 == warehouse.status().rows["statements"]


BROKEN = {
    "the database refuses a statement": "op.execute('INSERT INTO runs (run_id) SELECT run_id FROM runs')",
    "its own code breaks": "raise KeyError('no such column')",
}


@pytest.mark.parametrize("fault", BROKEN)
def test_a_migration_that_fails_half_way_changes_nothing_and_says_so(url: str, tmp_path: Path, monkeypatch, fault: str):
    """Neither its own steps nor those before it stand, the line names both schemas, and mended it goes through."""
    fill(url)
    downgrade(url, "0003")
    before = columns(url)
    scripts = tmp_path / "migrations"
    shutil.copytree(PROJECT / "schemas" / "warehouse", scripts)
    newest = schema_status(url).head
    (scripts / "versions" / "9000_broken.py").write_text(
        f"from alembic import op\nimport sqlalchemy as sa\nrevision, down_revision = '9000', '{newest}'\n"
        "def upgrade():\n    op.create_table('half', sa.Column('it', sa.Text()))\n"
        "    op.execute(\"UPDATE runs SET job = 'half'\")\n"
        f"    {BROKEN[fault]}\n"
        "def downgrade():\n    op.drop_table('half')\n"
    )
    with monkeypatch.context() as patched:
        patched.setattr("pipeline.adapters.warehouse.migration._MIGRATIONS", scripts)
        with pytest.raises(WarehouseError, match=r"from schema 0003 to 9000 failed and nothing was changed") as told:
            migrate(url)
        assert "\n" not in str(told.value)
        assert ("0003", "9000") == (schema_status(url).revision, schema_status(url).head)
    assert before == columns(url)
    with Database(url).reading() as connection:
        assert "collect" == connection.execute(text("SELECT job FROM runs")).scalar_one()
    assert migrate(url).current
    fill(url)


def kill_migrating(url: str, moment: float) -> None:
    """Start a process that migrates, and kill it after so many seconds."""
    program = (
        "import sys; from pipeline.adapters.warehouse import migrate; print('go', flush=True); migrate(sys.argv[1])"
    )
    process = subprocess.Popen([sys.executable, "-c", program, url], stdout=subprocess.PIPE)
    assert b"go\n" == process.stdout.readline()
    time.sleep(moment)
    process.kill()
    process.communicate()


def downgrade(url: str, revision: str) -> None:
    """Take a warehouse back to an older schema, its rows with it."""
    with contextlib.closing(Database(url)) as database, database.migrating() as connection:
        command.downgrade(migration_config(connection), revision)


def columns(url: str) -> dict[str, set[str]]:
    """The columns of each table."""
    with contextlib.closing(Database(url)) as database, database.reading() as connection:
        seen = inspect(connection)
        return {table: {it["name"] for it in seen.get_columns(table)} for table in seen.get_table_names()}


@pytest.mark.parametrize(
    "contents", [b"this is no database" * 100, b"SQLite format 3\0" + b"\xff" * 4000], ids=["text", "garbage"]
)
def test_a_file_that_is_no_warehouse_is_named_with_the_way_out(tmp_path: Path, contents: bytes):
    """The line names the file and the command that moves it away; the file itself stays as it is."""
    path = tmp_path / "warehouse.db"
    path.write_bytes(contents)
    with pytest.raises(WarehouseError) as refused:
        migrate(f"sqlite:///{path}")
    assert 1 == len(str(refused.value).splitlines())
    assert f"mv {path} {path}.damaged" in str(refused.value)
    assert contents == path.read_bytes()


def test_a_truncated_warehouse_is_named_with_the_way_out_which_works(tmp_path: Path):
    """A file cut in half is refused in one line, and doing what the line says makes a new warehouse."""
    path = tmp_path / "warehouse.db"
    url = f"sqlite:///{path}"
    migrate(url)
    fill(url)
    path.write_bytes(path.read_bytes()[:20_000])
    with pytest.raises(WarehouseError, match="damaged") as refused:
        migrate(url)
    remedy = str(refused.value).split("(", 1)[1].split(")", 1)[0]
    subprocess.run(["sh", "-c", remedy], check=True)
    assert migrate(url).current
    assert 20_000 == Path(f"{path}.damaged").stat().st_size


def test_a_locked_warehouse_is_worth_another_try(tmp_path: Path, monkeypatch):
    """A file that another process keeps locked is unavailable, not broken."""
    monkeypatch.setattr("pipeline.adapters.warehouse.database._BUSY_MILLISECONDS", 50)
    path = tmp_path / "warehouse.db"
    url = f"sqlite:///{path}"
    migrate(url)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with (
        contextlib.closing(Warehouse(url)) as warehouse,
        pytest.raises(WarehouseUnavailableError, match="another process") as refused,
    ):
        warehouse.start_run("run-1", job="collect", now=NOON)
    assert refused.value.retryable
    other.close()


def test_a_read_only_warehouse_is_named(tmp_path: Path):
    """A database that may only be read is refused with what to change."""
    path = tmp_path / "warehouse.db"
    migrate(f"sqlite:///{path}")
    url = f"sqlite:///file:{path}?mode=ro&uri=true"
    with (
        contextlib.closing(Warehouse(url)) as warehouse,
        pytest.raises(WarehouseError, match="give write permission"),
    ):
        warehouse.start_run("run-1", job="collect", now=NOON)


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path):
    """A file in the place of the folder gives one line, not a traceback."""
    (tmp_path / "var").write_text("in the way")
    with pytest.raises(WarehouseError, match="cannot be made"):
        migrate(f"sqlite:///{tmp_path / 'var' / 'warehouse.db'}")


def test_a_server_that_is_down_is_worth_another_try(tmp_path: Path):
    """No server behind the address: unavailable, in one line without the password."""
    url = f"postgresql://me:secret@/bayan?host={tmp_path}"
    with pytest.raises(WarehouseUnavailableError) as refused:
        migrate(url)
    assert 1 == len(str(refused.value).splitlines())
    assert "secret" not in str(refused.value)


def test_a_database_that_does_not_exist_is_named(postgresql):
    """A wrong name is a mistake of the settings, which no retry puts right."""
    with pytest.raises(WarehouseError, match="check user, password and name") as refused:
        migrate(postgresql.replace("/postgres?", "/nowhere?"))
    assert not refused.value.retryable


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "mysql://host/name", "not a url"])
def test_a_url_that_cannot_hold_a_warehouse_is_refused(url: str):
    """Another database, memory, or no URL at all: the setting is named with what it takes."""
    with pytest.raises(SettingsError, match=r"write sqlite:///FILE or postgresql\+psycopg://"):
        migrate(url)
