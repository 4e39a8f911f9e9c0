"""Every expression of the table is read as a reader would, and those that can mean two days are refused.

The table is `date_expressions.jsonl` beside this file: a sentence with its dates in double square brackets, for each of
them the day, precision and basis, the day of publication, and the day that the text named before.
"""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path

import pytest

from pipeline.text.dates import find_dates

TABLE = Path(__file__).with_name("date_expressions.jsonl")
ROWS = [json.loads(line) for line in TABLE.read_text(encoding="utf-8").splitlines()]
MARKS = re.compile(r"\[\[|\]\]")


def day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None


def expected_mentions(row: dict) -> list[tuple]:
    words = re.findall(r"\[\[(.+?)\]\]", row["text"])
    return [(found, *told) for found, told in zip(words, map(tuple, row["dates"]), strict=True)]


@pytest.mark.parametrize("row", ROWS, ids=[row["text"][:60] for row in ROWS])
def test_expression(row):
    """The words of each date are found, with its day, precision and basis, and nothing else is."""
    text = MARKS.sub("", row["text"])

    found = find_dates(text, published_on=day(row["published_on"]), previous=day(row.get("previous")))

    read = [(text[m.start : m.end], m.on.isoformat(), m.precision, m.basis) for m in found]
    assert expected_mentions(row) == read


def test_table_is_large_enough():
    """At least 120 expressions are read and at least 40 are refused, none twice."""
    sentences = [(row["text"], row["published_on"], row.get("previous")) for row in ROWS]

    assert len(set(sentences)) == len(sentences)
    assert sum(bool(row["dates"]) for row in ROWS) >= 120
    assert sum(not row["dates"] for row in ROWS) >= 40
