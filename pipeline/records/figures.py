"""How the house fares, in figures: what is measured, what the operators are told, and what their page shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from pipeline.records.statement import Statement


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFigure:
    """One source as collecting knows it.

    Attributes:
        source_id: its key.
        name: what people call it.
        url: where it is.
        articles: that it brought.
        state: as in `SourceHealth`, or `new` when it was never polled.
        state_since: UTC; None while it is new.
        last_success_at: UTC; None when it never gave anything.
        problem: the last failure in one line, or None since it gave something.
    """

    source_id: str
    name: str
    url: str
    articles: int
    state: str
    state_since: datetime | None
    last_success_at: datetime | None
    problem: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementFigure:
    """A statement as the page shows it, beside the article where it was first recorded."""

    statement: Statement
    title: str
    outlet: str | None
    url: str
    published_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldFigure:
    """Something in quarantine, as the page shows it."""

    quarantine_id: str
    stage: str
    reason: str
    detail: str
    source_id: str | None
    held_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldBatch:
    """What was held back as a whole: nothing of it was loaded.

    Attributes:
        of: the source that brought it, or the suite whose expectation on the whole batch did not hold.
        expectation: its id.
        observed: what did not hold.
        quarantine_id: of the source's batch in the quarantine; None: its rows stand there one by one.
        held_at: UTC.
    """

    of: str
    expectation: str
    observed: str | None
    quarantine_id: str | None
    held_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """The house at one moment.

    Attributes:
        at: UTC; the moment.
        sources: those that are collected, by id.
        statements: that stand, by label.
        held: in quarantine and open, by stage.
        held_last_day: newly held in the 24 hours before `at`.
        held_week_before: newly held in the seven days before those.
        batches_held: in the 24 hours before `at`, and neither accepted nor dismissed since; newest first.
        verdicts: of the gate in the 24 hours before `at`, by suite and whether the expectation held.
        waiting: mails in the outbox.
        waiting_since: UTC; when the oldest of them was made, or None.
        given_up: mails that no server will take.
        runs: that started in the 24 hours before `at`, by job and status.
        lags: seconds from publication to the row in the warehouse, sorted: of articles that were stored in the 24 hours
            before `at` and published in the 48 hours before it.
    """

    at: datetime
    sources: tuple[SourceFigure, ...]
    statements: Mapping[str, int]
    held: Mapping[str, int]
    held_last_day: int
    held_week_before: int
    batches_held: tuple[HeldBatch, ...]
    verdicts: Mapping[tuple[str, bool], int]
    waiting: int
    waiting_since: datetime | None
    given_up: int
    runs: Mapping[tuple[str, str], int]
    lags: tuple[float, ...]
