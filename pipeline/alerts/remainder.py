"""What a mail counts but does not show: how many statements of each label and group, the most first."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from pipeline.alerts import wording
from pipeline.alerts.registry import Registry
from pipeline.alerts.telling import Telling
from pipeline.alerts.untrusted import one_line
from pipeline.records import Label

_LINES = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Remainder:
    """One line of what is not shown.

    Attributes:
        label: for the colour.
        label_ar: the label in words.
        group: the group's Arabic name; harmless, on one line.
        count: statements.
    """

    label: Label
    label_ar: str
    group: str
    count: int


def remainder(telling: Telling, registry: Registry) -> tuple[Remainder, ...]:
    """Lines for what `telling` counts by group beyond what it found: at most thirty, those with the most first."""
    left: Counter[tuple[Label, str | None]] = Counter(telling.groups)
    left.subtract((statement.label, statement.group) for _, statement, _ in telling.found)
    ordered = sorted(((key, count) for key, count in left.items() if count > 0), key=lambda it: (-it[1], str(it[0])))
    return tuple(
        Remainder(label=label, label_ar=wording.LABEL_AR[label], group=_name(group, registry), count=count)
        for (label, group), count in ordered[:_LINES]
    )


def _name(group_id: str | None, registry: Registry) -> str:
    if group_id is None:
        return wording.UNNAMED_AR
    known = registry.groups.get(group_id)
    return one_line(next(iter(known.names_ar), known.name_en) if known else group_id)
