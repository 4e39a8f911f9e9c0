"""The operators' page in a real browser: inside the Airflow UI, in both languages, light and dark, wide and narrow."""

from __future__ import annotations

import os
import re
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import expect

from tests.contrast import LOW_CONTRAST

expect.set_options(timeout=60_000)

PICTURES = os.environ.get("BAYAN_PICTURES")
"""A folder that takes the pictures of docs/images; without it none is made."""

WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


def _log_in(house, browser, user, **options):
    page = browser.new_context(**options).new_page()
    page.set_default_timeout(60_000)
    page.goto(house.address)
    page.locator("input[name=username]").fill(user)
    page.locator("input[name=password]").fill(house.password(user))
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda url: "login" not in url)
    expect(page.get_by_role("link", name="Dags", exact=True).first).to_be_visible()
    return page


@pytest.fixture(scope="module")
def operator(house, browser):
    page = _log_in(house, browser, "operator", viewport=WIDE, locale="en-GB")
    yield page
    page.context.close()


def _picture(page, name):
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / name)


def test_the_page_stands_in_the_navigation_of_airflow(house, operator):
    """One click away from the DAGs, within the UI's own frame and login."""
    operator.goto(house.address)
    operator.get_by_role("link", name="Bayan", exact=True).first.click()
    frame = operator.frame_locator("iframe")
    expect(frame.get_by_role("heading", name="Bayan: the house")).to_be_visible()
    expect(frame.get_by_text("healthy").first).to_be_visible()
    _picture(operator, "operators-page.png")


@pytest.mark.parametrize(
    ("scheme", "size"),
    [("light", WIDE), ("light", NARROW), ("dark", WIDE), ("dark", NARROW)],
    ids=["light-wide", "light-narrow", "dark-wide", "dark-narrow"],
)
@pytest.mark.parametrize(("language", "direction"), [("ar", "rtl"), ("en", "ltr")])
def test_the_page_reads_in_every_form(house, operator, language, direction, scheme, size):  # noqa: PLR0917
    """Its direction follows the language, its colours the browser, and it never scrolls sideways."""
    operator.emulate_media(color_scheme=scheme)
    operator.set_viewport_size(size)
    operator.goto(f"{house.address}/bayan/?lang={language}")
    body = "getComputedStyle(document.body)"
    dark = operator.evaluate(f"{body}.backgroundColor.match(/\\d+/g).slice(0, 3).every(part => part < 128)")
    assert (direction, scheme == "dark") == (operator.evaluate(f"{body}.direction"), dark)
    assert operator.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    _picture(operator, f"operators-page-{language}-{scheme}-{'narrow' if size == NARROW else 'wide'}.png")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_stand_out_from_their_ground(house, operator, scheme):
    """Text, marks and labels keep the contrast that WCAG asks of small print, 4.5 to 1."""
    operator.emulate_media(color_scheme=scheme)
    operator.goto(f"{house.address}/bayan/?lang=en")
    assert [] == operator.evaluate(LOW_CONTRAST)


def test_the_last_statements_show_what_they_stand_on(house, operator):
    """Each has its words, in their own direction, with the pieces marked that the decision stands on."""
    operator.goto(f"{house.address}/bayan/?lang=en")
    shown = operator.locator("article")
    assert 20 <= shown.count()
    assert shown.count() == operator.locator("article:has(mark.trigger)").count()
    arabic = operator.locator("blockquote").filter(has_text=re.compile("[ء-ي]")).first
    assert "rtl" == arabic.evaluate("node => getComputedStyle(node).direction")


def test_the_address_of_a_statement_shows_that_one_alone(house, operator):
    """Where alert mails lead, if the settings say so."""
    with sqlite3.connect(f"file:{house.var / 'warehouse.db'}?mode=ro", uri=True) as connection:
        query = "select statement_id, text from statements where superseded_at is null order by 1 limit 1"
        ((statement_id, text),) = connection.execute(query)
    operator.goto(f"{house.address}/bayan/?lang=ar&statement={statement_id}")
    assert [" ".join(text.split())] == [
        " ".join(each.split()) for each in operator.locator("blockquote").all_inner_texts()
    ]


