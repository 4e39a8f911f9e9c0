"""What a person names: a folder or a WARC archive of the inbox, and nothing outside of it."""

import sqlite3

import pytest

from pipeline import bootstrap, operating
from pipeline.errors import UsageError
from pipeline.settings import Settings

STORY = "<html><head><title>{title}</title></head><body><article>{body}</article></body></html>"
BODY = "<p>The market in the town stayed open until the evening, and nothing was heard of the harbour.</p>" * 8


@pytest.fixture
def settings(tmp_path):
    """A house with an inbox that holds a folder of two pages and a single file."""
    settings = Settings(var=tmp_path / "var", host_interval=0.0)
    bootstrap.prepare_warehouse(settings)
    (settings.inbox / "old").mkdir(parents=True)
    for name in ("one", "two"):
        (settings.inbox / "old" / f"{name}.html").write_text(STORY.format(title=name, body=BODY + f"<p>{name}.</p>"))
    (settings.inbox / "three.html").write_text(STORY.format(title="three", body=BODY + "<p>three.</p>"))
    (tmp_path / "var" / "secret.html").write_text(STORY.format(title="secret", body=BODY))
    return settings


def _titles(settings):
    with sqlite3.connect(settings.var / "warehouse.db") as connection:
        return {title for (title,) in connection.execute("select title from article_versions")}


def test_a_folder_and_a_file_of_the_inbox_become_articles_once(settings):
    """The same archive and tables as for pages of feeds; a second run finds nothing new."""
    first = operating.ingest(settings, "", inbox="old", run_id="run-1")
    assert (1, 2) == (first.counts["named"], first.counts["new_articles"])
    operating.ingest(settings, "", inbox="three.html", run_id="run-2")
    assert {"one", "two", "three"} == _titles(settings)
    assert 0 == operating.ingest(settings, "", inbox="old", run_id="run-3").counts["new_articles"]


def test_the_houses_own_archive_can_be_read_in_again(settings):
    """WARC files in a folder are taken as such: their pages are known by content, and are no second articles."""
    operating.ingest(settings, "", inbox="old", run_id="run-1")
    kept = next(settings.archive.rglob("*.warc.gz"))
    (settings.inbox / "archive").mkdir()
    (settings.inbox / "archive" / "old.warc.gz").write_bytes(kept.read_bytes())
    done = operating.ingest(settings, "", inbox="archive", run_id="run-2")
    assert () == done.problems
    assert {"one", "two"} == _titles(settings)


@pytest.mark.parametrize("name", ["missing", "..", "../secret.html", "/etc/passwd", "link"])
def test_nothing_outside_of_the_inbox_is_read(settings, name):
    """Neither dots nor a link lead out; the line names the inbox."""
    (settings.inbox / "link").symlink_to(settings.var / "secret.html")
    with pytest.raises(UsageError, match="inbox: holds no"):
        operating.ingest(settings, "", inbox=name, run_id="run-1")
    assert set() == _titles(settings)


def test_nothing_named_is_refused(settings):
    """Neither an address nor a thing of the inbox: one line says what is wanted."""
    with pytest.raises(UsageError, match="no address was given"):
        operating.ingest(settings, " ", run_id="run-1")
