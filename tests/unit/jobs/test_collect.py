"""Collecting a source, against a web and stores in memory."""

import asyncio

import pytest

from pipeline.errors import ArchiveError, FetchError
from pipeline.jobs.collect import CollectPorts, collect
from pipeline.records import Source
from tests.fakes.web import NOW, FakeStores, FakeWeb

FEED = Source(source_id="daily", kind="feed", url="https://daily.example/feed.xml", name="The Daily")
TEXT = "The old bridge over the river will be closed for a week from Sunday, the city said on Thursday."
ITEM = "<item><title>News {0}</title><link>https://daily.example/{0}</link></item>"


def rss(*items):
    return f'<rss version="2.0"><channel><title>The Daily</title>{"".join(items)}</channel></rss>'


def news(number):
    return f"<html><body><article><h1>News {number}</h1><p>{TEXT} Number {number}.</p></article></body></html>"


def web(*numbers, **pages):
    return FakeWeb(
        {FEED.url: rss(*(ITEM.format(number) for number in numbers))}
        | {f"https://daily.example/{number}": news(number) for number in numbers}
        | {f"https://daily.example/{name.strip('_')}": page for name, page in pages.items()}
    )


def run(fetcher, stores, source=FEED):
    ports = CollectPorts(fetcher=fetcher, archive=stores, store=stores, runs=stores)
    return asyncio.run(collect(source, ports=ports, run_id="run", now=NOW))


def test_a_feed_becomes_articles():
    """Every entry's page is kept and read."""
    stores = FakeStores()
    report = run(web(1, 2), stores)
    counted = {name: count for name, count in report.counts.items() if count}
    assert counted == {"entries": 2, "fetched": 3, "new_articles": 2}
    assert sorted(page.article.title for page in stores.pages) == ["News 1", "News 2"]
    assert (stores.runs, stores.fetches) == ([("run", False, ())], [None])


def test_evidence_is_written_before_anything_else():
    """The archive comes first, then page, article and entry in one step."""
    stores = FakeStores()
    run(web(1), stores)
    assert stores.journal == [
        "source daily", "start collect", f"archive {FEED.url}", f"capture {FEED.url}",
        "archive https://daily.example/1", "page https://daily.example/1",
    ]  # fmt: skip


def test_a_second_pass_fetches_the_feed_alone():
    """What is settled is not fetched again."""
    stores, fetcher = FakeStores(), web(1, 2)
    run(fetcher, stores)
    report = run(fetcher, stores)
    assert (report.known, report.fetched, report.new_articles) == (2, 1, 0)


def test_a_page_that_is_gone_is_held_once():
    """A 404 goes to quarantine with its entry, is no failure, and is not asked for again."""
    stores, fetcher = FakeStores(), web(1, 2)
    del fetcher.pages["https://daily.example/2"]
    reports = run(fetcher, stores), run(fetcher, stores)
    assert [(report.held, report.failed, report.known) for report in reports] == [(1, 0, 0), (0, 0, 2)]
    assert [(item.stage, item.reason) for item in stores.held.values()] == [("pages", "status-404")]
    assert fetcher.asked.count("https://daily.example/2") == 1


def test_a_page_that_is_no_article_is_held_with_its_capture():
    """The evidence stays, the reason is said, and the entry is settled."""
    stores, fetcher = FakeStores(), web(1, _1="<html><body><p>Gone</p></body></html>")
    report = run(fetcher, stores)
    assert (report.held, report.new_articles, stores.pages[0].article) == (1, 0, None)
    assert [(item.reason, item.key) for item in stores.held.values()] == [("no-article", stores.pages[0].entry_key)]
    assert run(fetcher, stores).known == 1


@pytest.mark.parametrize(
    "error",
    [
        FetchError("u", "timeout", "slow", retryable=True),
        FetchError("u", "tls", "no certificate"),
        FetchError("u", "status", "503", status=503, retryable=True),
        FetchError("u", "status", "403", status=403),
    ],
    ids=["timeout", "tls", "503", "403"],
)
def test_a_failure_that_may_pass_is_tried_again(error):
    """It is told in one line and asked for again in the next pass; the other pages go on."""
    stores, fetcher = FakeStores(), web(1, 2, _1=error)
    first = run(fetcher, stores)
    fetcher.pages["https://daily.example/1"] = news(1)
    second = run(fetcher, stores)
    assert (first.failed, first.new_articles, first.problems) == (1, 1, (f"source daily: {error}",))
    assert (second.failed, second.new_articles, second.known) == (0, 1, 1)
    assert [failed for _, failed, _ in stores.runs] == [True, False]


def test_a_malformed_entry_is_held_and_the_rest_goes_on():
    """An entry without a link is kept with its reason, once."""
    stores, fetcher = FakeStores(), web(1)
    fetcher.pages[FEED.url] = rss("<item><title>Nowhere</title></item>", ITEM.format(1))
    reports = run(fetcher, stores), run(fetcher, stores)
    assert [(report.entries, report.held, report.failed) for report in reports] == [(2, 1, 0), (2, 0, 0)]
    assert [(item.stage, item.reason) for item in stores.held.values()] == [("entries", "no-link")]


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (FetchError(FEED.url, "unreachable", "no connection", retryable=True), "no connection"),
        ("<html><body>Welcome</body></html>", "no feed but an HTML page"),
    ],
)
def test_a_feed_that_fails_is_told_and_does_not_raise(answer, said):
    """One line names the source and its address; the source's last problem is noted."""
    stores = FakeStores()
    report = run(FakeWeb({FEED.url: answer}), stores)
    assert (report.failed, len(report.problems), len(stores.fetches)) == (1, 1, 1)
    assert report.problems[0].startswith(f"source daily: {FEED.url}: ")
    assert said in report.problems[0]
    assert stores.fetches[0] in report.problems[0]


def test_an_empty_feed_is_no_failure():
    """It is told in one line, and the fetch counts as a success."""
    stores = FakeStores()
    report = run(FakeWeb({FEED.url: rss()}), stores)
    assert (report.failed, stores.fetches) == (0, [None])
    assert report.problems == ("source daily: the feed is valid but empty; nothing to do unless it stays so",)


def test_a_page_is_a_source_of_its_own():
    """A single page is fetched in every pass and is unchanged in the second."""
    page = Source(source_id="bridge", kind="page", url="https://daily.example/1", name="Bridge")
    stores, fetcher = FakeStores(), web(1)
    reports = run(fetcher, stores, page), run(fetcher, stores, page)
    assert [(report.new_articles, report.unchanged) for report in reports] == [(1, 0), (0, 1)]


def test_an_archive_that_cannot_be_written_ends_the_pass():
    """Without evidence nothing is stored: the error goes up, the run is noted as failed, the entry stays new."""

    class FullDisk(FakeStores):
        def store(self, response, *, source_id):
            if response.url != FEED.url:
                raise ArchiveError("archive: cannot be written to; make room")
            return super().store(response, source_id=source_id)

    stores = FullDisk()
    with pytest.raises(ArchiveError):
        run(web(1, 2), stores)
    assert (stores.pages, stores.known_entries("daily")) == ([], frozenset())
    assert stores.runs == [("run", True, ("archive: cannot be written to; make room",))]


def test_a_wish_to_stop_while_a_page_is_kept_arrives_as_it_is():
    """The signal of Ctrl-C that falls into a page's turn ends the pass as one that falls between two."""

    class Stopped(BaseException):
        pass

    stores = FakeStores()

    def stop(page, *, run_id, now):
        raise Stopped

    stores.save_page = stop
    with pytest.raises(Stopped):
        run(web(1, 2), stores)
