"""When an article's page is looked at again, and what was found there besides another text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from pipeline.records.health import NO_VALIDATORS, Validators
from pipeline.records.identity import content_id

EventKind = Literal["deleted", "restored"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """The next look at the page of an article.

    Attributes:
        article_id: whose page.
        source_id: the source that brought it.
        url: the address to ask for.
        visits: how often it was looked at, the first time included.
        next_visit_at: UTC, or None when it is not looked at again.
        validators: what the page's server said the last time.
        title: of the article's text as it stands; what a page without a title is called.
        published_at: UTC, where it is the feed's word: the page alone would give another, or none.
    """

    article_id: str
    source_id: str
    url: str
    visits: int
    next_visit_at: datetime | None
    validators: Validators = NO_VALIDATORS
    title: str = ""
    published_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleEvent:
    """Something that happened to an article and is no new text; its versions stay.

    Attributes:
        article_id: to which.
        kind: `deleted` or `restored`.
        reason: `status-404`, `status-410`, `gone-from-channel`; of `restored` it is `seen-again`.
        observed_at: UTC; when it was found, not when it happened.
        source_id: the source in whose collection it was found.
        capture_id: the evidence, or None.
    """

    article_id: str
    kind: EventKind
    reason: str
    observed_at: datetime
    source_id: str
    capture_id: str | None = None

    @property
    def event_id(self) -> str:
        """The same thing found at the same time is one event."""
        return content_id("event", self.article_id, self.kind, self.observed_at.isoformat())


@dataclass(frozen=True, slots=True, kw_only=True)
class Fingerprint:
    """By what a near-duplicate of a text is found.

    Attributes:
        signature: MinHash values over the text's word triples.
        bands: one number for each band of the signature; texts that share a band are compared.
    """

    signature: tuple[int, ...]
    bands: tuple[int, ...]

    def similarity(self, other: Sequence[int]) -> float:
        """The estimated share of common word triples with the text of another signature, 0 to 1."""
        return sum(a == b for a, b in zip(self.signature, other, strict=True)) / len(self.signature)
