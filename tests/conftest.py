"""What every test may ask for."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[1]


def need(found: object, what: str, remedy: str) -> None:
    """Skip where the machine lacks `what`, naming the remedy; fail where continuous integration promised to have it."""
    if found:
        return
    reason = f"{what} is missing: {remedy}"
    if os.environ.get("REQUIRE_ALL") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of a Chromium."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    need(path, "Chromium", "apt-get install -y chromium")
    return path
