"""The sample newsroom is well-formed, and its pages, feed and marked statements agree with each other."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from lxml import html

from pipeline.records import LABELS

NEWSROOM = Path(__file__).parents[3] / "samples" / "newsroom"
SLUGS = sorted(path.stem for path in (NEWSROOM / "articles").glob("*.html"))
FICTION = {
    "ar": "نص تجريبي كُتب لاختبار البرنامج؛ الأحداث والأقوال فيه مختلقة.",
    "en": "Sample text written to test the software; the events and the words in it are invented.",
}
STATEMENT_KEYS = {
    "article", "anchor", "labels", "group", "speaker", "said_on", "said_on_precision",
    "channel", "target", "condition", "quoted",
}  # fmt: skip
WRITTEN_BY = date(2026, 11, 22)


@cache
def page(slug: str) -> Any:
    return html.document_fromstring((NEWSROOM / "articles" / f"{slug}.html").read_bytes())


@cache
def paragraphs(slug: str) -> tuple[str, ...]:
    bodies = page(slug).find_class("article-body") + page(slug).find_class("entry-content")
    (body,) = bodies + page(slug).find_class("post-text")
    return tuple(element.text_content() for element in body.iter("p"))


@cache
def items() -> tuple[ET.Element, ...]:
    return tuple(ET.parse(NEWSROOM / "feed.xml").getroot().iter("item"))


@cache
def marked(name: str) -> tuple[dict[str, Any], ...]:
    lines = (NEWSROOM / f"{name}.jsonl").read_text("utf-8").splitlines()
    return tuple(json.loads(line) for line in lines)


def published_at(slug: str) -> datetime:
    return datetime.fromisoformat(page(slug).xpath("string(//meta[@property='article:published_time']/@content)"))


def readable(value: str) -> bool:
    try:
        parsedate_to_datetime(value)
    except ValueError:
        return False
    return True


def identify(row: dict[str, Any]) -> str:
    return f"{row['article']}: {row['anchor']}"


def test_every_page_is_announced_exactly_once() -> None:
    """The feed links every page once, and no page that is not there."""
    links = [item.findtext("link") for item in items() if item.find("link") is not None]
    assert sorted(map(str, links)) == [f"@BASE@/articles/{slug}.html" for slug in SLUGS]


def test_exactly_one_item_is_malformed() -> None:
    """One item has neither link nor guid, so that a run has something to hold."""
    assert sum(item.find("link") is None and item.find("guid") is None for item in items()) == 1


def test_exactly_one_date_is_unreadable() -> None:
    """One item has a publication date that is none, so that the page's own date must serve."""
    assert sum(not readable(item.findtext("pubDate") or "") for item in items()) == 1


def test_the_feed_and_the_pages_agree() -> None:
    """Title and publication time of an item are those of its page."""
    announced = {
        item.findtext("guid"): (item.findtext("title"), parsedate_to_datetime(item.findtext("pubDate") or ""))
        for item in items()
        if item.find("guid") is not None and readable(item.findtext("pubDate") or "")
    }
    expected = {slug: (page(slug).findtext(".//h1"), published_at(str(slug))) for slug in announced}
    assert announced == expected


def test_there_are_enough_articles_of_both_languages() -> None:
    """At least twelve articles are Arabic and four English."""
    languages = Counter(page(slug).get("lang") for slug in SLUGS)
    assert languages["ar"] >= 12
    assert languages["en"] >= 4
    assert set(languages) == {"ar", "en"}


@pytest.mark.parametrize("slug", SLUGS)
def test_a_page_describes_itself_consistently(slug: str) -> None:
    """Heading, metadata and JSON-LD of a page tell the same title, time and address."""
    tree = page(slug)
    heading, url = tree.findtext(".//h1"), f"https://newsroom.example/articles/{slug}.html"
    linked = json.loads(tree.xpath("string(//script[@type='application/ld+json'])"))
    outlet = tree.xpath("string(//meta[@property='og:site_name']/@content)")
    assert tree.findtext(".//title") == f"{heading} | {outlet}"
    assert tree.xpath("string(//meta[@property='og:title']/@content)") == heading
    assert tree.xpath("string(//link[@rel='canonical']/@href)") == url
    assert (linked["@type"], linked["headline"], linked["mainEntityOfPage"]) == ("NewsArticle", heading, url)
    assert datetime.fromisoformat(linked["datePublished"]) == published_at(slug)


