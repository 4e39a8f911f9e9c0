"""A warehouse with years in it, made by SQL alone: days, groups and shares are as in life, the words are alike.

Of the articles nothing is read, so that their bodies are short; statements are as long as real ones.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date

from sqlalchemy import Connection

from pipeline.adapters.warehouse.database import Database

_FIRST, _LAST = date(2023, 3, 1), date(2026, 11, 24)
"""The days that the worked queries ask for are among them."""
_DAYS = (_LAST - _FIRST).days
_SOURCES, _GROUPS, _BATCH = 200, 40, 5_000
_WORDS = (
    "وقال المتحدث العسكري باسم الكتائب في بيان نشر مساء أمس إن مقاتليها سيستهدفون القاعدة رقم '||n||' إذا لم تنسحب "
    "القوات من محيط المدينة قبل نهاية الشهر"
)
_BASES = ["'text'", "'relative-to-text'", "'relative-to-publication'", "'publication'"]
_CHANNELS = ["'telegram'", "'statement'", "'television'", "'video'", "'x'"]
_SPELLINGS = {
    "sqlite": {
        "id": "printf('%08x%024x', (({it}) * 2654435761) % 4294967296, {it})",
        "sha": "printf('%064x', {it})",
        "day": f"date('{_FIRST}', '+' || ({{it}}) || ' days')",
        "time": f"datetime('{_FIRST}', '+' || ({{it}}) || ' days', '+' || (n * 61 % 86400) || ' seconds') || '.000000'",
    },
    "postgresql": {
        "id": "lpad(to_hex((({it}) * 2654435761) % 4294967296), 8, '0') || lpad(to_hex({it}), 24, '0')",
        "sha": "lpad(to_hex({it}), 64, '0')",
        "day": f"DATE '{_FIRST}' + CAST({{it}} AS integer)",
        "time": f"TIMESTAMPTZ '{_FIRST} 00:00+00' + ({{it}}) * INTERVAL '1d' + (n * 61 % 86400) * INTERVAL '1s'",
    },
}


def fill(url: str, statements: int) -> None:
    """Fill an empty warehouse: three articles for five statements, of which a fifth is carried by two articles.

    A tenth of the statements is of the busiest group, a tenth is superseded, a sixth has no day, a tenth a condition.
    """
    with closing(Database(url)) as database, database.migrating() as connection, _without_indexes(connection):
        for script in _scripts(connection, statements):
            # The driver of PostgreSQL takes a single one for a placeholder.
            connection.exec_driver_sql(script if connection.dialect.name == "sqlite" else script.replace("%", "%%"))
    _settle(url)


@contextmanager
def _without_indexes(connection: Connection) -> Iterator[None]:
    """Indexes are made at the end, and nothing that triggers do is done but for the words that are searched."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA cache_size = -500000")
        query = (
            "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL AND (type = 'trigger' OR type = 'index')"
            " AND tbl_name IN ('captures', 'articles', 'article_versions', 'statements', 'sightings')"
        )
    else:
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        connection.exec_driver_sql("SET LOCAL maintenance_work_mem = '512MB'")
        query = (
            "SELECT 'index', i.relname, pg_get_indexdef(x.indexrelid) FROM pg_index x JOIN pg_class i"
            " ON i.oid = x.indexrelid JOIN pg_class t ON t.oid = x.indrelid WHERE NOT x.indisprimary AND t.relname IN"
            " ('captures', 'articles', 'article_versions', 'statements', 'sightings') AND NOT EXISTS"
            " (SELECT 1 FROM pg_constraint c WHERE c.conindid = x.indexrelid)"
        )
    dropped = [tuple(row) for row in connection.exec_driver_sql(query)]
    for kind, name, _ in dropped:
        connection.exec_driver_sql(f"DROP {kind} {name}")
    yield
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("INSERT INTO statement_words SELECT statement_id, folded FROM statements")
    for _, _, made in dropped:
        # The index of a partitioned table is that of its partitions as well.
        connection.exec_driver_sql(made.replace(" ON ONLY ", " ON "))


