"""The HTTP adapter against a server that behaves as servers do, and worse."""

import asyncio
import gzip
import socket
import time

import pytest

from pipeline.adapters.http import FetchLimits, HttpFetcher
from pipeline.errors import FetchError
from tests.fakes.local_server import LocalServer

LOOPBACK = ["127.0.0.0/8", "::1/128"]
LIMITS = {
    "connect": 10.0,
    "read": 10.0,
    "whole": 20.0,
    "wire_bytes": 100_000,
    "body_bytes": 1_000_000,
    "attempts": 1,
    "interval": 0.0,
}
PAGE = "<p>أغلق الجسر القديم</p>"


@pytest.fixture
def server():
    with LocalServer() as running:
        yield running


def fetch(*urls, allow=LOOPBACK, **limits):
    async def all_of_them():
        settings = FetchLimits(**{**LIMITS, **limits})
        async with HttpFetcher(user_agent="Bayan/test", allow_addresses=allow, limits=settings) as fetcher:
            return await asyncio.gather(*(fetcher.fetch(url, witness=lambda response: None) for url in urls))

    return asyncio.run(all_of_them())


def failure(url, **settings):
    with pytest.raises(FetchError) as caught:
        fetch(url, **settings)
    assert str(caught.value).startswith(f"{url}: ")
    assert "\n" not in str(caught.value)
    return caught.value


def test_a_page_arrives_as_it_was_sent(server):
    """Status, headers in order, body, and the wire's bytes beside the decoded ones."""
    packed = gzip.compress(PAGE.encode())
    url = server.answer("/a", packed, content_type="text/html; charset=utf-8", content_encoding="gzip")
    (response,) = fetch(url)
    assert (response.status, response.reason, response.url, response.final_url) == (200, "OK", url, url)
    assert (response.body.decode(), response.raw_body) == (PAGE, packed)
    assert response.header("Content-Type") == "text/html; charset=utf-8"
    assert dict(response.request_headers)["User-Agent"] == "Bayan/test"


def test_redirects_are_followed(server):
    """A relative and an absolute redirect lead to the page; both addresses are known."""
    server.answer("/a", status=301, location="/b")
    server.answer("/b", status=302, location=server.address + "/c")
    server.answer("/c", PAGE)
    (response,) = fetch(server.address + "/a")
    assert (response.url, response.final_url) == (server.address + "/a", server.address + "/c")


@pytest.mark.parametrize(("status", "retryable"), [(404, False), (410, False), (403, False), (429, True), (503, True)])
def test_another_status_is_an_error(server, status, retryable):
    """The error knows the status and whether a retry can help."""
    error = failure(server.answer("/a", "sorry", status=status))
    assert (error.reason, error.status, error.retryable) == ("status", status, retryable)


def test_a_redirect_loop_ends(server):
    """Ten redirects are followed, not one more."""
    server.answer("/a", status=302, location="/a")
    assert failure(server.address + "/a").reason == "protocol"
    assert len(server.asked) == 11


@pytest.mark.parametrize(
    "location", ["ftp://outlet.example/", "file:///etc/hostname", "https://[broken/", "javascript:void(0)"]
)
def test_a_redirect_to_no_web_address_is_refused(server, location):
    """Only http and https are followed."""
    assert failure(server.answer("/a", status=302, location=location)).reason == "protocol"


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "127.1", "0x7f000001", "[::ffff:127.0.0.1]"])
def test_a_private_address_is_refused(server, host):
    """However loopback is written, the server is never asked."""
    server.answer("/", PAGE)
    error = failure(server.address.replace("127.0.0.1", host) + "/", allow=())
    assert (error.reason, error.retryable, server.asked) == ("forbidden-address", False, [])


def test_a_redirect_to_a_private_address_is_refused(server):
    """Each redirect is checked again: the server may be asked, the address it leads to may not."""
    server.answer("/a", status=302, location="http://10.0.0.1/admin")
    error = failure(server.address + "/a")
    assert (error.reason, "10.0.0.1" in str(error)) == ("forbidden-address", True)


