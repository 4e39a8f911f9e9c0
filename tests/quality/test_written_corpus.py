"""The written corpus is well-formed, and the engine stays above the floors that it has reached on it."""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import date, datetime
from typing import Any

import pytest

from pipeline.records import LABELS
from tests.quality.corpus import (
    BASELINE,
    HERE,
    REBASELINE,
    fingerprint,
    measure,
    parents,
    read_corpus,
    read_engine,
    rows,
)

REQUIRED = {"id", "lang", "text", "labels", "group_id", "kind"}
OPTIONAL = {"title", "published_at", "speaker", "said_on", "condition", "uncertain"}
ROWS = rows()


def ids(broken: list[dict[str, Any]]) -> list[str]:
    return [row["id"] for row in broken]


def test_every_text_has_the_documented_fields() -> None:
    """No field is missing and none is unknown."""
    assert ids([r for r in ROWS if not REQUIRED <= set(r) <= REQUIRED | OPTIONAL]) == []


def test_ids_and_texts_occur_once() -> None:
    """No id and no text stands twice, and an id names its language."""
    counted = Counter(r["id"] for r in ROWS) + Counter(r["text"] for r in ROWS)
    assert [value for value, times in counted.items() if times > 1] == []
    assert ids([r for r in ROWS if not re.fullmatch(rf"w-{r['lang']}-\d{{4}}", r["id"])]) == []


def test_values_are_of_the_vocabularies() -> None:
    """Languages, labels and groups are those that exist."""
    groups = {None, *parents()}
    assert {r["lang"] for r in ROWS} == {"ar", "en"}
    assert ids([r for r in ROWS if not set(r["labels"]) <= set(LABELS)]) == []
    assert ids([r for r in ROWS if r["group_id"] not in groups]) == []


def test_the_kinds_are_those_of_the_readme() -> None:
    """Every kind is explained, every explained kind has at least two texts, and `none-` says that there is no label."""
    explained = re.findall(r"^\| `([a-z-]+)` \|", (HERE / "README.md").read_text("utf-8").split("## Kinds")[1], re.M)
    counted = Counter(r["kind"] for r in ROWS)
    assert set(explained) == set(counted)
    assert [kind for kind, times in counted.items() if times < 2] == []
    assert ids([r for r in ROWS if r["kind"].startswith("none-") != (not r["labels"])]) == []


def test_a_text_without_labels_has_no_facts_of_a_statement() -> None:
    """Group, speaker, date and condition belong to a statement."""
    facts = ("group_id", "speaker", "said_on", "condition")
    assert ids([r for r in ROWS if not r["labels"] and any(r.get(name) for name in facts)]) == []


@pytest.mark.parametrize("field", ["speaker", "condition"])
def test_fields_stand_in_the_text(field: str) -> None:
    """A speaker and a condition are written as in the text."""
    assert ids([r for r in ROWS if field in r and r[field] not in r["text"]]) == []


def test_dates_are_dates() -> None:
    """A day of saying is a date; a time of publication has its zone and does not precede it."""
    for row in ROWS:
        said_on = date.fromisoformat(row["said_on"]) if "said_on" in row else date.min
        if "published_at" in row:
            published_at = datetime.fromisoformat(row["published_at"])
            assert published_at.tzinfo is not None
            assert said_on <= published_at.date()


def test_there_are_enough_texts() -> None:
    """At least 250 texts, enough of each label and of none, and few that two readers would label differently."""
    labels = Counter(label for r in ROWS for label in r["labels"] or ["none"])
    assert len(ROWS) >= 250
    assert labels["threat"] >= 80
    assert labels["admission"] >= 80
    assert labels["truce"] >= 45
    assert labels["none"] >= 110
    assert sum(bool(r.get("uncertain")) for r in ROWS) <= 15


def test_the_floors_belong_to_this_corpus() -> None:
    """A changed corpus needs floors of its own, set on purpose."""
    known = json.loads(BASELINE.read_text("utf-8"))["corpus_sha256"]
    assert fingerprint() == known, f"written.jsonl has changed; look at its figures, then run {REBASELINE}"


def test_the_engine_stays_above_its_floors() -> None:
    """No figure is below the one it has reached; `rebaseline.py --show` lists the texts that went wrong."""
    floors = json.loads(BASELINE.read_text("utf-8"))["floors"]
    figures = measure(read_corpus(read_engine()), parents())
    assert set(floors) == set(figures)
    assert {name: figures[name] for name, floor in floors.items() if figures[name] < floor} == {}
