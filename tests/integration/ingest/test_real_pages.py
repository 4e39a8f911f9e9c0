"""Pages and feeds as outlets serve them, from the folder of real text beside the checkout."""

import json
from datetime import date
from pathlib import Path

import feedparser
import pytest
from typer import Typer
from typer.testing import CliRunner

from pipeline.cli.parse_feed import parse_feed
from pipeline.ingest import read_article
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
    "trafilatura_assabah.com.tn.article.html": date(2019, 2, 8),
    "newspaper4k_arabic_article.html": None,
    "fundus_LBCGroup_2026_01_08.html": date(2026, 1, 8),
}


@pytest.mark.parametrize("name", PAGES)
def test_title_date_and_first_sentence_of_real_pages(name):
    """As the manifest has them; where the page gives no publication time for machines there is none."""
    lines = shared("newsroom/pages/manifest.jsonl").read_text(encoding="utf-8").splitlines()
    expected = next(row for row in map(json.loads, lines) if row["file"] == name)
    read = article(f"newsroom/pages/{name}")
    published_on = read.published_at.date() if read.published_at else None
    assert (read.title, published_on) == (expected["expected_title"], PAGES[name])
    assert any(line.startswith(expected["body_start"]) for line in read.body.split("\n")[:2])


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
