"""Pages and feeds as outlets serve them, from the folder of real text beside the checkout."""

import hashlib
import json
import re
from datetime import date
from pathlib import Path

import feedparser
import pytest
from lxml.html import document_fromstring
from typer import Typer
from typer.testing import CliRunner

from pipeline.cli.parse_feed import parse_feed
from pipeline.ingest import read_article
from pipeline.ingest.charset import decode
from tests.fakes.press import DAILY, capture

SHARED = Path(__file__).parents[4] / "shared"


def shared(path: str) -> Path:
    found = SHARED / path
    if not found.exists():
        pytest.skip(f"no real text at {found}: put the folder `shared` beside the checkout")
    return found


def article(path: str):
    body = shared(path).read_bytes()
    return read_article(body, capture=capture(), content_type="text/html", entry=None, source=DAILY)


@pytest.mark.parametrize("name", ["escalation-meeting", "misleading-statement"])
def test_the_two_seed_articles_are_read_whole(name):
    """Title and every paragraph and sub-heading in order; only the list of other articles in the middle is left out."""
    read = article(f"newsroom/articles/{name}.html")
    lines = [" ".join(line.split()) for line in shared(f"seeds/{name}.txt").read_text(encoding="utf-8").splitlines()]
    assert [read.title, *read.body.split("\n")] == [line for line in lines if line and not line.startswith("- ")]
    assert (read.language, read.published_basis) == ("ar", "metadata")


PAGES = {
    "trafilatura_assabah.com.tn.article.html": (date(2019, 2, 8), "035e781bfd151825", "cd89dd609a9e7471"),
    "newspaper4k_arabic_article.html": (None, "fd75f8c8fe00645b", "ecece90596ecf0b4"),
    "fundus_LBCGroup_2026_01_08.html": (date(2026, 1, 8), "b19695b713506214", "792a7f1bdce557be"),
}
"""Day, and SHA-256 of the first and the last sentence as they stand in the page's source: the texts are not ours."""


def _hash(sentence: str) -> str:
    return hashlib.sha256(sentence.encode()).hexdigest()[:16]


@pytest.mark.parametrize("name", PAGES)
def test_title_date_and_both_ends_of_real_pages(name):
    """As the manifest has them; where the page gives no publication time for machines there is none."""
    rows = shared("newsroom/pages/manifest.jsonl").read_text(encoding="utf-8").splitlines()
    expected = next(row for row in map(json.loads, rows) if row["file"] == name)
    published_on, first, last = PAGES[name]
    read = article(f"newsroom/pages/{name}")
    assert (read.title, read.published_at and read.published_at.date()) == (expected["expected_title"], published_on)
    # A line with the interviewer's name may stand above the first sentence.
    lines = read.body.split("\n")
    start = next(number for number, line in enumerate(lines[:2]) if line.startswith(expected["body_start"]))
    sentences = re.split(r"(?<=[.؟!])\s+|\n", "\n".join(lines[start:]))
    assert (_hash(sentences[0]), _hash(sentences[-1])) == (first, last)


@pytest.mark.parametrize("name", PAGES)
def test_no_navigation_in_real_pages(name):
    """No line of the text is a link of the page, a heading of a list of links, or stands in its navigation."""
    path = f"newsroom/pages/{name}"
    tree = document_fromstring(decode(shared(path).read_bytes(), "text/html"))
    links = {" ".join(link.text_content().split()) for link in tree.xpath("//a | //nav//* | //footer//* | //h3 | //h4")}
    read = article(path)
    assert len(links) > 20
    assert links.isdisjoint(read.body.split("\n"))


def test_every_entry_that_feedparser_finds_arrives():
    """Through the command line: as many entries for each feed as feedparser itself finds."""
    paths = sorted(shared("eval/feeds").iterdir())
    app = Typer()
    app.command()(parse_feed)
    result = CliRunner().invoke(app, [str(path) for path in paths])
    answers = [json.loads(line) for line in result.stdout.splitlines()]
    assert (result.exit_code, [answer["file"] for answer in answers]) == (0, [str(path) for path in paths])
    found = {answer["file"]: len(answer["entries"]) + len(answer["malformed"]) for answer in answers}
    assert found == {str(path): len(feedparser.parse(path.read_bytes()).entries) for path in paths}
