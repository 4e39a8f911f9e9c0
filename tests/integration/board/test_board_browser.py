"""The analysts' board in a real browser, over the sample newsroom: both languages, light and dark, wide and narrow."""

import os
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import expect

from pipeline.adapters.warehouse import Warehouse
from pipeline.board.app import analysts_board
from tests.contrast import LOW_CONTRAST
from tests.integration.warehouse.worked_queries import fill_from_newsroom

expect.set_options(timeout=60_000)

PICTURES = os.environ.get("BAYAN_PICTURES")
"""A folder that takes the picture of docs/images; without it none is made."""

WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
PAGES = ("", "activity", "held?said=2026-11-18&known=2099-12-31", "?from=nonsense")


class _Quiet(uvicorn.Server):
    """A server that is told to stop by the test: signals belong to pytest."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.up = threading.Event()

    async def startup(self, sockets=None):
        await super().startup(sockets)
        self.up.set()


@pytest.fixture(scope="module")
def address(tmp_path_factory, rulebook):
    folder = tmp_path_factory.mktemp("newsroom")
    url = f"sqlite:///{folder / 'warehouse.db'}"
    # The browser's own event loop runs in this thread, and no other may beside it.
    with ThreadPoolExecutor(1) as aside:
        aside.submit(fill_from_newsroom, url, folder).result()
    with closing(Warehouse(url, read_only=True)) as warehouse:
        app = analysts_board(warehouse, rulebook, None)
        server = _Quiet(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="error", access_log=False))
        thread = threading.Thread(target=server.run)
        thread.start()
        assert server.up.wait(60)
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}/"
        server.should_exit = True
        thread.join()


@pytest.fixture(scope="module")
def page(browser):
    page = browser.new_context(viewport=WIDE, locale="en-GB").new_page()
    page.set_default_timeout(60_000)
    yield page
    page.context.close()


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("language", "direction"), [("ar", "rtl"), ("en", "ltr")])
def test_from_the_list_to_a_statement_and_back(page, address, language, direction, scheme, size):  # noqa: PLR0917
    """In every form the way leads there and back; nothing scrolls sideways, and nothing is loaded from elsewhere."""
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size(size)
    page.goto(f"{address}?lang={language}&label=threat")
    _reads(page, direction, scheme)
    words = page.locator("tbody blockquote").first.inner_text()
    page.locator("tbody td a").first.click()
    expect(page.locator("blockquote .own")).to_have_text(words)
    _reads(page, direction, scheme)
    page.go_back()
    expect(page.locator("select[name=label]")).to_have_value("threat")
    for path in PAGES:
        page.goto(f"{address}{path}{'&' if '?' in path else '?'}lang={language}")
        _reads(page, direction, scheme)
    assert [] == [url for url in asked if not url.startswith(address)]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_stand_out_from_their_ground(page, address, scheme):
    """Text, marks, labels and buttons of every page keep the contrast that WCAG asks of small print."""
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size(WIDE)
    page.goto(f"{address}?lang=en")
    first = page.locator("tbody td a").first.get_attribute("href")
    for path in (*PAGES, first):
        page.goto(f"{address}{path}")
        assert [] == page.evaluate(LOW_CONTRAST)


def _reads(page, direction, scheme):
    body = "getComputedStyle(document.body)"
    dark = page.evaluate(f"{body}.backgroundColor.match(/\\d+/g).slice(0, 3).every(part => part < 128)")
    assert (direction, scheme == "dark") == (page.evaluate(f"{body}.direction"), dark)
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), page.url


def test_the_filter_is_filled_in_by_keys_alone(page, address):
    """Words, then Enter; the address can be kept, and asks the same again."""
    page.goto(f"{address}?lang=en")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.locator("input[name=q]")).to_be_focused()
    page.keyboard.type("كتائب حزب الله العراقية")
    page.keyboard.press("Enter")
    expect(page.locator("tbody tr")).to_have_count(1)
    kept = page.url
    page.goto(f"{address}?lang=en")
    page.goto(kept)
    expect(page.locator("tbody tr")).to_have_count(1)


def test_what_the_page_looks_like(page, address):
    """Arabic from right to left, with marked evidence in its own colours; this is the picture of the documentation."""
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(WIDE)
    page.goto(f"{address}?lang=ar")
    marks = page.locator("tbody mark")
    colours = {marks.nth(at).evaluate("node => getComputedStyle(node).backgroundColor") for at in range(10)}
    assert len(colours) >= 3
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / "analysts-board.png")
