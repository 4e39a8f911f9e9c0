"""Collecting many sources at once: how far it is, and what came of all of them."""

import asyncio

from pipeline.errors import FetchError
from pipeline.jobs import collect_all as job
from pipeline.jobs.collect import CollectPorts
from pipeline.records import Source
from tests.fakes.web import NOW, FakeStores, FakeWeb

TEXT = "The old bridge over the river will be closed for a week from Sunday, the city said on Thursday."


def source(name):
    return Source(source_id=name, kind="feed", url=f"https://{name}.example/feed.xml", name=name)


def pages(name, *numbers):
    items = "".join(f"<item><title>{n}</title><link>https://{name}.example/{n}</link></item>" for n in numbers)
    feed = f'<rss version="2.0"><channel><title>{name}</title>{items}</channel></rss>'
    return {f"https://{name}.example/feed.xml": feed} | {
        f"https://{name}.example/{n}": f"<article><h1>{name} {n}</h1><p>{TEXT} Number {n}.</p></article>"
        for n in numbers
    }


def run(fetcher, *names, tick=lambda _: None):
    stores = FakeStores()
    ports = CollectPorts(fetcher=fetcher, archive=stores, store=stores, runs=stores)
    work = [(source(name), ports, f"run/{name}") for name in names]
    return asyncio.run(job.collect_all(work, now=NOW, tick=tick))


def test_the_summary_begins_with_what_everybody_asks_for():
    """Sources, fetched, not modified, new, changed, failed, and the failures by their kinds, summed over all."""
    web = FakeWeb(pages("a", 1, 2) | pages("b", 1))
    web.pages["https://c.example/feed.xml"] = FetchError("u", "timeout", "slow", retryable=True)
    web.pages["https://b.example/1"] = FetchError("u", "status", "503", status=503, retryable=True)
    counts = run(web, "a", "b", "c").counts
    assert list(counts)[:6] == ["sources", "fetched", "not_modified", "new_articles", "changed", "failed"]
    assert [counts[name] for name in list(counts)[:6]] == [3, 4, 0, 2, 0, 2]
    assert {name: n for name, n in counts.items() if ": " in name} == {"failed: timeout": 1, "failed: status-503": 1}


def test_each_pass_that_ends_is_told():
    """How many of how many, how much was fetched, and which source fares how."""
    told = []
    run(FakeWeb(pages("a", 1) | pages("b", 1, 2)), "a", "b", tick=lambda far: told.append(str(far)))
    assert [line.partition(",")[0] for line in told] == ["1 of 2 sources", "2 of 2 sources"]
    assert told[-1].startswith("2 of 2 sources, 5 fetched; ")
    assert told[-1].endswith(" healthy")


def test_a_long_pass_is_told_of_before_it_ends(monkeypatch):
    """One source with many pages is not silent until the last of them."""
    monkeypatch.setattr(job, "TELL_EVERY", 0)
    told, heard = [], asyncio.Event()

    class Slow(FakeWeb):
        async def fetch(self, url, **more):
            if url.endswith("/1"):
                await heard.wait()
            return await super().fetch(url, **more)

    def tick(far):
        told.append(str(far))
        heard.set()

    run(Slow(pages("a", 1)), "a", tick=tick)
    assert told[0].startswith("0 of 1 sources, ")
    assert told[-1] == "1 of 1 sources, 2 fetched; a healthy"
