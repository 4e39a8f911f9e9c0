"""Every rule keeps its own promises."""

from pipeline.statements import Engine
from pipeline.statements.samples import failures, sample_count


def test_all_samples_of_all_rules_hold(engine: Engine) -> None:
    """Each `match` sample gives a statement by its rule, each `no_match` sample none of its label."""
    book = engine.rulebook
    assert failures(engine, book) == []
    assert sample_count(book) >= 6 * len(book.rules)
