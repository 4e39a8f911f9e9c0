"""The first pass over the sample newsroom, through Airflow, HTTP and SMTP."""

import json
import re
import sqlite3
from contextlib import suppress
from pathlib import Path

import httpx
import pytest
from warcio.archiveiterator import ArchiveIterator

SHOWN_IN_FULL = 50
"""Statements of one mail that stand in it with their words; each further one has a line."""

SAMPLES = Path(__file__).parents[3] / "samples" / "newsroom"


def _query(house, sql):
    with sqlite3.connect(f"file:{house.var / 'warehouse.db'}?mode=ro", uri=True) as connection:
        return connection.execute(sql).fetchall()


def test_every_article_of_the_feed_stands_in_the_warehouse(house):
    """Nothing that the newsroom publishes is missing; the item without a link is in quarantine, with its payload."""
    pages = len(list((SAMPLES / "articles").glob("*.html")))
    assert [(pages,)] == _query(house, "select count(*) from articles")
    held = _query(house, "select stage, reason, payload from quarantine")
    assert [("entries", "no-link")] == [row[:2] for row in held]
    assert json.loads(held[0][2])


def test_statements_of_each_label_and_both_languages_are_found(house):
    """The table has threats, admissions and truces, in Arabic and English, each with evidence."""
    rows = _query(house, "select label, language, group_id, rule_ids from statements where superseded_at is null")
    assert {"threat", "admission", "truce"} == {row[0] for row in rows}
    assert {"ar", "en"} == {row[1] for row in rows}
    assert all(json.loads(row[3]) for row in rows)


def test_the_reprinted_statement_is_one_row_with_two_sightings(house):
    """The same words in two outlets are one statement."""
    sightings = _query(
        house, "select count(distinct article_id) from sightings where superseded_at is null group by statement_id"
    )
    assert max(sightings) == (2,)


def test_every_statement_is_the_text_that_its_offsets_name(house):
    """The span can be cut out of the stored article again."""
    rows = _query(
        house,
        "select s.text, substr(v.body, s.span_start + 1, s.span_end - s.span_start) from statements s "
        "join article_versions v using (version_id)",
    )
    assert rows
    assert [] == [row for row in rows if row[0] != row[1]]


def test_the_table_and_the_addresses_are_printed(house):
    """Whoever ran the command sees what was found, what was held, where the mail went and how to log in."""
    groups = {row[0] for row in _query(house, "select distinct group_id from statements where group_id is not null")}
    printed = house.printed
    assert [] == [group for group in groups if group not in printed]
    for word in ("no-link", "mail: 1 mail to analyst@newsroom.example", house.address, house.password("operator")):
        assert word in printed


def test_one_mail_went_out_with_both_parts(house):
    """Plain text, and HTML from right to left; every statement is told, the first fifty with their words."""
    (mail,) = house.mails("analyst@newsroom.example")
    html = mail.get_body(("html",)).get_content()
    plain = mail.get_body(("plain",)).get_content()
    assert 'dir="rtl"' in html
    told = _query(house, "select count(*) from alert_statements")
    assert told == _query(house, "select count(*) from statements where superseded_at is null")
    ((count,),) = told
    assert str(count) in mail["Subject"]
    in_full = [text for (text,) in _query(house, "select text from statements") if " ".join(text.split()[:4]) in plain]
    assert len(in_full) >= min(count, SHOWN_IN_FULL)
    links = re.findall(re.escape(f"{house.address}/bayan/") + r"(\?statement=[0-9a-f]+|rules/[\w.-]+)\"", html)
    assert (len([it for it in links if it[0] == "?"]), any(it.startswith("rules/") for it in links)) == (
        min(count, SHOWN_IN_FULL),
        True,
    )


def test_every_capture_stands_in_the_archive(house):
    """The evidence under every row: the offset of each capture leads to the record with its id."""
    captures = _query(house, "select capture_id, archive_file, archive_offset from captures")
    assert captures
    for capture_id, file, offset in captures:
        with (house.var / "archive" / file).open("rb") as stream:
            stream.seek(offset)
            record = next(iter(ArchiveIterator(stream)))
            assert capture_id in record.rec_headers.get_header("WARC-Record-ID")


def test_data_docs_are_written(house):
    """The gate's pages can be opened."""
    assert (house.var / "data_docs").is_dir()
    assert [path for path in (house.var / "data_docs").rglob("index.html") if path.stat().st_size]


@pytest.mark.parametrize(
    ("user", "params", "status"),
    [("operator", {"source_ids": "everything"}, 400), ("operator", {"source_ids": [7]}, 400), ("analyst", {}, 403)],
)
def test_a_wrong_trigger_is_refused(house, user, params, status):
    """Params of another type are refused with the reason; who may only look cannot trigger."""
    credentials = {"username": user, "password": house.password(user)}
    token = httpx.post(f"{house.address}/auth/token", json=credentials).json()["access_token"]
    response = httpx.post(
        f"{house.address}/api/v2/dags/collect/dagRuns",
        json={"logical_date": None, "conf": params},
        headers={"Authorization": f"Bearer {token}"},
        timeout=30,
    )
    assert status == response.status_code


def test_nothing_listens_on_other_than_loopback(house):
    """All that was started can be reached from this machine only."""
    import psutil

    family = [psutil.Process(house.process.pid), *psutil.Process(house.process.pid).children(recursive=True)]
    listening = set()
    for process in family:
        # Tasks come and go meanwhile.
        with suppress(psutil.NoSuchProcess):
            found = process.net_connections(kind="inet")
            listening |= {one.laddr.ip for one in found if one.status == psutil.CONN_LISTEN}
    assert {"127.0.0.1"} == listening


def test_no_secret_stands_in_a_log_or_is_readable_by_others(house):
    """Passwords are printed once to whoever started it, and kept in files of the owner alone."""
    secrets = json.loads((house.var / "run" / "secrets.json").read_text())
    words = [*secrets["passwords"].values(), secrets["jwt"], secrets["session"], secrets["fernet"]]
    words += ["a-token-that-no-log-may-hold", "a-password-that-no-log-may-hold"]
    logs = [path for path in house.var.rglob("*.log") if path.is_file()]
    assert logs
    assert [] == [path for path in logs for word in words if word in path.read_text(errors="replace")]
    for private in (house.var / "run" / "secrets.json", house.var / "airflow" / "passwords.json"):
        assert private.stat().st_mode & 0o077 == 0
