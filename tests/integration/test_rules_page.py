"""The generated page of all rules is the one that the rules in the repository give."""

from pathlib import Path

from pipeline.adapters.rulepack import read_rulepack
from pipeline.cli.rules_page import rules_page
from pipeline.statements import Engine

PROJECT = Path(__file__).parents[2]
REMEDY = "docs/rules-list.md is out of date: bayan rules list --markdown > docs/rules-list.md"


def test_the_page_of_rules_is_up_to_date() -> None:
    """Descriptions, samples and measured support on the page are those of now."""
    engine = Engine(read_rulepack(PROJECT / "rules", cache=PROJECT / "var" / "cache"))
    assert (PROJECT / "docs" / "rules-list.md").read_text(encoding="utf-8") == rules_page(engine, PROJECT), REMEDY
