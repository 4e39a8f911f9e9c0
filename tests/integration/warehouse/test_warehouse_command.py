"""`bayan warehouse`."""

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from typer.testing import CliRunner

from pipeline.adapters.warehouse.migration import migration_config
from pipeline.cli.warehouse import app


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
