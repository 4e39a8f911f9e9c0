"""The written corpus: its rows, what the engine makes of them, and the figures that its floors hold.

Reading and measuring only. What must be true of the corpus and the figures stands in test_written_corpus.py.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from pipeline.adapters.rulepack import read_rulepack
from pipeline.records import LABELS, Statement
from pipeline.statements import Engine

HERE = Path(__file__).parent
PROJECT = HERE.parents[1]
WRITTEN = HERE / "written.jsonl"
BASELINE = HERE / "baseline.json"
REBASELINE = "python tests/quality/rebaseline.py"
FIELDS = ("speaker", "condition", "said_on")

Row = Mapping[str, Any]
Figures = dict[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One text with what the engine finds in it."""

    row: Row
    statements: Sequence[Statement]

    @property
    def wanted(self) -> set[str]:
        return set(self.row["labels"])

    @property
    def found(self) -> set[str]:
        return {s.label for s in self.statements}

    @property
    def right(self) -> list[Statement]:
        """The statements whose label the text has."""
        return [s for s in self.statements if s.label in self.wanted]


def rows() -> list[dict[str, Any]]:
    """The labelled texts, in order."""
    return [json.loads(line) for line in WRITTEN.read_text(encoding="utf-8").splitlines()]


def fingerprint() -> str:
    """SHA-256 of the corpus, in hexadecimal digits."""
    return hashlib.sha256(WRITTEN.read_bytes()).hexdigest()


def read_engine() -> Engine:
    """The engine with the project's own rules."""
    return Engine(read_rulepack(PROJECT / "rules", cache=PROJECT / "var" / "cache"))


def parents() -> dict[str, str | None]:
    """The groups of the registry, each with the group behind it."""
    groups = read_rulepack(PROJECT / "rules", cache=PROJECT / "var" / "cache").registry.groups
    return {name: group.parent for name, group in groups.items()}


def read_corpus(engine: Engine) -> list[Reading]:
    """Every text as the engine reads it, with its title and day where it has them."""
    return [Reading(row=row, statements=_classify(engine, row)) for row in rows()]


def _classify(engine: Engine, row: Row) -> Sequence[Statement]:
    published_at = row.get("published_at")
    return engine.classify(
        row["text"],
        language=row["lang"],
        title=row.get("title"),
        published_on=datetime.fromisoformat(published_at).date() if published_at else None,
    )


def measure(readings: Iterable[Reading], kin: Mapping[str, str | None]) -> Figures:
    """Precision, recall and F1 of each label, macro-F1, and how often group, speaker, condition and date are right.

    Labels are those of a text, uncertain texts are left out; a group counts when it is the labelled one, its parent
    or its child (`kin`). Speaker, condition and date are shares of all texts that have one written down, so that
    a statement that is not found counts against them too.
    """
    certain = [r for r in readings if not r.row.get("uncertain")]
    figures: Figures = {}
    for label in LABELS:
        figures |= _of_label(label, certain)
    figures["macro.f1"] = sum(figures[f"{label}.f1"] for label in LABELS) / len(LABELS)
    named = [(s.group, r.row["group_id"]) for r in certain if r.row["group_id"] for s in r.right]
    figures["group"] = _share(_same_group(found, wanted, kin) for found, wanted in named)
    for field in FIELDS:
        figures[field] = _share(_holds(r, field) for r in certain if r.row.get(field))
    return figures


def _of_label(label: str, readings: Sequence[Reading]) -> Figures:
    right = sum(label in r.found & r.wanted for r in readings)
    precision = right / max(1, sum(label in r.found for r in readings))
    recall = right / max(1, sum(label in r.wanted for r in readings))
    f1 = 2 * precision * recall / (precision + recall) if right else 0.0
    return {f"{label}.precision": precision, f"{label}.recall": recall, f"{label}.f1": f1}


def _share(answers: Iterable[bool]) -> float:
    known = list(answers)
    return sum(known) / max(1, len(known))


def _same_group(found: str | None, wanted: str, kin: Mapping[str, str | None]) -> bool:
    return found is not None and (found == wanted or kin.get(found) == wanted or kin.get(wanted) == found)


def _holds(reading: Reading, field: str) -> bool:
    """Whether a right statement has the field as written down; of a condition, one may hold the other."""
    wanted = reading.row[field]
    values = [str(value) for s in reading.right if (value := getattr(s, field))]
    if field == "condition":
        return any(value in wanted or wanted in value for value in values)
    return wanted in values