def test_the_connection_goes_to_the_address_that_was_checked(server, monkeypatch):
    """A name that resolves to another address the second time is resolved once only."""
    answers = iter(["127.0.0.1", "10.0.0.1"])

    async def resolve(self, host, port, **_):
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(answers), port))]

    monkeypatch.setattr(asyncio.base_events.BaseEventLoop, "getaddrinfo", resolve)
    server.answer("/", PAGE)
    (response,) = fetch(server.address.replace("127.0.0.1", "outlet.example") + "/")
    assert (response.body.decode(), next(answers)) == (PAGE, "10.0.0.1")


def test_too_many_bytes_end_the_fetch(server):
    """An answer over the wire limit is given up."""
    assert failure(server.answer("/a", bytes(100_001))).reason == "too-large"


def test_an_endless_body_ends(server):
    """A body that never stops is cut at the limit."""

    def endless(wire):
        wire.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            wire.write(bytes(10_000))

    assert failure(server.answer_raw("/a", endless)).reason == "too-large"


def test_a_gzip_bomb_ends(server):
    """Ten megabytes packed into ten kilobytes are not unpacked."""
    url = server.answer("/a", gzip.compress(bytes(10_000_000)), content_encoding="gzip")
    assert failure(url).reason == "too-large"


def test_a_torn_connection_is_an_error(server):
    """Less than was promised is no answer; a retry can help."""

    def torn(wire):
        wire.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhalf")

    error = failure(server.answer_raw("/a", torn))
    assert (error.reason, error.retryable) == ("protocol", True)


@pytest.mark.parametrize("answer", [b"", b"good morning\r\n\r\n", b"HTTP/1.1 banana\r\n\r\n"])
def test_what_is_no_http_is_an_error(server, answer):
    """A server of something else gives a named failure."""
    assert failure(server.answer_raw("/a", lambda wire: wire.write(answer))).reason == "protocol"


@pytest.mark.parametrize(
    ("encoding", "body"), [("gzip", b"no gzip"), ("br", b"x"), ("gzip", gzip.compress(b"x" * 99)[:-9])]
)
def test_damaged_content_is_an_error(server, encoding, body):
    """Content that is not in the encoding that the header names."""
    assert failure(server.answer("/a", body, content_encoding=encoding)).reason == "protocol"


def test_a_server_that_drips_is_given_up(server):
    """A byte now and then does not hold the fetch longer than the whole of it may take."""

    def dripping(wire):
        wire.write(b"HTTP/1.1 200 OK\r\n\r\n")
        for _ in range(1000):
            wire.write(b".")
            wire.flush()
            time.sleep(0.05)

    error = failure(server.answer_raw("/a", dripping), whole=0.3)
    assert (error.reason, error.retryable) == ("timeout", True)


def test_a_server_that_stalls_is_given_up(server):
    """No bytes at all end the fetch when the reading time is over."""
    error = failure(server.answer_raw("/a", lambda wire: time.sleep(1)), read=0.2)
    assert (error.reason, error.retryable) == ("timeout", True)


def test_nobody_listens():
    """A closed port is unreachable, and a retry can help."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        error = failure(f"http://127.0.0.1:{taken.getsockname()[1]}/")
    assert (error.reason, error.retryable) == ("unreachable", True)


def test_no_tls_where_tls_is_asked_for(server):
    """A server that does not speak TLS is a TLS failure, which no retry helps."""
    error = failure(server.address.replace("http:", "https:") + "/")
    assert (error.reason, error.retryable) == ("tls", False)


@pytest.mark.parametrize(
    "url", ["ftp://outlet.example/", "file:///etc/hostname", "outlet.example", "http://", "http://["]
)
def test_what_is_no_web_address_is_refused(url):
    """The address itself is checked before anything is asked."""
    assert failure(url).reason == "protocol"


def test_a_transient_failure_is_tried_again(server):
    """The second try of two brings the page."""

    def then_well(wire):
        server.answer("/a", PAGE)
        wire.write(b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n")

    (response,) = fetch(server.answer_raw("/a", then_well), attempts=2)
    assert (response.body.decode(), len(server.asked)) == (PAGE, 2)


def test_one_host_is_not_asked_too_often_at_once(server):
    """Of many fetches from one host at once, two are under way."""
    under_way, most = [], []

    def slow(wire):
        under_way.append(1)
        most.append(len(under_way))
        time.sleep(0.03)
        under_way.pop()
        wire.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")

    fetch(*(server.answer_raw(f"/{n}", slow) for n in range(8)))
    assert (max(most), len(most)) == (2, 8)
