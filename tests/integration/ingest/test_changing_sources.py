"""Sources that change between passes, with the real parts: edits, deletions, reprints, moves, validators, silence."""

import asyncio
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from pipeline.adapters.archive import WarcArchive
from pipeline.adapters.http import FetchLimits, HttpFetcher
from pipeline.adapters.shelf import LocalShelf
from pipeline.adapters.warehouse import Warehouse, migrate
from pipeline.jobs.collect import CollectLimits, CollectPorts, collect
from pipeline.jobs.evidence import replay, verify
from pipeline.records import Source
from tests.fakes.analysis import ToldRules
from tests.fakes.channel import channel_page
from tests.fakes.local_server import LocalServer

NOW = datetime(2026, 3, 5, 12, tzinfo=UTC)
LIMITS = FetchLimits(connect=10, read=10, whole=20, attempts=1, interval=0)
TEXT = "أعلنت البلدية يوم الخميس أن الجسر القديم فوق النهر سيغلق أسبوعا كاملا لأعمال الصيانة ابتداء من الأحد"


class House:
    """A server, a warehouse and an archive, and passes at given hours."""

    def __init__(self, folder, server):
        self.folder, self.server = folder, server
        migrate(f"sqlite:///{folder / 'warehouse.db'}")

    def collect(self, source, *, hours=0, **limits):
        async def go():
            async with HttpFetcher(user_agent="Bayan/test", allow_addresses=["127.0.0.0/8"], limits=LIMITS) as fetcher:
                ports = CollectPorts(
                    fetcher=fetcher, archive=archive, store=warehouse, runs=warehouse, shelf=LocalShelf()
                )
                run_id, now = f"run-{hours}-{source.source_id}", NOW + timedelta(hours=hours)
                return await collect(source, ports=ports, run_id=run_id, now=now, limits=CollectLimits(**limits))

        with closing(Warehouse(self.url)) as warehouse, WarcArchive(self.folder / "archive") as archive:
            return asyncio.run(go())

    @property
    def url(self):
        return f"sqlite:///{self.folder / 'warehouse.db'}"

    def ask(self, sql):
        with closing(sqlite3.connect(self.folder / "warehouse.db")) as connection:
            return connection.execute(sql).fetchall()

    def proof(self):
        """The problems that verifying and replaying find."""
        unheard = lambda done, total: None  # noqa: E731
        with closing(Warehouse(self.url)) as warehouse, WarcArchive(self.folder / "archive") as archive:
            return [
                *verify(archive, warehouse, tick=unheard).problems,
                *replay(archive, warehouse, lambda: ToldRules({}), tick=unheard).problems,
            ]

    def feed(self, *numbers, path="/feed.xml", link="/{n}", **headers):
        items = "".join(f"<item><title>خبر {n}</title><link>{link.format(n=n)}</link></item>" for n in numbers)
        body = f'<rss version="2.0"><channel><title>اليوم</title>{items}</channel></rss>'
        url = self.server.answer(path, body, content_type="application/rss+xml", **headers)
        return Source(source_id=path.strip("/").partition(".")[0], kind="feed", url=url, name="Daily")

    def page(self, number, more="", path=None):
        body = f"<article><h1>خبر {number}</h1><p>{TEXT}، رقم {number}.</p><p>{TEXT * 2}</p>{more}</article>"
        return self.server.answer(path or f"/{number}", body, content_type="text/html; charset=utf-8")


@pytest.fixture
def house(tmp_path):
    with LocalServer() as server:
        yield House(tmp_path, server)


def test_an_edited_page_is_a_new_version_and_a_deleted_one_an_event(house):
    """Looked at again an hour later, six hours later, a day later; the texts stay, and what comes back is told."""
    source = house.feed(1, 2)
    house.page(1), house.page(2)
    house.collect(source)
    house.page(1, "<p>وأضافت البلدية أن الإغلاق سيمتد أسبوعين بدل أسبوع واحد بسبب الأمطار الغزيرة.</p>")
    del house.server.routes["/2"]
    soon, later = house.collect(source), house.collect(source, hours=1)
    assert (soon.revisited, later.revisited, later.changed, later.deleted, later.failed) == (0, 2, 1, 1, 0)
    gone = "SELECT kind, reason, status FROM article_events JOIN captures USING (capture_id)"
    assert house.ask(gone) == [("deleted", "status-404", 404)]
    assert house.ask("SELECT count(*), sum(is_current) FROM article_versions") == [(3, 2)]
    house.page(2)
    back = house.collect(source, hours=8)
    assert (back.revisited, back.restored, back.new_articles) == (2, 1, 0)
    assert house.ask("SELECT kind FROM article_events ORDER BY observed_at") == [("deleted",), ("restored",)]
    assert house.proof() == []


def test_a_page_is_asked_for_conditionally_when_it_is_looked_at_again(house):
    """A 304 is kept as evidence and makes no version."""
    source = house.feed(1)
    house.page(1)
    status, headers, body = house.server.routes["/1"]
    house.server.routes["/1"] = (status, {**headers, "ETag": '"1"'}, body)
    house.collect(source)
    house.server.answer("/1", status=304)
    report = house.collect(source, hours=1)
    assert (report.revisited, report.changed, report.failed) == (1, 0, 0)
    assert house.ask("SELECT status FROM captures ORDER BY rowid DESC LIMIT 1") == [(304,)]
    assert house.proof() == []


