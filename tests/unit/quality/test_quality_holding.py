"""What follows from verdicts."""

import json

from pipeline.quality.holding import Reason, article_held, held_reasons, statement_held
from pipeline.records import Verdict
from tests.fakes.press import article, statement


def verdict(expectation: str, failed=None, *, row_level=True, passed=False, observed=None) -> Verdict:
    return Verdict(
        suite="articles",
        expectation=expectation,
        passed=passed,
        row_level=row_level,
        rows=2,
        failed_rows=failed or {},
        observed=observed,
    )


def test_a_row_is_held_for_the_first_expectation_and_tells_all():
    """One row one reason, in the order of the suite; what else was seen stands behind it."""
    verdicts = [verdict("title", {"b": "no title"}), verdict("body", {"a": "no body", "b": "short"})]
    assert {
        "a": Reason(expectation="body", observed="no body"),
        "b": Reason(expectation="title", observed="no title; short"),
    } == held_reasons(verdicts, ["a", "b", "c"])


def test_a_broken_expectation_on_the_batch_holds_every_row():
    """When the batch as a whole is wrong, none of it goes on."""
    verdicts = [verdict("volume", row_level=False, observed="3 rows")]
    reason = Reason(expectation="volume", observed="the whole batch is held: 3 rows")
    assert {"a": reason, "b": reason} == held_reasons(verdicts, ["a", "b"])


def test_what_passed_holds_nothing():
    """A passed expectation is no reason, on rows or on the batch."""
    verdicts = [verdict("title", passed=True), verdict("volume", passed=True, row_level=False)]
    assert {} == held_reasons(verdicts, ["a", "b"])


def test_a_held_article_keeps_its_reason_and_every_character():
    """The payload is ASCII JSON that gives the text back, lone surrogates too."""
    of = article(body="broken \ud800 text\0")
    held = article_held(of, Reason(expectation="no-control-characters", observed="U+D800"))
    assert ("articles", "no-control-characters", of.version_id, "daily") == (
        held.stage,
        held.reason,
        held.key,
        held.source_id,
    )
    assert f"{of.url}: U+D800" == held.detail
    assert (of.body, True) == (json.loads(held.payload)["body"], held.payload.isascii())


def test_a_held_statement_keeps_the_version_that_it_was_found_in():
    """The payload has the statement with its date, and leads to the text."""
    of = article()
    held = statement_held(statement(of), of, Reason(expectation="group-in-registry", observed="x"))
    payload = json.loads(held.payload)
    assert ("statements", statement(of).statement_id) == (held.stage, held.key)
    assert (of.version_id, "2026-03-05", ["threat-shell"]) == (
        payload["version_id"],
        payload["said_on"],
        payload["rules"],
    )