def test_data_docs_open_from_the_page_and_nothing_beside_them(house, operator):
    """The gate's pages are one click away, behind the same login; no path leads out of their folder."""
    operator.goto(f"{house.address}/bayan/?lang=en")
    with operator.context.expect_page() as opened:
        operator.get_by_role("link", name="Data Docs").click()
    assert "Data Docs" in opened.value.title() or opened.value.locator("body").inner_text()
    opened.value.close()
    with closing(house.session("analyst")) as client:
        assert 200 == client.get("/bayan/docs/index.html").status_code
        outside = [
            client.get(f"/bayan/docs/{path}").status_code for path in ("%2e%2e/warehouse.db", "..%2f..%2fetc/passwd")
        ]
    assert [404, 404] == outside


def test_who_may_only_look_gets_no_button(house, browser):
    """An analyst sees what is held; the way to act is not offered, and Airflow would refuse it."""
    page = _log_in(house, browser, "analyst", viewport=WIDE, locale="ar")
    page.goto(f"{house.address}/bayan/")
    expect(page.locator("[data-quarantine]").first).to_be_visible()
    expect(page.locator("#look-only")).to_be_visible()
    assert ("ar", 0) == (page.locator("html").get_attribute("lang"), page.locator("button[data-retry]").count())
    page.context.close()


@pytest.mark.parametrize("path", ["", "metrics", "docs/index.html"])
def test_a_stranger_sees_nothing(house, path):
    """Without a login there is neither page nor figure nor document."""
    answer = httpx.get(f"{house.address}/bayan/{path}", timeout=30)
    assert 401 == answer.status_code
    assert "bayan_" not in answer.text


def test_prometheus_reads_the_figures(house):
    """Every metric has its help and type, and says what the warehouse holds."""
    with closing(house.session("analyst")) as client:
        answer = client.get("/bayan/metrics")
    lines = answer.text.splitlines()
    assert "text/plain; version=0.0.4; charset=utf-8" == answer.headers["content-type"]
    assert 'bayan_sources{state="healthy"} 1' in lines
    assert [] == [
        line for line in lines if not re.fullmatch(r"# (HELP|TYPE) bayan_\w+ .+|bayan_\w+(\{.+\})? [-+.\de]+", line)
    ]
    values = {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines if line[0] != "#")}
    assert values['bayan_statements{label="threat"}'] > 0
    assert values['bayan_gate_verdicts_last_day{suite="articles",passed="true"}'] > 0


def test_an_operator_tries_a_held_thing_again_with_one_button(house, operator):
    """The button becomes a run under the operator's name; when it is green, the thing is no longer held."""
    operator.goto(f"{house.address}/bayan/?lang=en")
    button = operator.locator("button[data-retry]").first
    quarantine_id = button.get_attribute("data-retry")
    button.click()
    expect(button).to_have_text("asked for")
    expect(button).to_be_disabled()
    _picture(operator, "operators-page-retry.png")

    def reloaded():
        operator.reload()
        return operator.locator(f"[data-quarantine='{quarantine_id}']").count()

    with closing(house.session("operator")) as client:
        deadline = time.monotonic() + 120
        while True:
            (run, *_) = client.get("/api/v2/dags/retry_quarantined/dagRuns").json()["dag_runs"]
            if run["state"] in ("success", "failed"):
                break
            assert time.monotonic() < deadline, run
            time.sleep(0.3)
    assert ("success", "operator", 0) == (run["state"], run["triggering_user_name"], reloaded())


def test_a_viewer_who_asks_airflow_itself_is_refused(house):
    """The missing button is a courtesy; the right is Airflow's."""
    with closing(house.session("analyst")) as client:
        body = {"logical_date": None, "conf": {"quarantine_ids": ["0" * 32]}}
        assert 403 == client.post("/api/v2/dags/retry_quarantined/dagRuns", json=body).status_code
