"""What a feed announces (an entry) and what a page says (an article)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Self

from pipeline.records.identity import content_id

PublishedBasis = Literal["feed", "metadata", "text"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry of a feed.

    Attributes:
        url: absolute link to the page.
        title: plain text.
        guid: the feed's own id of the entry, or None.
        published_at: UTC, or None when the feed gives none that can be read.
        summary: plain text of the description, or None.
        author: or None.
    """

    url: str
    title: str
    guid: str | None = None
    published_at: datetime | None = None
    summary: str | None = None
    author: str | None = None

    @property
    def entry_key(self) -> str:
        """Changes when the feed announces something else under the same id: an edited entry is fetched again."""
        published = self.published_at.isoformat() if self.published_at else None
        return content_id(self.guid, self.url, self.title, self.summary, published)


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """The text of one version of one article.

    Attributes:
        url: canonical URL (rel=canonical within the site, else the final URL without fragment and tracking parameters).
        title: plain text.
        body: paragraphs separated by one newline, boilerplate removed; all statement offsets count characters of it.
        language: `ar`, `en` or another ISO 639-1 code, or None when it could not be told.
        published_at: UTC, or None; never the time of fetching.
        published_basis: where `published_at` comes from, None with it.
        author: or None.
        outlet: the publisher, or None.
        source_id: the source that brought it.
        capture_id: the capture that it was read from.
    """

    url: str
    title: str
    body: str
    language: str | None
    published_at: datetime | None
    published_basis: PublishedBasis | None
    author: str | None
    outlet: str | None
    source_id: str
    capture_id: str
    _version_id: str = field(default="", init=False, repr=False, compare=False)

    @property
    def article_id(self) -> str:
        """The identity of the article over all its versions: its canonical URL."""
        return content_id("article", self.url)

    @property
    def version_id(self) -> str:
        """The identity of this text: another title, body or publication time is another version.

        It is told once: each stage asks for it, and it hashes the whole text.
        """
        if not self._version_id:
            object.__setattr__(self, "_version_id", self._told_version_id())
        return self._version_id

    @classmethod
    def stored(cls, version_id: str, **columns: Any) -> Self:
        """An article of the warehouse, whose identity was told when it was stored."""
        article = cls(**columns)
        object.__setattr__(article, "_version_id", version_id)
        return article

    def _told_version_id(self) -> str:
        published = self.published_at.isoformat() if self.published_at else None
        return content_id("version", self.url, self.title, self.body, published)
