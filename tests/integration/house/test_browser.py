"""An operator in a real browser: log in, read what a DAG is, trigger it with params, see it end green."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect, sync_playwright

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]
PICTURES = os.environ.get("BAYAN_PICTURES")
"""A folder that takes the pictures of docs/images; without it none is made."""


def _picture(page: Page, name: str) -> None:
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / name)


@pytest.fixture
def page(house, chromium):
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        page = browser.new_page(viewport={"width": 1440, "height": 900}, locale="en-GB")
        page.set_default_timeout(30_000)
        page.goto(house.address)
        page.locator("input[name=username]").fill("operator")
        page.locator("input[name=password]").fill(house.password("operator"))
        page.get_by_role("button", name="Sign in").click()
        yield page
        browser.close()


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
    _picture(page, "airflow-run.png")
