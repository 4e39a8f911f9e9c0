"""How a guest behaves: turns at a host over processes, conditional requests, Retry-After, robots.txt, redirects."""

import asyncio
import multiprocessing
import os
import time

import pytest

from pipeline.adapters.http import FetchLimits, HttpFetcher
from pipeline.errors import FetchError
from pipeline.records import Validators
from tests.fakes.local_server import LocalServer

PAGE = "<p>أغلق الجسر القديم</p>"


@pytest.fixture
def server():
    with LocalServer() as running:
        yield running


def fetch(folder, *urls, **more):
    """The responses or errors of fetches at once, and what was witnessed on the way."""
    options = {name: more.pop(name) for name in ("validators", "as_page") if name in more}
    limits = FetchLimits(**{"connect": 10.0, "read": 10.0, "whole": 20.0, "attempts": 1, "interval": 0.0, **more})
    witnessed = []

    async def go():
        async with HttpFetcher(
            user_agent="Bayan/test", allow_addresses=["127.0.0.0/8"], limits=limits, manners=folder
        ) as fetcher:
            tasks = (fetcher.fetch(url, witness=witnessed.append, **options) for url in urls)
            return await asyncio.gather(*tasks, return_exceptions=True)

    return asyncio.run(go()), witnessed


def _worker(folder, urls):
    fetch(folder, *urls, interval=0.3)


def test_workers_of_a_machine_take_turns_at_a_host(server, tmp_path):
    """Three processes that share a folder ask one after another, an interval between any two requests."""
    times = []

    def noting(wire):
        times.append(time.monotonic())
        wire.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")

    urls = [server.answer_raw(f"/{n}", noting) for n in range(3)]
    context = multiprocessing.get_context("fork")
    workers = [context.Process(target=_worker, args=(tmp_path, urls)) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    # Each alone would be done after two intervals; in turns it takes eight. A slow machine only adds.
    assert len(times) == 9
    assert max(times) - min(times) >= 4 * 0.3


def test_a_pause_that_the_server_asks_for_is_kept_by_all(server, tmp_path):
    """A 429 with Retry-After is not tried again, and no other fetch of the host goes out; both know how long."""
    url = server.answer("/a", status=429, retry_after="600")
    ((refused,), (answer,)) = fetch(tmp_path, url, attempts=3)
    assert (refused.status, refused.retry_after, answer.status, len(server.asked)) == (429, 600, 429, 1)
    ((busy,), witnessed) = fetch(tmp_path, server.address + "/b")
    assert (busy.reason, 500 < busy.retry_after <= 600, witnessed, len(server.asked)) == ("asked-to-wait", True, [], 1)


def test_a_conditional_request_carries_the_servers_own_words(server, tmp_path):
    """ETag and Last-Modified go back as they came; a 304 is an answer, and without validators it is an error."""
    url = server.answer("/a", status=304)
    validators = Validators(etag='W/"a b"', last_modified="yesterday")
    ((response,), witnessed) = fetch(tmp_path, url, validators=validators)
    sent = dict(response.request_headers)
    assert (response.status, sent["If-None-Match"], sent["If-Modified-Since"]) == (304, 'W/"a b"', "yesterday")
    assert witnessed == []
    ((unasked,), _) = fetch(tmp_path, url)
    assert (unasked.status, unasked.reason) == (304, "status")


def test_robots_txt_is_asked_for_once_and_honoured_for_pages(server, tmp_path):
    """By all workers that share the folder; a feed is what a site offers to programs and is not asked about."""
    server.answer("/robots.txt", "User-agent: *\nDisallow: /private\n\nUser-agent: bayan\nDisallow: /*.secret$\n")
    open_, secret = server.answer("/private/a", PAGE), server.answer("/b.secret", PAGE)
    ((page, refused), witnessed) = fetch(tmp_path, open_, secret, as_page=True)
    assert (page.status, refused.reason, refused.retryable) == (200, "robots", False)
    assert [response.url for response in witnessed] == [f"{server.address}/robots.txt"]
    ((feed,), _) = fetch(tmp_path, secret)
    fetch(tmp_path, open_, as_page=True)
    assert (feed.status, server.asked.count("/robots.txt")) == (200, 1)


@pytest.mark.parametrize(("status", "fetched"), [(404, True), (403, True), (503, False)])
def test_a_missing_robots_txt_forbids_nothing_and_a_failing_server_all(server, tmp_path, status, fetched):
    """A server that fails at it may have meant to forbid: its pages wait (RFC 9309)."""
    server.answer("/robots.txt", "no", status=status)
    ((answer,), _) = fetch(tmp_path, server.answer("/a", PAGE), as_page=True)
    assert (not isinstance(answer, FetchError), "/a" in server.asked) == (fetched, fetched)


def test_every_answer_on_the_way_is_witnessed(server, tmp_path):
    """Redirects and the error at the end, with their bodies."""
    server.answer("/a", "moved", status=301, location="/b")
    server.answer("/b", "gone", status=410)
    ((error,), witnessed) = fetch(tmp_path, server.address + "/a")
    assert (error.status, error.url) == (410, server.address + "/a")
    assert [(one.status, one.body) for one in witnessed] == [(301, b"moved"), (410, b"gone")]


def test_only_permanent_redirects_are_remembered(server, tmp_path):
    """Up to the first that is not permanent."""
    server.answer("/a", status=301, location="/b")
    server.answer("/b", status=308, location="/c")
    server.answer("/c", status=302, location="/d")
    server.answer("/d", status=301, location="/e")
    server.answer("/e", PAGE)
    ((response, other), _) = fetch(tmp_path, server.address + "/a", server.address + "/c")
    assert (response.moved_to, response.final_url) == (server.address + "/c", server.address + "/e")
    assert other.moved_to is None


def test_an_answer_that_is_too_large_is_witnessed_without_its_content(server, tmp_path):
    """Headers are evidence too; the fetch is a failure with a name."""
    url = server.answer("/a", b"x" * 5000, x_from="desk")
    ((error,), (answer,)) = fetch(tmp_path, url, wire_bytes=1000)
    assert (error.reason, answer.cut, answer.body, answer.header("x-from")) == ("too-large", True, b"", "desk")


def test_what_the_folder_holds_of_hosts_long_not_asked_goes(server, tmp_path):
    """Else a house that asks many hosts would gather files for ever."""
    old = [tmp_path / name for name in ("tidied", "0123.next", "0123.0", "0123.robots")]
    for path in old:
        path.touch()
        os.utime(path, (0, 0))
    ((page,), _) = fetch(tmp_path, server.answer("/a", PAGE))
    assert (page.status, [path.exists() for path in old]) == (200, [True, False, False, False])
