"""An operator in a real browser: log in, read what a DAG is, trigger it with params, see it end green."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

expect.set_options(timeout=60_000)

PICTURES = os.environ.get("BAYAN_PICTURES")
"""A folder that takes the pictures of docs/images; without it none is made."""


def _picture(page: Page, name: str) -> None:
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / name)


@pytest.fixture
def page(house, browser):
    page = browser.new_page(viewport={"width": 1440, "height": 900}, locale="en-GB")
    page.set_default_timeout(60_000)
    page.goto(house.address)
    page.locator("input[name=username]").fill("operator")
    page.locator("input[name=password]").fill(house.password("operator"))
    page.get_by_role("button", name="Sign in").click()
    # The way from the login to the first page is a redirect; going elsewhere before its end would be broken off.
    page.wait_for_url(lambda url: "login" not in url)
    expect(page.get_by_role("link", name="Dags", exact=True).first).to_be_visible()
    yield page
    page.close()


def test_the_dags_are_listed_with_their_runs(house, page):
    """All three, none paused, the last run of each green."""
    page.goto(f"{house.address}/dags")
    for dag_id in ("collect", "analyse", "alert"):
        expect(page.get_by_role("link", name=dag_id, exact=True).first).to_be_visible()
    _picture(page, "airflow-dags.png")


def test_the_trigger_form_explains_its_params_and_starts_a_run(house, page):
    """The form shows what a param is for; the run that it starts ends green."""
    page.goto(f"{house.address}/dags/collect")
    page.get_by_test_id("trigger-dag-button").first.click()
    expect(page.get_by_text("Ids of the sources to collect", exact=False).first).to_be_visible()
    _picture(page, "airflow-trigger.png")
    page.get_by_test_id("trigger-dag-submit").click()
    page.wait_for_url(re.compile(r"/dags/collect/runs/manual"))
    expect(page.get_by_test_id("header-card").get_by_text("Success", exact=False).first).to_be_visible(timeout=120_000)
    expect(page.get_by_text("Running", exact=True)).to_have_count(0)
    _picture(page, "airflow-run.png")


def test_the_alert_mail_reads_from_right_to_left(house, browser):
    """The mail of the first pass, as a mail program shows its HTML part."""
    (mail,) = house.mails("analyst@newsroom.example")
    page = browser.new_page(viewport={"width": 760, "height": 900})
    page.set_content(mail.get_body(("html",)).get_content())
    assert "rtl" == page.evaluate("getComputedStyle(document.body.querySelector('[dir]') || document.body).direction")
    _picture(page, "alert-mail.png")
