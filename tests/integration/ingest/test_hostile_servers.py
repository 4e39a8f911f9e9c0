"""Servers that lie, stall and flood, all in one pass beside an honest one: each a failure with a name, nothing else."""

import asyncio
import gzip
import resource
import time
from contextlib import closing
from datetime import UTC, datetime

import pytest

from pipeline.adapters.archive import WarcArchive
from pipeline.adapters.http import FetchLimits, HttpFetcher
from pipeline.adapters.warehouse import Warehouse, migrate
from pipeline.jobs.collect import CollectPorts
from pipeline.jobs.collect_all import collect_all
from pipeline.records import Source
from tests.fakes.local_server import LocalServer

NOW = datetime(2026, 3, 5, 12, tzinfo=UTC)
TEXT = "أعلنت البلدية يوم الخميس أن الجسر القديم فوق النهر سيغلق أسبوعا كاملا لأعمال الصيانة ابتداء من الأحد"
FEED = (
    '<rss version="2.0"><channel><title>اليوم</title><item><title>الجسر</title><link>/{}</link></item></channel></rss>'
)
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))


def drip(wire):
    wire.write(b"HTTP/1.1 200 OK\r\n\r\n")
    for _ in range(600):
        wire.write(b"<")
        wire.flush()
        time.sleep(0.05)


def drip_headers(wire):
    wire.write(b"HTTP/1.1 200 OK\r\n")
    for _ in range(600):
        wire.write(b"X: y\r\n")
        wire.flush()
        time.sleep(0.05)


def flood_headers(wire):
    wire.write(b"HTTP/1.1 200 OK\r\n")
    while True:
        wire.write(b"X: " + b"y" * 1000 + b"\r\n")


def endless(wire):
    wire.write(b"HTTP/1.1 200 OK\r\n\r\n<rss>")
    while True:
        wire.write(b" " * 65_536)


def huge(wire):
    wire.write(b"HTTP/1.1 200 OK\r\nContent-Length: 200000000\r\n\r\n<rss>")
    for _ in range(3000):
        wire.write(b"<item/>" * 10_000)


def bomb():
    return gzip.compress(b"<rss>" + b" " * 60_000_000)


def hostile(server):
    """Path, what the server does there, and the failure that the source must end as (None: it is taken)."""
    raw, answer = server.answer_raw, server.answer
    for n in range(10_000):
        answer(f"/loop/{n}", status=302, location=f"/loop/{n + 1}")
    yield "drip", raw("/drip", drip), "timeout"
    yield "drip-headers", raw("/drip-headers", drip_headers), "timeout"
    yield "flood-headers", raw("/flood-headers", flood_headers), "protocol"
    yield "stall", raw("/stall", lambda wire: time.sleep(15)), "timeout"
    yield "endless", raw("/endless", endless), "too-large"
    yield "huge", raw("/huge", huge), "too-large"
    yield "bomb", answer("/bomb", bomb(), content_encoding="gzip"), "too-large"
    yield "loop", server.address + "/loop/0", "protocol"
    yield "short", raw("/short", lambda w: w.write(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n<rss>")), "protocol"
    longer = b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n<html>oh <rss><channel></channel></rss>"
    yield "longer", raw("/longer", lambda w: w.write(longer)), "not-a-feed"
    yield "length", raw("/length", lambda w: w.write(b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n")), "protocol"
    yield "no-http", raw("/no-http", lambda wire: wire.write(b"\x00\xff" * 500)), "protocol"
    yield "error", answer("/error", "<html>Oops</html>", status=503, content_type="text/html"), "status-503"
    yield "page", answer("/page", "<html>Welcome</html>"), "not-a-feed"
    yield "laughs", answer("/laughs", f"<!DOCTYPE rss [<!ENTITY l0 'ha'>{LAUGHS}]><rss>&l11;</rss>"), None
    yield "tls", server.address.replace("http:", "https:") + "/", "tls"
    yield (
        "charset",
        answer("/charset", FEED.format("good").encode("windows-1256"), content_type="text/xml; charset=utf-8"),
        None,
    )
    yield "inside", "http://10.0.0.1/feed.xml", "forbidden-address"
    yield "metadata", "http://169.254.169.254/latest", "forbidden-address"
    yield "octal", "http://0251.0376.0251.0376/", "protocol"
    yield "decimal", "http://2852039166/", "forbidden-address"
    yield "mapped", "http://[::ffff:10.0.0.1]/", "forbidden-address"
    yield "redirected", answer("/redirected", status=302, location="http://192.168.0.1/"), "forbidden-address"
    yield "honest", answer("/honest", FEED.format("good")), None


def test_each_ends_as_a_named_failure_and_the_honest_one_is_collected(tmp_path):
    """In bounded time and memory: slow, endless, packed, looping, cut short, broken, forbidden, all at once."""
    url = f"sqlite:///{tmp_path / 'warehouse.db'}"
    migrate(url)
    limits = FetchLimits(
        connect=10, read=5, whole=8, wire_bytes=1_000_000, body_bytes=5_000_000, attempts=1, interval=0, per_host=30
    )

    async def go(work):
        async with HttpFetcher(user_agent="Bayan/test", allow_addresses=["127.0.0.0/8"], limits=limits) as fetcher:
            ports = CollectPorts(fetcher=fetcher, archive=archive, store=warehouse, runs=warehouse)
            return await collect_all([(source, ports, f"run/{source.source_id}") for source in work], now=NOW)

    with LocalServer() as server, closing(Warehouse(url)) as warehouse, WarcArchive(tmp_path / "archive") as archive:
        expected = {}
        server.answer("/good", f"<article><h1>الجسر</h1><p>{TEXT}.</p></article>", content_type="text/html")
        sources = []
        for name, address, kind in hostile(server):
            expected[name] = kind
            sources.append(Source(source_id=name, kind="feed", url=address, name=name))
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        summary = asyncio.run(go(sources))
        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
        found = {one.source_id: next(iter(one.failed_by_kind), None) for one in summary.reports}
        assert found == expected
        assert grown < 250_000  # KiB
        assert {one.state for one in summary.reports if one.source_id in {"honest", "charset"}} == {"healthy"}
        assert len(warehouse.articles_awaiting("rules", limit=10)) == 1
        assert all("\n" not in problem for problem in summary.problems)


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "10.0.0.1", "::ffff:127.0.0.1"])
def test_a_name_that_resolves_inside_is_refused_at_the_moment_of_connecting(monkeypatch, address):
    """DNS rebinding: the answer that counts is the one that is connected to, and it is checked."""
    answers = iter(["93.184.216.34", address])

    async def resolve(host, port, within):
        return [next(answers), address]

    monkeypatch.setattr("pipeline.adapters.http.addresses._resolve", resolve)

    async def go():
        async with HttpFetcher(user_agent="Bayan/test", limits=FetchLimits(attempts=1, interval=0)) as fetcher:
            await fetcher.fetch("http://rebinding.example/", witness=lambda response: None)

    with pytest.raises(Exception, match="not a public address"):
        asyncio.run(go())