def _settle(url: str) -> None:
    """What the database does by itself in the hours after such a load."""
    with closing(Database(url)) as database, database.reading() as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("ANALYZE")
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.exec_driver_sql("BEGIN")
        else:
            driver = connection.connection.driver_connection
            connection.rollback()
            driver.autocommit = True  # type: ignore[union-attr]
            driver.execute("VACUUM ANALYZE")  # type: ignore[union-attr]
            driver.autocommit = False  # type: ignore[union-attr]


def _scripts(connection: Connection, statements: int) -> list[str]:
    kind = connection.dialect.name

    def put(name: str, it: str) -> str:
        return _SPELLINGS[kind][name].format(it=it)

    def numbers(count: int) -> str:
        if kind == "postgresql":
            return f"(SELECT CAST(i AS bigint) AS n FROM generate_series(0, {count - 1}) AS i) AS numbers"
        return f"(WITH RECURSIVE c(n) AS (SELECT 0 UNION ALL SELECT n+1 FROM c WHERE n < {count - 1}) SELECT n FROM c)"

    articles = max(statements * 3 // 5, 1)
    day = f"n * {_DAYS} / {articles}"
    source = f"'source-' || (n % {_SOURCES})"
    home = put("id", f"n * {articles} / {statements}")
    # The product of two draws makes a few groups speak most, as in life; n * prime / 1024 is a draw.
    group = f"(n * 7919 / 1024 % {_GROUPS}) * (n * 6007 / 1024 % {_GROUPS}) / {_GROUPS}"
    said = f"n * {_DAYS} / {statements}"
    dated = "n * 5003 / 1024 % 6 > 0"
    reads = (
        f"CASE WHEN n % 3 = 0 THEN 'speaker ' || ({group}) || '-' || (n % 5) END, {_pick(_CHANNELS, 3571)}, NULL,"
        f" CASE WHEN n % 10 = 3 THEN 'إذا لم تنسحب القوات' END, CASE WHEN {dated} THEN {put('day', said)} END,"
        f" CASE WHEN {dated} THEN CASE WHEN n % 20 = 7 THEN 'month' ELSE 'day' END END,"
        f" CASE WHEN {dated} THEN {_pick(_BASES, 2749)} END"
    )
    recorded = put("time", said)
    fallen = f"CASE WHEN n % 10 = 9 THEN {put('time', said + ' + 1')} END"
    reading = "speaker, channel, target, condition, said_on, said_on_precision, said_on_basis"
    verdict = "n % 4 = 0, 0.9, '138'"
    elsewhere = put("id", f"(n * {articles} / {statements} + 1) % {articles}")
    sighting = (
        f"INSERT INTO sightings (statement_id, version_id, span_start, recorded_at, span_end, article_id, ruleset,"
        f" run_id, superseded_at, found_id, text, {reading}, quoted, confidence, cameo, rule_ids, cues) SELECT"
    )
    return [
        f"INSERT INTO sources (source_id, kind, url, name, enabled, first_seen_at, updated_at) SELECT {source}, 'feed',"
        f" 'https://o.example/' || n, 'Outlet ' || n, true, {put('time', '0')}, {put('time', '0')}"
        f" FROM {numbers(_SOURCES)}",
        f"INSERT INTO runs (run_id, job, started_at, status, counts, problems) SELECT 'run-' || n, 'analyse',"
        f" {put('time', 'n')}, 'done', '{{}}', '[]' FROM {numbers(_DAYS + 2)}",
        f"INSERT INTO captures (capture_id, source_id, url, final_url, fetched_at, status, media_type, body_sha256,"
        f" body_bytes, archive_file, archive_offset) SELECT {put('id', 'n')}, {source}, 'https://o.example/' || n,"
        f" 'https://o.example/' || n, {put('time', day)}, 200, 'text/html', {put('sha', 'n')}, 1, 'o', n"
        f" FROM {numbers(articles)}",
        f"INSERT INTO articles (article_id, url, source_id, first_seen_at) SELECT {put('id', 'n')},"
        f" 'https://o.example/' || n, {source}, {put('time', day)} FROM {numbers(articles)}",
        f"INSERT INTO article_versions (version_id, article_id, source_id, capture_id, title, body, language,"
        f" published_at, published_basis, outlet, recorded_at, is_current, analysed_by) SELECT {put('id', 'n')},"
        f" {put('id', 'n')}, {source}, {put('id', 'n')}, 'خبر رقم ' || n, 'نص', 'ar', {put('time', day)}, 'feed',"
        f" 'Outlet', {put('time', day)}, true, 'rules-1' FROM {numbers(articles)}",
        f"INSERT INTO statements (statement_id, label, group_id, {reading}, text, folded, quoted, confidence, cameo,"
        f" language, article_id, version_id, span_start, span_end, rule_ids, cues, ruleset, first_seen_at, recorded_at,"
        f" superseded_at) SELECT {put('id', 'n')}, {_pick(['threat', 'admission', 'truce'], 4519, quote=True)},"
        f" CASE {group} WHEN 0 THEN 'kataib-hezbollah' WHEN 1 THEN NULL ELSE 'group-' || ({group}) END, {reads},"
        f" '{_WORDS}', '{_WORDS}', {verdict}, CASE WHEN n % 7 = 0 THEN 'en' ELSE 'ar' END, {home}, {home}, 0, 120,"
        f" '[\"r\"]', '[]', 'rules-1', {recorded}, {recorded}, {fallen} FROM {numbers(statements)}",
        f"{sighting} {put('id', 'n')}, {home}, 0, {recorded}, 120, {home}, 'rules-1', 'run-' || ({said}), {fallen},"
        f" {put('id', 'n')}, NULL, {reads}, {verdict}, '[\"r\"]', '[]' FROM {numbers(statements)}",
        f"{sighting} {put('id', 'n')}, {elsewhere}, 0, {recorded}, 120, {elsewhere}, 'rules-1', 'run-' || ({said}),"
        f" {fallen}, {put('id', 'n')}, CASE WHEN n % 15 = 0 THEN 'بكلمات أخرى ' || n END,"
        f" {reads.replace('n % 10 = 3', 'n % 50 = 3')}, {verdict}, '[\"r\"]', '[]' FROM {numbers(statements)}"
        " WHERE n % 5 IN (0, 3) AND n % 2 = 0 OR n % 50 = 13",
        f"INSERT INTO quarantine (quarantine_id, stage, reason, detail, payload, item_key, source_id, run_id, held_at,"
        f" resolved_at, resolution) SELECT {put('id', 'n')}, 'statements', 'reason-' || (n % 12), 'detail', '{{}}',"
        f" CAST(n AS text), {source}, 'run-' || (n % {_DAYS}), {put('time', f'n % {_DAYS}')},"
        f" CASE WHEN n % 10 > 0 THEN {put('time', f'n % {_DAYS} + 1')} END, CASE WHEN n % 10 > 0 THEN 'passed' END"
        f" FROM {numbers(max(statements // 100, 10))}",
        f"INSERT INTO quality_results (run_id, batch_id, suite, expectation, passed, row_level, rows_judged,"
        f" rows_failed, judged_at) SELECT 'run-' || (n % {_DAYS}), {put('id', 'n / 30')},"
        f" {_pick(['articles', 'statements'], 1, quote=True)}, 'expectation-' || (n % 30), true, true, {_BATCH}, 0,"
        f" {put('time', f'n % {_DAYS}')} FROM {numbers(max(articles // _BATCH, 1) * 30)}",
    ]


def _pick(values: list[str], prime: int, *, quote: bool = False) -> str:
    whens = " ".join(f"WHEN {i} THEN " + (f"'{it}'" if quote else it) for i, it in enumerate(values))
    return f"CASE n * {prime} / 1024 % {len(values)} {whens} END"
