"""What a person names: a folder or a WARC archive of the inbox, and nothing outside of it."""

import json
import os
import sqlite3
from datetime import UTC, date, datetime

import pytest

from pipeline import bootstrap, operating
from pipeline.errors import FetchError, UsageError
from pipeline.records import Period
from pipeline.settings import Settings
from tests.fakes.local_server import LocalServer

STORY = "<html><head><title>{title}</title></head><body><article>{body}</article></body></html>"
BODY = "<p>The market in the town stayed open until the evening, and nothing was heard of the harbour.</p>" * 8


@pytest.fixture
def settings(tmp_path):
    """A house with an inbox that holds a folder of two pages and a single file."""
    settings = Settings(var=tmp_path / "var", host_interval=0.0)
    bootstrap.prepare_warehouse(settings)
    (settings.inbox / "old").mkdir(parents=True)
    for name in ("one", "two"):
        (settings.inbox / "old" / f"{name}.html").write_text(STORY.format(title=name, body=BODY + f"<p>{name}.</p>"))
    (settings.inbox / "three.html").write_text(STORY.format(title="three", body=BODY + "<p>three.</p>"))
    (tmp_path / "var" / "secret.html").write_text(STORY.format(title="secret", body=BODY))
    return settings


def _titles(settings):
    with sqlite3.connect(settings.var / "warehouse.db") as connection:
        return {title for (title,) in connection.execute("select title from article_versions")}


def test_a_folder_and_a_file_of_the_inbox_become_articles_once(settings):
    """The same archive and tables as for pages of feeds; a second run finds nothing new."""
    first = operating.ingest(settings, "", inbox="old", run_id="run-1")
    assert (1, 2) == (first.counts["named"], first.counts["new_articles"])
    operating.ingest(settings, "", inbox="three.html", run_id="run-2")
    assert {"one", "two", "three"} == _titles(settings)
    assert 0 == operating.ingest(settings, "", inbox="old", run_id="run-3").counts["new_articles"]


def test_the_houses_own_archive_can_be_read_in_again(settings):
    """WARC files in a folder are taken as such: their pages are known by content, and are no second articles."""
    operating.ingest(settings, "", inbox="old", run_id="run-1")
    kept = next(settings.archive.rglob("*.warc.gz"))
    (settings.inbox / "archive").mkdir()
    (settings.inbox / "archive" / "old.warc.gz").write_bytes(kept.read_bytes())
    done = operating.ingest(settings, "", inbox="archive", run_id="run-2")
    assert () == done.problems
    assert {"one", "two"} == _titles(settings)


@pytest.mark.parametrize("name", ["missing", "..", "../secret.html", "/etc/passwd", "link"])
def test_nothing_outside_of_the_inbox_is_read(settings, name):
    """Neither dots nor a link lead out; the line names the inbox."""
    (settings.inbox / "link").symlink_to(settings.var / "secret.html")
    with pytest.raises(UsageError, match="inbox: holds no"):
        operating.ingest(settings, "", inbox=name, run_id="run-1")
    assert set() == _titles(settings)


def test_nothing_named_is_refused(settings):
    """Neither an address nor a thing of the inbox: one line says what is wanted."""
    with pytest.raises(UsageError, match="no address was given"):
        operating.ingest(settings, " ", run_id="run-1")


MARCH = Period(first=date(2024, 3, 1), last=date(2024, 3, 31))


def _sitemap(urls):
    rows = "".join(f"<url><loc>{url}</loc><lastmod>{day}</lastmod></url>" for url, day in urls)
    return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{rows}</urlset>'


@pytest.fixture
def outlet():
    """An outlet whose archive is an index of two sitemaps: February to April 2024, five pages a month."""
    with LocalServer() as server:
        for name, months in (("old", (2, 3)), ("new", (3, 4))):
            days = [(month, day) for month in months for day in range(1 if name == "old" else 16, 31, 6)]
            named = [
                (f"{server.address}/{month}-{day}.html", f"2024-{month:02}-{min(day, 29):02}") for month, day in days
            ]
            server.answer(f"/{name}.xml", _sitemap(named), content_type="application/xml")
            for month, day in days:
                page = STORY.format(title=f"{month}-{day}", body=BODY + f"<p>Told on {month}-{day} alone.</p>")
                server.answer(f"/{month}-{day}.html", page, content_type="text/html")
        index = "".join(f"<sitemap><loc>{server.address}/{name}.xml</loc></sitemap>" for name in ("old", "new"))
        server.answer(
            "/index.xml",
            f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{index}</sitemapindex>',
            content_type="application/xml",
        )
        yield server


def test_a_backfill_reads_the_pages_of_its_days_and_no_others(settings, outlet):
    """Both ends of the period included, over all sitemaps of the index, in as many passes as it takes; then nothing."""
    near = settings.model_copy(update={"allow_addresses": ("127.0.0.0/8",), "pages_per_pass": 3})
    done = operating.backfill(near, f"{outlet.address}/index.xml", MARCH, run_id="run-1")
    taken = {path for path in outlet.asked if path.endswith(".html")}
    assert {f"/3-{day}.html" for day in (1, 7, 13, 16, 19, 22, 25, 28)} == taken
    assert (8, 8, 0, 3) == tuple(done.counts[name] for name in ("in_period", "new_articles", "deferred", "passes"))
    again = operating.backfill(near, f"{outlet.address}/index.xml", MARCH, run_id="run-2")
    assert (0, 1) == (again.counts["new_articles"], again.counts["passes"])


def test_rows_and_files_belong_to_the_day_that_they_name(settings):
    """A row of JSON Lines by its publication, a page by the last change of its file."""
    rows = [
        {
            "title": f"row {day}",
            "text": f"The harbour was quiet on {day}, as before.",
            "published_at": f"{day}T23:30:00Z",
        }
        for day in ("2024-02-29", "2024-03-31", "2024-04-01")
    ]
    folder = settings.inbox / "old"
    (folder / "rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    for name, when in (("one", datetime(2024, 3, 9, tzinfo=UTC)), ("two", datetime(2024, 4, 9, tzinfo=UTC))):
        os.utime(folder / f"{name}.html", (when.timestamp(), when.timestamp()))
    operating.backfill(settings, "old", MARCH, run_id="run-1")
    assert {"row 2024-03-31", "one"} == _titles(settings)


def test_an_archive_that_does_not_answer_can_be_tried_again(settings, outlet):
    """The error names it and says that a retry may help."""
    near = settings.model_copy(update={"allow_addresses": ("127.0.0.0/8",)})
    with pytest.raises(FetchError, match=r"missing\.xml: gave nothing") as failed:
        operating.backfill(near, f"{outlet.address}/missing.xml", MARCH, run_id="run-1")
    assert failed.value.retryable
