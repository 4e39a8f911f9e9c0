"""When a feed is looked at, and when it counts as news."""

import asyncio
from datetime import datetime, timedelta

import pytest

from pipeline.errors import FetchError
from pipeline.ingest import parse_feed
from pipeline.jobs.watch import LONGEST, FeedWatch, news_of, pace, watchable
from pipeline.records import Source
from tests.fakes.press import DAILY, NOON
from tests.fakes.web import FakeWeb

FIFTEEN = timedelta(seconds=15)


def _feed(*names: str) -> str:
    items = "".join(f"<item><title>{n}</title><link>https://daily.example/{n}</link></item>" for n in names)
    return f'<rss version="2.0"><channel><title>Daily</title><link>https://daily.example</link>{items}</channel></rss>'


def _keys(*names: str) -> frozenset[str]:
    return frozenset(
        entry.entry_key for entry in parse_feed(_feed(*names).encode(), content_type=None, base_url=DAILY.url).entries
    )


class Known:
    """The port `EntryStore`: settled entries, and sources that failed too often."""

    asleep: frozenset[str] = frozenset()

    def __init__(self, keys: frozenset[str] = frozenset()) -> None:
        self.keys = keys

    def known_entries(self, source_id: str) -> frozenset[str]:
        return self.keys

    def disabled(self, now: datetime) -> frozenset[str]:
        return self.asleep


@pytest.fixture
def web():
    return FakeWeb({DAILY.url: _feed("one")})


@pytest.fixture
def known():
    return Known()


@pytest.fixture
def watch(web, known):
    return FeedWatch(fetcher_of=lambda _: web, store=known, interval=FIFTEEN)


def _look(watch, after=timedelta(0), sources=(DAILY,)):
    return asyncio.run(watch.look(sources, now=NOON + after))


def test_an_entry_that_is_not_settled_is_news_once(watch):
    """An entry whose page cannot be had starts one run, not one at every look."""
    assert (("daily",), ()) == _look(watch)
    assert ((), ()) == _look(watch, FIFTEEN)


def test_settled_entries_are_no_news(watch, known):
    """What stands captured or held is not collected again."""
    known.keys = _keys("one")
    assert ((), ()) == _look(watch)


def test_an_entry_that_joins_one_that_waits_is_news(watch, web):
    """A page that waits does not hide the next one."""
    _look(watch)
    web.pages[DAILY.url] = _feed("two", "one")
    assert (("daily",), ()) == _look(watch, FIFTEEN)


def test_a_feed_is_asked_only_when_it_is_due(watch, web):
    """Between two looks lies the interval, to the server's relief."""
    _look(watch)
    _look(watch, timedelta(seconds=14))
    assert [DAILY.url] == web.asked
    assert timedelta(seconds=1) == watch.pause(now=NOON + timedelta(seconds=14))


def test_a_feed_that_fails_is_said_and_asked_ever_more_rarely(watch, web):
    """One line each time, and twice the pause; the first answer brings it back."""
    web.pages[DAILY.url] = FetchError(DAILY.url, "timeout", "no answer in 30 s; it is tried again", retryable=True)
    assert ((), (f"source daily: {DAILY.url}: no answer in 30 s; it is tried again",)) == _look(watch)
    assert timedelta(seconds=30) == watch.pause(now=NOON)
    _look(watch, timedelta(seconds=30))
    assert timedelta(seconds=60) == watch.pause(now=NOON + timedelta(seconds=30))
    web.pages[DAILY.url] = _feed("one")
    assert (("daily",), ()) == _look(watch, timedelta(seconds=90))
    assert FIFTEEN == watch.pause(now=NOON + timedelta(seconds=90))


def test_a_source_that_failed_too_often_is_left_to_its_daily_probe(watch, web, known):
    """The watcher asks it again as soon as it is no longer asleep."""
    known.asleep = frozenset({"daily"})
    assert ((), []) == (_look(watch)[0], web.asked)
    known.asleep = frozenset()
    assert (("daily",), ()) == _look(watch, FIFTEEN)


def test_a_source_that_left_the_file_is_forgotten(watch, web):
    """Nothing is asked for it, and nothing is remembered: when it comes back, its feed is looked at at once."""
    _look(watch)
    assert ((), ()) == _look(watch, FIFTEEN, sources=())
    assert (("daily",), ()) == _look(watch, FIFTEEN)


@pytest.mark.parametrize(
    ("quiet", "failures", "expected"),
    [
        (timedelta(0), 0, FIFTEEN),
        (timedelta(hours=1), 0, timedelta(seconds=150)),
        (timedelta(days=1), 0, timedelta(hours=1)),
        (timedelta(days=30), 0, LONGEST),
        (timedelta(0), 3, timedelta(minutes=2)),
        (timedelta(0), 99, LONGEST),
    ],
)
def test_the_pace_follows_what_happens(quiet, failures, expected):
    """Busy feeds at the interval, quiet ones hourly after a day, failing ones in doubled steps; at least daily."""
    assert expected == pace(FIFTEEN, quiet=quiet, failures=failures)


def test_only_feeds_that_are_enabled_are_watched():
    """A page announces nothing, and what is disabled is left alone."""
    page = Source(source_id="page", kind="page", url="https://p.example", name="P")
    off = Source(source_id="off", kind="feed", url="https://o.example", name="O", enabled=False)
    assert [DAILY] == watchable([page, off, DAILY])


def test_what_several_looks_told_is_collected_once():
    """Two events that wait for one run name a source once; a payload of another shape names none."""
    told = [{"source_ids": ["a", "b"]}, {"source_ids": ["b"]}, {}, {"source_ids": 7}, {"source_ids": [None]}]
    assert ["a", "b"] == news_of(told)
