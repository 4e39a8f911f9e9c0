"""What an armed group says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from pipeline.records.identity import content_id

Label = Literal["threat", "admission", "truce"]
LABELS: tuple[Label, ...] = ("threat", "admission", "truce")

DatePrecision = Literal["day", "month", "year"]
"""How exact `said_on` is; of a month or year it is the first day."""

DateBasis = Literal["text", "relative-to-text", "relative-to-publication", "publication"]
"""Where `said_on` comes from: written out; counted from a date in the text; counted from the publication date
("yesterday"); or the publication date itself."""

CueRole = Literal["trigger", "speaker", "group", "channel", "target", "condition", "date", "object", "reporting"]

CAMEO: Mapping[Label, str] = {"threat": "138", "admission": "015", "truce": "0871"}
"""Default CAMEO code of a label; a rule may name a finer one. Codes are strings: leading zeros count."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """A piece of the text that a decision stands on, in characters of the text as given."""

    start: int
    end: int
    role: CueRole


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One thing that one armed group says, found in one text. One record per span and label.

    Attributes:
        label: `threat`, `admission` or `truce`.
        text: exactly `source_text[start:end]`.
        start: offset of the first character in the text as given (Python `str` index).
        end: offset behind the last character.
        group: id of the registry (rules/groups.yml), or None when an unnamed group speaks.
        speaker: id of the registry, or the name as written when the registry has none; None when nobody is named.
        said_on: when it was said, or None when the text does not say; refused rather than guessed.
        said_on_precision: None with `said_on`.
        said_on_basis: None with `said_on`.
        channel: how it was made public (`statement`, `telegram`, `x`, `television`, `agency`, `website`, …), or None.
        target: at whom or what it is aimed, as written, or None.
        condition: "if …", "until …", a deadline, as written, or None.
        quoted: whether the group's own words stand in quotation marks in the span.
        confidence: from 0 to 1, the rule's status and the strength of the attribution; never a model's score.
        cameo: CAMEO code of the act.
        rules: ids of the rules that fired, sorted.
        cues: what in the text the decision stands on, in order.
    """

    label: Label
    text: str
    start: int
    end: int
    group: str | None = None
    speaker: str | None = None
    said_on: date | None = None
    said_on_precision: DatePrecision | None = None
    said_on_basis: DateBasis | None = None
    channel: str | None = None
    target: str | None = None
    condition: str | None = None
    quoted: bool = False
    confidence: float
    cameo: str
    rules: tuple[str, ...]
    cues: tuple[Cue, ...] = ()

    @property
    def statement_id(self) -> str:
        """The same words of the same group on the same day are one statement, whichever outlet prints them."""
        said_on = self.said_on.isoformat() if self.said_on else None
        return content_id(
            "statement", self.label, self.group, self.speaker, said_on,
            self.channel, self.target, self.condition, " ".join(self.text.split()),
        )  # fmt: skip
