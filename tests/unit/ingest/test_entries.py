"""Feeds to entries."""

import json
from datetime import UTC, datetime

import pytest

from pipeline.errors import ParseError
from pipeline.ingest import parse_feed
from pipeline.records import Entry

BASE = "https://daily.example/feed.xml"

RSS = """<rss version="2.0"><channel><title>The Daily</title>{}</channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>The Daily</title>{}</feed>"""
RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>The Daily</title></channel>{}</rdf:RDF>"""


def parse(text, *, content_type=None):
    return parse_feed(text.encode(), content_type=content_type, base_url=BASE)


@pytest.mark.parametrize(
    "text",
    [
        RSS.format(
            '<item><title>Bridge closed</title><link>https://daily.example/1</link><guid isPermaLink="false">n1</guid>'
            "<pubDate>Thu, 05 Mar 2026 10:00:00 +0300</pubDate><description>&lt;p&gt;A week.&lt;/p&gt;</description>"
            "<author>Sara</author></item>"
        ),
        ATOM.format(
            '<entry><title>Bridge closed</title><link href="/1"/><id>n1</id><published>2026-03-05T07:00:00Z</published>'
            '<summary type="html">&lt;p&gt;A week.&lt;/p&gt;</summary><author><name>Sara</name></author></entry>'
        ),
        RDF.format(
            '<item rdf:about="n1"><title>Bridge closed</title><link>https://daily.example/1</link>'
            "<dc:date>2026-03-05T10:00:00+03:00</dc:date><description>A week.</description>"
            "<dc:creator>Sara</dc:creator></item>"
        ),
    ],
    ids=["rss", "atom", "rdf"],
)
def test_the_three_kinds_of_feed_say_the_same(text):
    """RSS, Atom and RDF give the same entry: link absolute, text plain, time in UTC."""
    parsed = parse(text)
    expected = Entry(
        url="https://daily.example/1",
        title="Bridge closed",
        guid=parsed.entries[0].guid,
        published_at=datetime(2026, 3, 5, 7, tzinfo=UTC),
        summary="A week.",
        author="Sara",
    )
    assert (parsed.title, parsed.entries, parsed.malformed) == ("The Daily", (expected,), ())


def test_an_id_that_is_an_address_stands_in_for_the_link():
    """An entry without a link but with an address as its id can be fetched."""
    entry = parse(RSS.format('<item><guid isPermaLink="false">https://daily.example/1</guid></item>')).entries[0]
    assert entry.url == "https://daily.example/1"


def test_a_malformed_entry_is_reported_and_the_rest_goes_on():
    """An entry that leads nowhere is kept with what it holds; its neighbours arrive."""
    parsed = parse(
        RSS.format(
            "<item><title>Without a link</title><description>Text.</description></item>"
            "<item><title>Bad link</title><link>javascript:void(0)</link></item>"
            "<item><title>Good</title><link>https://daily.example/1</link></item>"
        )
    )
    assert [entry.title for entry in parsed.entries] == ["Good"]
    assert [(one.reason, json.loads(one.payload)["title"]) for one in parsed.malformed] == [
        ("no-link", "Without a link"),
        ("bad-link", "Bad link"),
    ]


def test_a_malformed_entry_has_the_same_key_in_the_next_poll():
    """The same broken entry again is the same thing to hold."""
    text = RSS.format("<item><title>Without a link</title></item>")
    assert parse(text).malformed[0].key == parse(text).malformed[0].key


def test_entries_of_one_second_all_arrive():
    """Equal dates and equal titles are no reason to drop an entry."""
    date = "<pubDate>Thu, 05 Mar 2026 10:00:00 GMT</pubDate>"
    item = f"<item><title>T</title><link>https://daily.example/{{}}</link>{date}</item>"
    parsed = parse(RSS.format("".join(item.format(number) for number in range(5))))
    assert len({entry.entry_key for entry in parsed.entries}) == 5


def test_an_unreadable_date_is_none():
    """A date that cannot be read is not guessed."""
    item = "<item><link>https://daily.example/1</link><pubDate>amongst friends</pubDate></item>"
    assert parse(RSS.format(item)).entries[0].published_at is None


def test_an_edited_entry_has_another_key():
    """A feed that announces something else under the same id makes the entry new."""
    item = "<item><title>{}</title><link>https://daily.example/1</link><guid>n1</guid></item>"
    before, after = (parse(RSS.format(item.format(title))).entries[0] for title in ("Bridge closed", "Bridge open"))
    assert before.entry_key != after.entry_key


@pytest.mark.parametrize("charset", ["windows-1256", "utf-16", "iso-8859-6"])
def test_feeds_of_other_charsets(charset):
    """The declaration inside the feed is honoured."""
    text = f'<?xml version="1.0" encoding="{charset}"?>' + RSS.format(
        "<item><title>أغلق الجسر القديم</title><link>https://daily.example/1</link></item>"
    )
    parsed = parse_feed(text.encode(charset), content_type="text/xml", base_url=BASE)
    assert parsed.entries[0].title == "أغلق الجسر القديم"


def test_a_valid_feed_may_be_empty():
    """No entries is not an error."""
    assert parse(RSS.format("")).entries == ()


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "an empty answer"),
        (b"<!doctype html><html><body><p>Welcome</p></body></html>", "an HTML page"),
        (b"out of order", "something that starts with 'out of order'"),
        (b'<?xml version="1.0"?><opml version="2.0"/>', "something that starts with"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4, "something that starts with"),
    ],
)
def test_what_is_no_feed_is_refused(body, said):
    """The error says what was there instead."""
    with pytest.raises(ParseError, match=said) as caught:
        parse_feed(body, content_type=None, base_url=BASE)
    assert caught.value.reason == "not-a-feed"


def test_a_feed_cut_short_gives_what_it_has():
    """The entries before the break arrive."""
    whole = RSS.format(
        "".join(f"<item><title>{n}</title><link>https://daily.example/{n}</link></item>" for n in range(9))
    )
    assert len(parse(whole[: len(whole) // 2]).entries) >= 4


def test_entities_are_not_expanded():
    """Nested entities stay what they are: neither memory nor time is spent on them."""
    nested = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    text = f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY l0 "lol">{nested}]>' + RSS.format(
        "<item><title>Bridge &l11;</title><link>https://daily.example/1</link></item>"
    )
    assert len(parse(text).entries[0].title) < 20


def test_external_entities_are_not_loaded(tmp_path):
    """A file named by an entity does not come into the text."""
    secret = tmp_path / "secret.txt"
    secret.write_text("treasure")
    text = f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY x SYSTEM "{secret.as_uri()}">]>' + RSS.format(
        "<item><title>Bridge &x;</title><link>https://daily.example/1</link></item>"
    )
    assert "treasure" not in repr(parse(text))
