"""Collecting with the real parts: a server, the HTTP adapter, WARC files, a SQLite warehouse."""

import asyncio
from contextlib import closing
from datetime import UTC, datetime

import pytest
from warcio.archiveiterator import ArchiveIterator

from pipeline.adapters.archive import WarcArchive
from pipeline.adapters.http import FetchLimits, HttpFetcher
from pipeline.adapters.warehouse import Warehouse, migrate
from pipeline.jobs.collect import CollectPorts, collect
from pipeline.records import Source
from tests.fakes.local_server import LocalServer

NOW = datetime(2026, 3, 5, 12, tzinfo=UTC)
LIMITS = FetchLimits(connect=10, read=10, whole=20, attempts=1, interval=0)
TEXT = "أعلنت البلدية يوم الخميس أن الجسر القديم فوق النهر سيغلق أسبوعا كاملا لأعمال الصيانة ابتداء من الأحد"


@pytest.fixture
def server():
    with LocalServer() as running:
        yield running


@pytest.fixture
def house(tmp_path):
    url = f"sqlite:///{tmp_path / 'warehouse.db'}"
    migrate(url)
    with closing(Warehouse(url)) as warehouse, WarcArchive(tmp_path / "archive") as archive:
        yield warehouse, archive


def one_pass(source, house, run_id="run-1"):
    async def go():
        warehouse, archive = house
        async with HttpFetcher(user_agent="Bayan/test", allow_addresses=["127.0.0.0/8"], limits=LIMITS) as fetcher:
            ports = CollectPorts(fetcher=fetcher, archive=archive, store=warehouse, runs=warehouse)
            return await collect(source, ports=ports, run_id=run_id, now=NOW)

    return asyncio.run(go())


def daily(server):
    return Source(source_id="daily", kind="feed", url=f"{server.address}/feed.xml", name="The Daily")


def publish(server, numbers, charset="utf-8"):
    items = "".join(
        f"<item><title>الجسر {n}</title><link>/{n}</link><pubDate>Thu, 05 Mar 2026 10:00:00 GMT</pubDate></item>"
        for n in numbers
    )
    head = f'<?xml version="1.0" encoding="{charset}"?>'
    feed = f'{head}<rss version="2.0"><channel><title>اليوم</title>{items}</channel></rss>'
    server.answer("/feed.xml", feed.encode(charset), content_type="application/rss+xml")
    for n in numbers:
        page = f'<meta charset="{charset}"><article><h1>الجسر {n}</h1><p>{TEXT}، رقم {n}.</p></article>'
        server.answer(f"/{n}", page.encode(charset), content_type="text/html")


def archived(folder):
    """Ids of the records in the archive."""
    ids = set()
    for path in folder.rglob("*.warc.gz"):
        with path.open("rb") as file:
            ids |= {record.rec_headers.get_header("WARC-Record-ID")[10:-1] for record in ArchiveIterator(file)}
    return ids


@pytest.mark.parametrize("charset", ["utf-8", "windows-1256"])
def test_articles_arrive_in_the_warehouse(server, house, charset, tmp_path):
    """Whatever the charset, the articles wait to be read, each with its evidence in the archive."""
    publish(server, range(12), charset)
    report = one_pass(daily(server), house)
    warehouse, _ = house
    articles = warehouse.articles_awaiting("rules", limit=100)
    assert (report.new_articles, report.failed, report.problems) == (12, 0, ())
    assert sorted(article.body for article in articles) == sorted(f"{TEXT}، رقم {n}." for n in range(12))
    assert {article.published_at for article in articles} == {datetime(2026, 3, 5, 10, tzinfo=UTC)}
    assert {article.capture_id for article in articles} < archived(tmp_path / "archive")


def test_a_second_pass_finds_nothing_new(server, house):
    """Only the feed is asked for again."""
    publish(server, range(5))
    one_pass(daily(server), house)
    server.asked.clear()
    report = one_pass(daily(server), house, "run-2")
    assert (server.asked, report.new_articles, report.known) == (["/feed.xml"], 0, 5)


def test_bad_pages_do_not_stop_the_good_ones(server, house):
    """A 404, a login page, a torn connection and a picture among eight pages: four articles arrive, nothing is lost."""
    publish(server, range(8))
    server.answer("/1", "gone", status=404)
    server.answer("/3", f"<form><input type=password></form><p>{TEXT}</p>", content_type="text/html")
    server.answer_raw("/5", lambda wire: wire.write(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nhalf"))
    server.answer("/7", b"\x89PNG\r\n\x1a\n", content_type="image/png")
    report = one_pass(daily(server), house)
    assert (report.new_articles, report.held, report.failed, len(report.problems)) == (4, 3, 1, 1)
    publish(server, range(8))
    again = one_pass(daily(server), house, "run-2")
    assert (again.new_articles, again.held, again.failed, again.known) == (1, 0, 0, 7)


def test_a_pass_that_dies_is_made_good_by_the_next(server, house, monkeypatch):
    """After a crash between archive and warehouse the next pass ends as if nothing had happened."""
    publish(server, range(6))
    warehouse, _ = house
    saved = []
    save_page = warehouse.save_page

    def dies_at_the_third(page, **more):
        saved.append(page)
        if len(saved) == 3:
            raise RuntimeError("killed")
        return save_page(page, **more)

    with monkeypatch.context() as patched:
        patched.setattr(warehouse, "save_page", dies_at_the_third)
        with pytest.raises(RuntimeError, match="killed"):
            one_pass(daily(server), house)
    report = one_pass(daily(server), house, "run-2")
    assert (report.known + report.new_articles, report.failed) == (6, 0)
    assert len(warehouse.articles_awaiting("rules", limit=100)) == 6


def test_a_feed_that_is_unreachable_is_one_line(server, house):
    """The job ends well, the source's problem is told with address and remedy."""
    report = one_pass(Source(source_id="daily", kind="feed", url=f"{server.address}/none.xml", name="Daily"), house)
    assert report.failed == 1
    assert report.problems == (
        f"source daily: {server.address}/none.xml: the server answered 404 Not Found; check the address in a browser",
    )
