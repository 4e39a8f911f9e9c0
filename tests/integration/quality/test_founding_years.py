"""The years before which groups said nothing, as the gate reads them: a year too late would hold back what is true."""

import json
from datetime import UTC, datetime

import pytest

from pipeline.adapters.expectations import read_founded
from pipeline.adapters.rulepack import read_rulepack
from pipeline.errors import GateError
from pipeline.settings import PROJECT

SUITES = PROJECT / "schemas" / "expectations"
JOINED_LATER = {"haqqani-network"}
"""Wings that were groups of their own before they joined."""


@pytest.fixture(scope="module")
def groups():
    return read_rulepack(PROJECT / "rules").registry.groups


def test_every_year_belongs_to_a_group_of_the_registry_and_is_past(groups):
    """A misspelt id would judge nothing, a year ahead would hold back everything."""
    founded = read_founded(SUITES)
    assert set() == founded.keys() - groups.keys()
    assert [] == [group for group, year in founded.items() if year > datetime.now(UTC).year]


def test_no_wing_is_older_than_what_it_belongs_to(groups):
    """What a wing said its group said: the group's year is not the later one, unless the wing joined it."""
    founded = read_founded(SUITES)
    wings = {group: groups[group].parent for group in founded if groups[group].parent in founded}
    assert "hamas" == wings["al-qassam-brigades"]
    assert JOINED_LATER == {wing for wing, of in wings.items() if founded[wing] < founded[of]}


@pytest.mark.parametrize(
    "content",
    [
        {"hezbollah": 1982},
        {"hezbollah": {"year": 1982}},
        {"hezbollah": {"year": "in the eighties", "told": "By all accounts."}},
        {"hezbollah": {"year": 1882, "told": "A slip of the pen."}},
    ],
    ids=["no-account", "no-words", "no-year", "long-ago"],
)
def test_a_year_without_its_account_is_refused_by_name(tmp_path, content):
    """Where a year comes from is part of the file: without it the file is refused, and the group is named."""
    (tmp_path / "founded.json").write_text(json.dumps(content))
    with pytest.raises(GateError, match=r"founded\.json: hezbollah.*must give year and told"):
        read_founded(tmp_path)


def test_a_missing_file_of_years_is_named_with_the_remedy(tmp_path):
    """Without the file nothing is judged by guesses."""
    with pytest.raises(GateError, match=r"founded\.json: cannot be read: .*restore it from the repository"):
        read_founded(tmp_path)
