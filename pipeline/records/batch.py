"""What is handed to the warehouse in one transaction, and what that changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass

from pipeline.records.article import Article
from pipeline.records.capture import Capture
from pipeline.records.statement import Label, Statement
from pipeline.records.verdict import Quarantined, Verdict
from pipeline.records.visit import Fingerprint, Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectedPage:
    """A page as it was fetched, with what could be read from it.

    Attributes:
        capture: its evidence.
        entry_key: the entry of the feed that announced it; None for a page that is a source of its own.
        article: what it says, or None when it could not be read.
        held: what is kept back with its reason, if anything.
        visit: when the page is looked at again; None: never.
        fingerprint: of the article's text, by which near-duplicates are found; None: not compared.
    """

    capture: Capture
    entry_key: str | None
    article: Article | None
    held: tuple[Quarantined, ...] = ()
    visit: Visit | None = None
    fingerprint: Fingerprint | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PageKept:
    """What keeping one page changed.

    Attributes:
        is_new: the text stood nowhere before.
        edited: the article stood before, with another text.
        restored: the article had been recorded as deleted.
        linked: near-duplicates that it was linked to.
    """

    is_new: bool = False
    edited: bool = False
    restored: bool = False
    linked: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class AnalysedBatch:
    """What analysing hands to the warehouse, all or nothing.

    Attributes:
        analysed: each article of the batch with its statements; articles held by the gate are here too, with none.
        held: what the gate held back.
        verdicts: one per expectation and suite.
        ruleset: the rule pack that found the statements.
        not_loaded: ids of versions that are held with their batch: seen, and nothing of them is loaded or superseded.
    """

    analysed: Sequence[tuple[Article, Sequence[Statement]]]
    held: Sequence[Quarantined]
    verdicts: Sequence[Verdict]
    ruleset: str
    not_loaded: Set[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """What one batch changed in the warehouse.

    Attributes:
        statements: statements that stood nowhere before, by label.
        sightings: places where a statement was seen that were not known before.
        superseded: statements that no current text holds any more by this rule set.
        held: things held for a reason that they were not held for before.
    """

    statements: Mapping[Label, int]
    sightings: int
    superseded: int
    held: int
