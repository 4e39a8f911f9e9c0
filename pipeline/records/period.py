"""A span of days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """From the first to the last day, both included; an end that is None is open.

    Attributes:
        first: first day in UTC.
        last: last day in UTC.
    """

    first: date | None = None
    last: date | None = None

    def __contains__(self, at: datetime | None) -> bool:
        """Whether a time lies in it; one that is not known lies in the period without ends alone."""
        if at is None:
            return self.first is None and self.last is None
        day = at.astimezone(UTC).date()
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)

    def __post_init__(self) -> None:
        if self.first and self.last and self.first > self.last:
            raise ValueError(f"a period cannot start on {self.first} and end on {self.last}")
