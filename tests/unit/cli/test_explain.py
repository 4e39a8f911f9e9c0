"""What `bayan explain` and `bayan rules list` tell a linguist."""

from datetime import datetime

import pytest

from pipeline.cli.explain import explain
from pipeline.cli.rules import list_rules


@pytest.fixture(autouse=True)
def wide(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal that cuts no cell."""
    monkeypatch.setenv("COLUMNS", "300")


def test_a_statement_is_told_with_all_that_is_known(capsys: pytest.CaptureFixture[str]) -> None:
    """Label, group, day with its basis, target and condition, each named."""
    explain("هددت حركة النجباء، أمس، بقصف القواعد إذا عادت الطائرات.", published=datetime.fromisoformat("2025-03-12"))
    told = capsys.readouterr().out
    assert "threat by nobody named for harakat-al-nujaba" in told
    assert "said_on: 2025-03-11 (day, relative-to-publication)" in told
    assert "condition: إذا عادت الطائرات" in told


def test_a_miss_says_which_slot_was_empty(capsys: pytest.CaptureFixture[str]) -> None:
    """Words in no class are marked, and patterns that lack one slot are named with it."""
    explain("توعدت حركة النجباء بفنجان قهوة.")
    told = capsys.readouterr().out
    assert "│ قهوة" in told
    assert "ar.threat.threatens-violence" in told.partition("Nearly")[2]
    assert told.rstrip().endswith("No statement.")


def test_rules_are_listed_by_label(capsys: pytest.CaptureFixture[str]) -> None:
    """Only those of the label, with the ruleset at the end."""
    list_rules(label="truce")
    told = capsys.readouterr().out
    assert "ar.truce.own-truce" in told
    assert "ar.threat." not in told
    assert "ruleset" in told.splitlines()[-1]
