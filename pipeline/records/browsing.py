"""What analysts browse: the questions that their board asks of the warehouse, and the shapes of the answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from pipeline.records.article import Article
from pipeline.records.statement import Label, Statement

UNNAMED = "-"
"""In a filter: the statements of groups that no text names."""

Unit = Literal["day", "month"]
"""By what statements are counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementFilter:
    """Which of the statements that stand are asked for. None, or no words, asks for all.

    Attributes:
        words: in any spelling; all of them must stand in the statement.
        label: of the codebook.
        group: id of the registry, or `UNNAMED`.
        said_from, said_to: first and last day of saying; with either, statements without a day are left out.
        channel: how it was made public.
        conditional: whether it names a condition.
        language: of the article, ISO 639-1.
        source_id: a source that carries it.
    """

    words: str = ""
    label: Label | None = None
    group: str | None = None
    said_from: date | None = None
    said_to: date | None = None
    channel: str | None = None
    conditional: bool | None = None
    language: str | None = None
    source_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where in the order of the list a statement stands: by day of saying, then those without a day by `recorded_at`.

    Attributes:
        on: the day of saying, or the moment of recording of a statement that has no day.
        statement_id: tells those of one day apart.
    """

    on: date | datetime
    statement_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedStatement:
    """A statement that stands, beside the article where it was first recorded.

    Attributes:
        outlets: how many outlets carry it now, at least one.
        The others: as the columns of `statements`, `article_versions` and `articles` with these names.
    """

    statement_id: str
    statement: Statement
    title: str
    outlet: str
    url: str
    language: str | None
    published_at: datetime | None
    first_seen_at: datetime
    recorded_at: datetime
    outlets: int

    @property
    def place(self) -> Place:
        """Where it stands in the list."""
        return Place(on=self.statement.said_on or self.recorded_at, statement_id=self.statement_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """One place where a statement was seen, as one rule set read it, from when to when that was held.

    Attributes:
        outlet: the publisher, or the source's id where it names none.
        text: the words here where they differ from the statement's, else None.
        condition: as written here, or None.
        fetched_at: when the page was captured.
        superseded_at: since when this reading is not held, or None.
        is_current: whether the page has this text now.
        body_sha256, archive_file, archive_offset: the archived evidence.
    """

    outlet: str
    url: str
    title: str
    text: str | None
    condition: str | None
    speaker: str | None
    published_at: datetime | None
    fetched_at: datetime
    recorded_at: datetime
    superseded_at: datetime | None
    ruleset: str
    is_current: bool
    body_sha256: str
    archive_file: str
    archive_offset: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleChange:
    """What happened to an article that carries a statement: `deleted`, `restored`, or `edited` (another text)."""

    url: str
    kind: str
    reason: str
    observed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """All that the warehouse knows of one statement.

    Attributes:
        article: the text where it was first recorded; the statement's offsets count its body.
        fetched_at: when that was captured.
        superseded_at: since when no text carries the statement, or None while it stands.
        ruleset: whose reading is shown.
        sightings: those that are held first, each kind by time.
        events: what became of the articles, first happened first.
    """

    statement_id: str
    statement: Statement
    article: Article
    fetched_at: datetime
    body_sha256: str
    archive_file: str
    archive_offset: int
    first_seen_at: datetime
    recorded_at: datetime
    superseded_at: datetime | None
    ruleset: str
    sightings: tuple[Sighting, ...]
    events: tuple[ArticleChange, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """How many statements stand, counted two ways.

    Attributes:
        unit: by what `times` counts.
        times: by day, or first day of a month, then by label; times without a statement are missing.
        groups: by group id (None: unnamed), then by label; those that speak most first.
    """

    unit: Unit
    times: Mapping[date, Mapping[Label, int]]
    groups: Mapping[str | None, Mapping[Label, int]]
