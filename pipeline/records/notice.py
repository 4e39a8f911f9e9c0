"""What the people who run the house must know."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One thing that needs a person.

    Attributes:
        key: what it is about, the same for the same trouble: it is told once, and again when it has lasted.
        title: what, in a few words.
        reason: why, in one line.
        remedy: what to do, in one line.
        link: where to look, or None.
    """

    key: str
    title: str
    reason: str
    remedy: str
    link: str | None = None
