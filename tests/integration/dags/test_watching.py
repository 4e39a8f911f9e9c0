"""The watcher over real HTTP and a real warehouse: it tells of what is new, and goes on when a feed does not answer."""

import asyncio

import pytest
import yaml

from pipeline import bootstrap, operating
from tests.fakes.local_server import LocalServer

FEED = """<rss version="2.0"><channel><title>Outlet</title><link>{base}</link>
<item><title>{title}</title><link>{base}/{title}.html</link></item></channel></rss>"""


@pytest.fixture
def outlet():
    with LocalServer() as server:
        yield server


@pytest.fixture
def settings(tmp_path, outlet, monkeypatch):
    rows = [
        {"id": name, "kind": "feed", "url": f"{outlet.address}/{name}.xml", "name": name} for name in ("well", "broken")
    ]
    (tmp_path / "sources.yml").write_text(yaml.safe_dump({"sources": rows}))
    for name, value in {"VAR": tmp_path / "var", "SOURCES": tmp_path / "sources.yml", "WATCH_SECONDS": 1}.items():
        monkeypatch.setenv(f"BAYAN_{name}", str(value))
    monkeypatch.setenv("BAYAN_HOST_INTERVAL", "0")
    settings = bootstrap.read_settings()
    bootstrap.prepare_warehouse(settings)
    return settings


def _publish(outlet, title):
    outlet.answer("/well.xml", FEED.format(base=outlet.address, title=title), content_type="application/rss+xml")


def test_each_new_entry_is_told_once_and_a_broken_feed_is_named(settings, outlet):
    """Two entries, two events; the feed that is none is said in a line that names it, and stops nothing."""
    outlet.answer("/broken.xml", "no feed at all", content_type="text/plain")
    said = []

    async def watch():
        told = []
        _publish(outlet, "first")
        async for source_ids in operating.watch_feeds(settings, say=said.append):
            told.append(source_ids)
            if len(told) == 2:
                return told
            _publish(outlet, "second")
        return told

    assert [("well",), ("well",)] == asyncio.run(asyncio.wait_for(watch(), timeout=60))
    assert said
    assert {True} == {line.startswith("source broken: ") for line in said}


def test_watching_can_be_switched_off(settings, outlet):
    """Zero seconds: it ends at once and asks nobody."""

    async def watch():
        off = settings.model_copy(update={"watch_seconds": 0})
        return [told async for told in operating.watch_feeds(off, say=print)]

    assert ([], []) == (asyncio.run(watch()), outlet.asked)
