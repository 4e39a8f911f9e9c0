"""How a statement reads at one place: compared when articles are read again, and kept with each sighting."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from pipeline.records import Statement

SHOWN = ("quoted", "confidence", "cameo", "rule_ids", "cues", "said_on_precision", "said_on_basis")
"""What two rule sets can read differently of the same statement: `statements` shows it as it is read now."""


class Reading(NamedTuple):
    """The columns of `reading_columns`, as values that can be compared and hashed; a tuple, since each costs its rest.

    Attributes:
        text: None where the words are those of the statement.
    """

    found_id: str
    text: str | None
    speaker: str | None
    channel: str | None
    target: str | None
    condition: str | None
    said_on: date | None
    said_on_precision: str | None
    said_on_basis: str | None
    quoted: bool
    confidence: float
    cameo: str
    rule_ids: tuple[str, ...]
    cues: tuple[tuple[int, int, str], ...]


COLUMNS = Reading._fields


def reading_of(statement: Statement, *, found_id: str, statement_text: str) -> Reading:
    """What was found at a place, beside the text of the statement that it belongs to."""
    return Reading(
        found_id=found_id,
        text=None if statement.text == statement_text else statement.text,
        speaker=statement.speaker,
        channel=statement.channel,
        target=statement.target,
        condition=statement.condition,
        said_on=statement.said_on,
        said_on_precision=statement.said_on_precision,
        said_on_basis=statement.said_on_basis,
        quoted=statement.quoted,
        confidence=statement.confidence,
        cameo=statement.cameo,
        rule_ids=statement.rules,
        cues=tuple((cue.start, cue.end, cue.role) for cue in statement.cues),
    )


def reading_in(row: Mapping[Any, Any]) -> Reading:
    """The reading of a row of `sightings`."""
    values = {name: row[name] for name in COLUMNS}
    values["rule_ids"] = tuple(values["rule_ids"])
    values["cues"] = tuple((start, end, role) for start, end, role in values["cues"])
    return Reading(**values)


def reading_values(reading: Reading) -> dict[str, Any]:
    """The columns of a reading."""
    return reading._asdict()


def shown_values(statement: Statement) -> dict[str, Any]:
    """The columns of `statements` that another rule set may read differently."""
    return {
        "quoted": statement.quoted,
        "confidence": statement.confidence,
        "cameo": statement.cameo,
        "rule_ids": list(statement.rules),
        "cues": [[cue.start, cue.end, cue.role] for cue in statement.cues],
        "said_on_precision": statement.said_on_precision,
        "said_on_basis": statement.said_on_basis,
    }