@pytest.mark.parametrize("slug", SLUGS)
def test_a_page_was_published_in_the_past_of_baghdad(slug: str) -> None:
    """Publication times carry +03:00 and lie between 2024 and the day the sample was written."""
    when = published_at(slug)
    assert when.utcoffset() == timedelta(hours=3)
    assert date(2024, 1, 1) <= when.date() <= WRITTEN_BY


@pytest.mark.parametrize("slug", SLUGS)
def test_a_page_says_that_it_is_fiction(slug: str) -> None:
    """The footer of every page says in its language that the text is invented, and the article itself does not."""
    line = FICTION[page(slug).get("lang")]
    assert [element.text for element in page(slug).find_class("fiction")] == [line]
    assert line not in "\n".join(paragraphs(slug))


@pytest.mark.parametrize("slug", SLUGS)
def test_an_article_has_the_length_of_news(slug: str) -> None:
    """An article has five to fifteen paragraphs, and its page stays small."""
    assert 5 <= len(paragraphs(slug)) <= 15
    assert (NEWSROOM / "articles" / f"{slug}.html").stat().st_size < 12_000


@pytest.mark.parametrize("row", marked("expected") + marked("not_statements"), ids=identify)
def test_an_anchor_occurs_once(row: dict[str, Any]) -> None:
    """The words that point to a sentence point to one place of the article."""
    assert "\n".join(paragraphs(row["article"])).count(row["anchor"]) == 1


def test_no_sentence_is_both_statement_and_none() -> None:
    """A sentence is marked once, in one of the two files."""
    places = Counter((row["article"], row["anchor"]) for row in marked("expected") + marked("not_statements"))
    assert [place for place, count in places.items() if count > 1] == []


@pytest.mark.parametrize("row", marked("expected"), ids=identify)
def test_a_statement_is_marked_in_the_terms_of_the_records(row: dict[str, Any]) -> None:
    """A marked statement has all fields, known labels and a group."""
    assert set(row) == STATEMENT_KEYS
    assert row["labels"]
    assert set(row["labels"]) <= set(LABELS)
    assert row["group"]


@pytest.mark.parametrize("row", marked("expected"), ids=identify)
def test_what_is_marked_stands_in_the_article(row: dict[str, Any]) -> None:
    """Speaker, target and condition are the article's own words, and the quoted are in quotation marks."""
    text = "\n".join(paragraphs(row["article"]))
    sentence = next(paragraph for paragraph in paragraphs(row["article"]) if row["anchor"] in paragraph)
    written = [row[key] for key in ("speaker", "target", "condition") if row[key]]
    assert [words for words in written if words not in text] == []
    assert not row["quoted"] or any(mark in sentence for mark in '«“"')


@pytest.mark.parametrize("row", marked("expected"), ids=identify)
def test_a_statement_was_said_before_it_was_printed(row: dict[str, Any]) -> None:
    """A date has a precision, is not later than the publication, and of a month is its first day."""
    assert (row["said_on"] is None) == (row["said_on_precision"] is None)
    if row["said_on"]:
        said_on = date.fromisoformat(row["said_on"])
        assert said_on <= published_at(row["article"]).date()
        assert row["said_on_precision"] in {"day", "month"}
        assert row["said_on_precision"] == "day" or said_on.day == 1


def test_every_label_stands_in_both_languages() -> None:
    """Each of the three labels is found in an Arabic and in an English article."""
    found = {(page(row["article"]).get("lang"), label) for row in marked("expected") for label in row["labels"]}
    assert found == {(language, label) for language in ("ar", "en") for label in LABELS}


def test_there_are_articles_without_a_statement() -> None:
    """At least eight articles hold no statement at all."""
    assert len(set(SLUGS) - {row["article"] for row in marked("expected")}) >= 8


def test_one_statement_is_reprinted_word_for_word() -> None:
    """A second outlet prints one statement with the same words, so that one row has two sightings."""
    sentences = Counter(
        next(paragraph for paragraph in paragraphs(row["article"]) if row["anchor"] in paragraph)
        for row in marked("expected")
    )
    assert [count for count in sentences.values() if count > 1] == [2]
