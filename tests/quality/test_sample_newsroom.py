"""The sample newsroom through the engine: what its files mark as a statement is found, and nothing else is."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import pytest

from pipeline.ingest import read_article
from pipeline.records import Statement
from tests.fakes.press import DAILY, capture
from tests.quality.corpus import read_engine

NEWSROOM = Path(__file__).parents[2] / "samples" / "newsroom"
FOUND_BEFORE = 57
"""Marked labels that have been found with their group; it rises with the rules and does not fall."""


def marked(name: str) -> list[dict]:
    return [json.loads(line) for line in (NEWSROOM / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]


@cache
def read(slug: str) -> tuple[str, tuple[Statement, ...]]:
    page = (NEWSROOM / "articles" / f"{slug}.html").read_bytes()
    article = read_article(page, capture=capture(), content_type="text/html", entry=None, source=DAILY)
    return article.body, engine().statements(article)


@cache
def engine():
    return read_engine()


def at(row: dict) -> list[Statement]:
    """The statements of the sentence that begins with an anchor."""
    body, statements = read(row["article"])
    place = body.find(row["anchor"])
    assert place >= 0, row
    return [s for s in statements if s.start <= place + len(row["anchor"]) // 2 < s.end]


@pytest.mark.parametrize("row", marked("not_statements"), ids=lambda row: f"{row['article']}: {row['why']}")
def test_what_is_no_statement_gives_none(row):
    """An analyst's forecast, an official's warning, a denial: nobody's name is put to them."""
    assert [] == [(s.label, s.group, s.rules) for s in at(row)]


def test_what_is_a_statement_is_found_with_its_group():
    """As many of the marked labels as before, or more."""
    wanted = [(row, label) for row in marked("expected") for label in row["labels"]]
    missed = [
        (row["article"], label, row["anchor"])
        for row, label in wanted
        if not any((s.label, s.group) == (label, row["group"]) for s in at(row))
    ]
    assert len(wanted) - len(missed) >= FOUND_BEFORE, missed


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("قال مسؤول الإعلام في حزب الله نجيب الصفدوني إن المقاومة سترد على الغارة.", "نجيب الصفدوني"),
        ("قال القيادي في حركة حماس مبارك الدرعي إن الحركة سترد على الغارة.", "مبارك الدرعي"),
    ],
)
def test_a_name_that_looks_like_a_verb_is_a_name(text, speaker):
    """نجيب is "we answer" too, مبارك "blessing": behind an office they are who speaks."""
    assert [("threat", speaker)] == [(s.label, s.speaker) for s in engine().classify(text, language="ar")]


def test_after_is_no_verb_of_speaking():
    """عقب, before a noun, is "after": the army's deed stays the army's, and nobody speaks in the sentence."""
    text = "عقب الغارة قصف الجيش مواقع حركة الشباب بأخطر أسلحته."
    assert () == engine().classify(text, language="ar")
