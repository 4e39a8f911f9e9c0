"""A run that is killed half-way, the one after it, and the one after that."""

import json
import signal
import sqlite3

import psutil


def _statements(var):
    with sqlite3.connect(f"file:{var / 'warehouse.db'}?mode=ro", uri=True) as connection:
        return set(connection.execute("select statement_id, label, text from statements where superseded_at is null"))


def _alive(rows):
    return [row["name"] for row in rows if psutil.pid_exists(row["pid"])]


def test_a_killed_run_is_taken_up_and_a_third_finds_nothing_new(house, start, tmp_path):
    """SIGKILL while collecting: the next run ends what was left behind and ends up with what an undisturbed run has."""
    killed = start(tmp_path / "var")
    killed.wait_until_said("collect: 1 of")
    left = json.loads((tmp_path / "var" / "run" / "processes.json").read_text())
    killed.end(signal.SIGKILL)
    assert ["airflow", "api-server", "scheduler", "dag-processor", "triggerer"] == _alive(left)

    second = start(tmp_path / "var", "--once")
    assert 0 == second.process.wait(timeout=240), second.said
    assert "ended what a killed run had left running" in second.said
    assert [] == _alive(left)
    assert _statements(house.var) == _statements(tmp_path / "var")

    third = start(tmp_path / "var", "--once")
    assert 0 == third.process.wait(timeout=240), third.said
    assert "nothing new; what stands in the warehouse" in third.printed
    assert "mail: nothing to tell" in third.printed
    assert _statements(house.var) == _statements(tmp_path / "var")
    assert 1 == len(list((tmp_path / "var" / "mail").glob("*.eml")))