def test_a_corrected_link_under_the_same_guid_is_fetched(house):
    """Keyed by content: the entry is another one, though the feed calls it the same."""
    item = "<item><guid isPermaLink='false'>7</guid><title>خبر</title><link>/{}</link></item>"
    feed = '<rss version="2.0"><channel><title>اليوم</title>{}</channel></rss>'
    source = house.feed()
    house.page(2)
    house.server.answer("/feed.xml", feed.format(item.format(1)))
    first = house.collect(source)
    house.server.answer("/feed.xml", feed.format(item.format(2)))
    second = house.collect(source, hours=1)
    assert (first.held, first.new_articles, second.held, second.new_articles) == (1, 0, 0, 1)


def test_a_reprint_in_another_outlet_is_linked_and_kept(house):
    """Both texts stand, and the link says how alike they are."""
    house.page(1, path="/one/1"), house.page(1, "<p>عن الوكالة</p>", path="/two/1")
    house.collect(house.feed(1, path="/one.xml", link="/one/{n}"))
    report = house.collect(house.feed(1, path="/two.xml", link="/two/{n}"))
    assert (report.new_articles, report.near_duplicates) == (1, 1)
    ((alike,),) = house.ask("SELECT similarity FROM near_duplicates")
    assert alike >= 0.6


def test_a_feed_that_says_nothing_changed_is_not_read_again(house):
    """The validators of a complete pass are sent; one that left a page undone asks for the whole feed again."""
    source = house.feed(1, 2, etag='"1"')
    house.page(1)
    house.server.answer("/2", status=503)
    assert house.collect(source).failed == 1
    house.page(2)
    assert house.collect(source, hours=1, revisits=0).new_articles == 1
    house.server.answer("/feed.xml", status=304)
    report = house.collect(source, hours=2, revisits=0)
    assert (report.not_modified, report.failed, report.state) == (1, 0, "healthy")
    assert house.proof() == []


def test_a_permanent_move_is_remembered_and_archived(house):
    """The second pass asks the new address alone; the redirect is evidence with a row."""
    source = house.feed(path="/new.xml")
    house.page(1)
    old = Source(
        source_id="old", kind="feed", url=house.server.answer("/old.xml", status=301, location="/new.xml"), name="O"
    )
    house.collect(old)
    house.server.asked.clear()
    house.collect(old, hours=1)
    assert house.server.asked == ["/new.xml"]
    assert house.ask("SELECT status FROM captures ORDER BY rowid") == [(301,), (200,), (200,)]
    assert (source.url, house.proof()) == (house.server.address + "/new.xml", [])


def test_a_channel_is_followed(house):
    """New posts are articles, an edited one is a version, one that is gone is an event."""
    address = house.server.answer("/s/harbour", channel_page((1, TEXT), (2, TEXT + " الثاني"), (3, TEXT + " الثالث")))
    source = Source(source_id="harbour", kind="channel", url=address, name="قناة الميناء")
    first = house.collect(source)
    house.server.answer(
        "/s/harbour", channel_page((1, TEXT + " (تصحيح)"), (3, TEXT + " الثالث"), (4, TEXT + " الرابع"))
    )
    second = house.collect(source, hours=1)
    third = house.collect(source, hours=2)
    assert (first.new_articles, first.entries) == (3, 3)
    assert (second.new_articles, second.changed, second.deleted, second.unchanged) == (2, 1, 1, 1)
    assert (third.new_articles, third.deleted) == (0, 0)
    gone = "SELECT reason, captures.url FROM article_events JOIN captures USING (capture_id)"
    assert house.ask(gone) == [("gone-from-channel", address)]
    assert house.proof() == []


def test_a_sitemap_and_a_local_folder_become_articles(house, tmp_path):
    """An index leads to its parts; files are evidence as responses are."""
    address = house.server.address
    house.page(1)
    house.server.answer("/index.xml", f"<sitemapindex><sitemap><loc>{address}/news.xml</loc></sitemap></sitemapindex>")
    house.server.answer("/news.xml", f"<urlset><url><loc>{address}/1</loc></url></urlset>")
    sitemap = Source(source_id="map", kind="sitemap", url=f"{address}/index.xml", name="Map")
    assert (house.collect(sitemap).new_articles, house.collect(sitemap, hours=1, revisits=0).known) == (1, 1)
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "a.txt").write_text(f"خبر\n{TEXT}", encoding="utf-8")
    files = Source(source_id="files", kind="folder", url=(tmp_path / "files").as_uri(), name="Files")
    assert [house.collect(files, hours=h).new_articles for h in (0, 1)] == [1, 0]
    assert house.proof() == []


def test_changed_evidence_and_changed_rows_are_named(house):
    """A byte of the archive, a text of the warehouse, a capture without a row: each is one line."""
    house.page(1)
    house.collect(house.feed(1))
    (file,) = (house.folder / "archive").rglob("*.warc.gz")
    kept = file.read_bytes()
    ((offset,),) = house.ask("SELECT archive_offset FROM captures JOIN article_versions USING (capture_id)")
    file.write_bytes(kept[: offset + 60] + bytes([kept[offset + 60] ^ 255]) + kept[offset + 61 :])
    assert any(f"at {offset}: no capture" in problem for problem in house.proof())
    file.write_bytes(kept)
    with closing(sqlite3.connect(house.folder / "warehouse.db")) as connection, connection:
        connection.execute("UPDATE article_versions SET body = body || '.'")
    told = house.proof()
    assert [any(said in one for one in told) for said in ("holds another text", "gives another text")] == [True, True]
    with closing(sqlite3.connect(house.folder / "warehouse.db")) as connection, connection:
        connection.execute("UPDATE article_versions SET body = substr(body, 1, length(body) - 1)")
        connection.execute("DELETE FROM captures WHERE status = 404")
    assert ["has no row" in problem for problem in house.proof()] == [True]
