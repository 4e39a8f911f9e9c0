"""A subscription as an Atom feed, read by a parser of feeds."""

from datetime import timedelta

import feedparser

from pipeline.alerts import Links
from pipeline.records import Subscription
from tests.fakes.alert_store import renderer
from tests.fakes.press import NOON, article, statement

DESK = Subscription(subscription_id="desk", name="مكتب & <b>", recipients=("a@n.example",), feed=True)


def _found(number, **changes):
    of = article(number, **changes)
    return f"s{number}", statement(of, (0, len(of.body))), of


def _parsed(*latest, links=None, now=NOON):
    parsed = feedparser.parse(renderer(links=links or Links()).feed(DESK, latest, now=now))
    assert not parsed.bozo
    return parsed


def test_an_entry_tells_the_statement_in_its_words():
    """Title in Arabic, summary in English, the words in the content, when it was found, and the way to the article."""
    (entry,) = _parsed((_found(1, body="سنضرب الميناء.", language="ar"), NOON)).entries
    assert (entry.title, entry.link, entry.updated) == (
        "تهديد: لواء الميناء",
        "https://daily.example/1",
        "2026-03-05T12:00:00Z",
    )
    assert entry.summary == "Threat · Harbour Brigade · 5 March 2026"
    assert entry.content[0].value.startswith("سنضرب الميناء.")
    assert [(tag.term, tag.label) for tag in entry.tags] == [("threat", "Threat")]


def test_ids_stay_the_same_and_differ_from_each_other():
    """A reader that knows an entry does not show it again."""
    made = [_parsed((_found(1), NOON), (_found(2), NOON), now=NOON + timedelta(days=n)) for n in (0, 1)]
    ids = [[parsed.feed.id, *(entry.id for entry in parsed.entries)] for parsed in made]
    assert ids == [["urn:bayan:subscription:desk", "urn:bayan:statement:s1", "urn:bayan:statement:s2"]] * 2


def test_the_board_is_preferred_to_the_article():
    """Where there is one, an entry leads to it."""
    (entry,) = _parsed((_found(1), NOON), links=Links(board="https://board.example/s/{statement_id}")).entries
    assert entry.link == "https://board.example/s/s1"


def test_a_feed_without_entries_is_a_feed():
    """With the subscription's name as it is, and the time of its writing."""
    parsed = _parsed(now=NOON)
    assert (parsed.feed.title, parsed.feed.updated, parsed.entries) == ("مكتب & <b>", "2026-03-05T12:00:00Z", [])
