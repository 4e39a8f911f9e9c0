"""The newsroom serves a folder as an outlet would."""

import httpx
import pytest

from pipeline.embedded.newsroom import Newsroom


@pytest.fixture
def newsroom(tmp_path):
    (tmp_path / "pages" / "articles").mkdir(parents=True)
    (tmp_path / "pages" / "feed.xml").write_text("<link>@BASE@/articles/a.html</link>")
    (tmp_path / "pages" / "articles" / "a.html").write_text("نص", encoding="utf-8")
    (tmp_path / "secret.txt").write_text("not served")
    with Newsroom(tmp_path / "pages") as server:
        yield server


def test_base_is_replaced_by_the_address_it_is_served_at(newsroom):
    """Links of the feed lead back to the same server, whichever port it got."""
    assert f"<link>{newsroom.address}/articles/a.html</link>" == httpx.get(f"{newsroom.address}/feed.xml").text


def test_pages_come_as_utf8_html(newsroom):
    """Arabic text arrives with its charset in the header."""
    response = httpx.get(f"{newsroom.address}/articles/a.html")
    assert ("text/html; charset=utf-8", "نص") == (response.headers["content-type"], response.text)


@pytest.mark.parametrize("path", ["/nothing.html", "/", "/articles/", "/../secret.txt", "/%2e%2e/secret.txt"])
def test_what_is_no_file_of_the_folder_is_not_found(newsroom, path):
    """No listing, nothing outside the folder."""
    with httpx.Client() as client:
        request = client.build_request("GET", newsroom.address)
        request.url = request.url.copy_with(raw_path=path.encode())
        assert 404 == client.send(request).status_code


def test_it_listens_on_loopback_only(newsroom):
    """Nothing but this machine can read it."""
    assert "127.0.0.1" == httpx.URL(newsroom.address).host
