"""Counts as bars: where each stands and how high it is, for the template that draws them as SVG."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from pipeline.records import LABELS, Label
from pipeline.records.browsing import Activity, Unit

WIDTH, HEIGHT = 1000.0, 200.0
"""Of the drawing, in its own units."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One label at one time, on top of the labels before it."""

    label: Label
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """All labels of one time. `shown` is the time as a table has it."""

    shown: str
    counts: Mapping[Label, int]
    bars: tuple[Bar, ...]

    @property
    def total(self) -> int:
        """Of all labels."""
        return sum(self.counts.values())


def columns(activity: Activity, *, from_the_right: bool) -> tuple[Column, ...]:
    """A column for each time from the first to the last that has a statement, those without one between them too."""
    times = list(_between(list(activity.times), activity.unit))
    highest = max((sum(counts.values()) for counts in activity.times.values()), default=1)
    step = WIDTH / max(len(times), 1)
    nothing = dict.fromkeys(LABELS, 0)
    return tuple(
        Column(
            shown=f"{time:%Y-%m-%d}" if activity.unit == "day" else f"{time:%Y-%m}",
            counts=(counts := activity.times.get(time, nothing)),
            bars=tuple(_stacked(counts, (len(times) - 1 - at if from_the_right else at) * step, step, highest)),
        )
        for at, time in enumerate(times)
    )


def _stacked(counts: Mapping[Label, int], left: float, step: float, highest: int) -> Iterator[Bar]:
    top = HEIGHT
    for label in LABELS:
        if counts[label]:
            height = counts[label] / highest * HEIGHT
            top -= height
            yield Bar(label=label, x=left + step * 0.1, y=top, width=step * 0.8, height=height)


def _between(times: Sequence[date], unit: Unit) -> Iterator[date]:
    if not times:
        return
    at = times[0]
    while at <= times[-1]:
        yield at
        at = at + timedelta(days=1) if unit == "day" else (at.replace(day=28) + timedelta(days=4)).replace(day=1)
