"""The engine over the project's own rule pack, compiled once a run."""

from pathlib import Path

import pytest

from pipeline.adapters.rulepack import read_rulepack
from pipeline.statements import Engine

PROJECT = Path(__file__).parents[3]


@pytest.fixture(scope="session")
def engine() -> Engine:
    """Read through the cache under var/, as the program itself reads it."""
    return Engine(read_rulepack(PROJECT / "rules", cache=PROJECT / "var" / "cache"))
