"""What is said of a source that is tried."""

import asyncio
from datetime import timedelta

import pytest

from pipeline.errors import FetchError
from pipeline.jobs.check_sources import check_sources
from pipeline.records import Source
from tests.fakes.web import NOW, FakeWeb

URL = "https://daily.example/feed.xml"
SOURCE = Source(source_id="daily", kind="feed", url=URL, name="The Daily")
STORY = (
    "<article><h1>Bridge</h1><p>The old bridge over the river will be closed for a week, the city said.</p></article>"
)


def feed(*dates):
    items = "".join(
        f"<item><title>N</title><link>/{n}</link>{f'<pubDate>{date}</pubDate>' if date else ''}</item>"
        for n, date in enumerate(dates, 1)
    )
    return f'<rss version="2.0"><channel><title>The Daily</title>{items}</channel></rss>'


class NoShelf:
    """The port `Shelf` where no source is local."""

    def documents(self, source, *, known):
        raise AssertionError(source)


def check(pages, source=SOURCE):
    web, told = FakeWeb(pages), []
    (found,) = asyncio.run(check_sources([(source, web)], shelf=NoShelf(), now=NOW, tick=told.append))
    assert told == [found]
    return found


TODAY = "Thu, 05 Mar 2026 10:00:00 GMT"
IN_MAY = "Thu, 01 May 2025 10:00:00 GMT"
PAGE = "https://daily.example/1"


@pytest.mark.parametrize(
    ("answer", "page", "wrong", "said"),
    [
        (feed(TODAY, IN_MAY), STORY, "ok", ""),
        (feed(), STORY, "empty", "look again tomorrow"),
        (feed(IN_MAY), STORY, "stale", "nothing new for 308 days"),
        (feed(None), STORY, "undated", "dated by their pages"),
        (feed(TODAY), "<html><body>Subscribe</body></html>", "pages", "first page gives nothing: no article"),
        (
            feed(IN_MAY),
            FetchError(PAGE, "status", "the server answered 403", status=403),
            "pages",
            "answered 403; noth",
        ),
        (FetchError(URL, "timeout", "no answer; try again later"), STORY, "timeout", "no answer; try again later"),
        ("<html>Welcome</html>", STORY, "not-a-feed", "an HTML page"),
    ],
    ids=["well", "empty", "stale", "undated", "no article", "refused and stale", "timeout", "no feed"],
)
def test_what_is_wrong_is_named_with_its_remedy(answer, page, wrong, said):
    """The worst as a kind, all of it in the remark; a source that still brings something has not failed."""
    found = check({URL: answer, PAGE: page})
    assert (found.wrong, said in found.remark) == (wrong, True)
    assert found.failed is (wrong in {"timeout", "not-a-feed"})


def test_a_source_that_is_well_says_how_much_and_how_new():
    """Entries, and the newest publication time."""
    found = check({URL: feed(IN_MAY, TODAY), PAGE: STORY})
    assert (found.things, found.newest_at, found.remark) == (2, NOW - timedelta(hours=2), "")


def test_a_sitemap_is_tried_by_its_first_page_too():
    """An index of sitemaps names none, and is taken as it is."""
    source = Source(source_id="map", kind="sitemap", url=URL, name="Map")
    one = f"<urlset><url><loc>{PAGE}</loc></url></urlset>"
    index = "<sitemapindex><sitemap><loc>https://daily.example/a.xml</loc></sitemap></sitemapindex>"
    assert [check({URL: body, PAGE: "<p>?</p>"}, source).wrong for body in (one, index)] == ["pages", "ok"]
