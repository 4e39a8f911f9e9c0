"""`bayan parse-feed`."""

import json

from typer import Typer
from typer.testing import CliRunner

from pipeline.cli.parse_feed import parse_feed

FEED = """<rss version="2.0"><channel><title>اليوم</title>
<item><title>الجسر</title><link>/1</link><pubDate>Thu, 05 Mar 2026 10:00:00 GMT</pubDate></item>
<item><title>بلا رابط</title></item></channel></rss>"""


def run(*arguments):
    app = Typer()
    app.command()(parse_feed)
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    return result.exit_code, [json.loads(line) for line in result.stdout.splitlines()]


def test_a_feed_becomes_one_object(tmp_path):
    """Entries and malformed ones stand apart; Arabic is written as it is."""
    path = tmp_path / "feed.xml"
    path.write_text(FEED, encoding="utf-8")
    code, (answer,) = run("--base-url", "https://daily.example/feed.xml", path)
    assert (code, answer["file"], answer["title"]) == (0, str(path), "اليوم")
    assert answer["entries"] == [
        {
            "url": "https://daily.example/1",
            "title": "الجسر",
            "guid": None,
            "published_at": "2026-03-05T10:00:00+00:00",
            "summary": None,
            "author": None,
        }
    ]
    assert [(one["reason"], one["payload"]) for one in answer["malformed"]] == [("no-link", {"title": "بلا رابط"})]


def test_what_is_no_feed_is_an_error_of_that_file_alone(tmp_path):
    """The others are answered, in order; the exit code is 1."""
    good, bad = tmp_path / "feed.xml", tmp_path / "page.html"
    good.write_text(FEED, encoding="utf-8")
    bad.write_text("<html><body>Welcome</body></html>", encoding="utf-8")
    code, answers = run(tmp_path / "none.xml", bad, good)
    assert (code, [sorted(answer) for answer in answers]) == (
        1,
        [["error", "file"], ["error", "file"], ["entries", "file", "malformed", "title"]],
    )
    assert answers[1]["error"] == f"{bad}: no feed but an HTML page; correct the address or remove the source"
