"""`bayan warehouse`."""

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from typer.testing import CliRunner

from pipeline.adapters.warehouse.database import Database
from pipeline.adapters.warehouse.migration import migration_config
from pipeline.cli.warehouse import app
from pipeline.errors import WarehouseError


@pytest.fixture
def var(tmp_path: Path, monkeypatch) -> Path:
    monkeypatch.setenv("BAYAN_VAR", str(tmp_path / "var"))
    monkeypatch.delenv("BAYAN_WAREHOUSE_URL", raising=False)
    return tmp_path / "var"


def head() -> str:
    return ScriptDirectory.from_config(migration_config()).get_current_head()


def bayan(*arguments: str):
    return CliRunner().invoke(app, list(arguments))


def test_init_makes_the_warehouse_and_status_shows_it(var):
    """The file and its schema are named, and every table stands with its rows."""
    made, shown = bayan("init"), bayan("status")
    assert (0, f"warehouse: {var / 'warehouse.db'}, schema {head()}\n") == (made.exit_code, made.output)
    assert 0 == shown.exit_code
    assert f"{var / 'warehouse.db'}, schema {head()}" in shown.output
    assert "statements" in shown.output
    assert "last run: none yet" in shown.output


def test_status_of_nothing_fails_and_says_what_to_run(var):
    """Without a warehouse the exit code is 1, and nothing is created."""
    shown = bayan("status")
    assert 1 == shown.exit_code
    assert f"this version needs {head()}; run: bayan warehouse init" in shown.output
    assert not var.exists()


def test_status_of_another_schema_fails(var):
    """A schema that this version does not know is not current."""
    bayan("init")
    with sqlite3.connect(var / "warehouse.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    assert 1 == bayan("status").exit_code


def test_a_damaged_file_is_one_line_on_stderr(var):
    """The command ends with exit code 1, one line and no traceback."""
    var.mkdir()
    (var / "warehouse.db").write_bytes(b"no database" * 500)
    program = "from pipeline.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", program, "warehouse", "init"], capture_output=True, text=True, check=False
    )
    assert (1, "", 1) == (done.returncode, done.stdout, len(done.stderr.splitlines()))
    assert "the file is damaged or no warehouse" in done.stderr


def test_upgrade_brings_an_older_schema_up_and_check_finds_it_whole(var):
    """Before it, every command names the way; behind it, the warehouse is whole."""
    bayan("init")
    url = f"sqlite:///{var / 'warehouse.db'}"
    with closing(Database(url)) as database, database.migrating() as connection:
        command.downgrade(migration_config(connection), "0001")
    with pytest.raises(WarehouseError, match=f"schema 0001, this version needs {head()}; run: bayan warehouse upgrade"):
        CliRunner().invoke(app, ["check"], catch_exceptions=False)
    assert f"schema {head()}, from schema 0001" in bayan("upgrade").output
    assert f"schema {head()}, was there already" in bayan("upgrade").output
    assert (0, "the warehouse is whole\n") == (bayan("check").exit_code, bayan("check").output)


def test_check_names_what_is_wrong_and_fails(var):
    """A line for each thing, and the exit code 1."""
    bayan("init")
    with closing(sqlite3.connect(var / "warehouse.db")) as connection:
        connection.execute("INSERT INTO statement_words VALUES ('x', 'y')")
        connection.commit()
    checked = bayan("check")
    assert (1, "0 statements, of which 1 can be searched; restore the last backup\n") == (
        checked.exit_code,
        checked.output,
    )


def test_upgrade_of_nothing_says_what_to_run(var):
    """There is nothing to upgrade, and nothing is made."""
    with pytest.raises(WarehouseError, match="holds no warehouse yet; run: bayan warehouse init"):
        CliRunner().invoke(app, ["upgrade"], catch_exceptions=False)
    assert not var.exists()


def test_prune_tells_what_would_go_and_what_went(var):
    """A line a table, with and without deleting."""
    bayan("init")
    assert "runs: 0 would go" in bayan("prune", "--dry-run").output
    assert "runs: 0 deleted" in bayan("prune").output
