"""A span of days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """From the first to the last day, both included; an end that is None is open.

    Attributes:
        first: first day in UTC.
        last: last day in UTC.
    """

    first: date | None = None
    last: date | None = None

    def __post_init__(self) -> None:
        if self.first and self.last and self.first > self.last:
            raise ValueError(f"a period cannot start on {self.first} and end on {self.last}")
