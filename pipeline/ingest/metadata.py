"""What a page says of itself to machines: JSON-LD, meta elements, microdata. Prose and layout are for `article`.

A publication time is taken only from a field that names one. Guessing it from other dates on the page (as htmldate
does when it finds none) took dates out of sidebars, so that is left out.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lxml.html import HtmlElement

from pipeline.ingest.markup import plain_text
from pipeline.ingest.times import read_time
from pipeline.ingest.urls import absolute_url, canonical_url, may_speak_for

_PUBLISHED_META = (
    "article:published_time", "og:article:published_time", "og:published_time", "datepublished", "parsely-pub-date",
    "publish-date", "publish_date", "publishdate", "published_time", "publication_date", "pubdate", "sailthru.date",
    "dc.date.issued", "dcterms.issued", "dcterms.created", "dc.date", "dc:date",
)  # fmt: skip
"""Names of meta elements that give a page's publication time, most specific first, lower-case."""

_PUBLISHED_ITEM = frozenset({"datepublished", "dc:date", "dcterms:issued", "dc:issued", "schema:datepublished"})
"""`itemprop` and RDFa `property` values that do the same on any element."""

_MAX_DEPTH = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class PageMetadata:
    """What a page says of itself.

    Attributes:
        url: canonical address, absolute, or None; that of another site is not taken.
        published_at: UTC, or None.
        author: names with commas between them, or None.
        outlet: the site's or publisher's name, or None.
        headline: of the article, or None.
    """

    url: str | None
    published_at: datetime | None
    author: str | None
    outlet: str | None
    headline: str | None


def read_metadata(tree: HtmlElement, *, base_url: str) -> PageMetadata:
    """The metadata of a parsed page; `base_url` is where it was found."""
    meta = _meta(tree)
    article = next(_article_nodes(tree), {})
    return PageMetadata(
        url=_canonical(tree, meta, base_url),
        published_at=_published(tree, meta, article),
        author=_names(article.get("author")) or _not_url(meta.get("author")),
        outlet=meta.get("og:site_name") or _names(article.get("publisher")),
        headline=meta.get("og:title") or _text(article.get("headline")),
    )


def _meta(tree: HtmlElement) -> dict[str, str]:
    """The first content of each meta element, by lower-case property, name or itemprop."""
    found: dict[str, str] = {}
    for element in tree.iter("meta"):
        content = plain_text(element.get("content") or "")
        for name in (element.get(kind) for kind in ("property", "name", "itemprop")):
            if name and content:
                found.setdefault(name.strip().lower(), content)
    return found


def _article_nodes(tree: HtmlElement) -> Iterator[dict[str, Any]]:
    """JSON-LD nodes that describe an article (NewsArticle, ReportageNewsArticle, BlogPosting …)."""
    for script in tree.iter("script"):
        if (script.get("type") or "").strip().lower() == "application/ld+json":
            yield from (node for node in _nodes(_json(script.text or ""), 0) if _is_article(node))


def _json(text: str) -> Any:
    # Line breaks inside strings and a semicolon behind the object are common and harmless.
    try:
        return json.loads(text.strip().rstrip(";"), strict=False)
    except (ValueError, RecursionError):
        return None


def _nodes(value: Any, depth: int) -> Iterator[dict[str, Any]]:
    if depth > _MAX_DEPTH:
        return
    if isinstance(value, list):
        for item in value:
            yield from _nodes(item, depth + 1)
    elif isinstance(value, dict):
        yield value
        for name in ("@graph", "mainEntity", "mainEntityOfPage"):
            yield from _nodes(value.get(name), depth + 1)


def _is_article(node: dict[str, Any]) -> bool:
    kinds = node.get("@type")
    names = kinds if isinstance(kinds, list) else [kinds]
    return any(isinstance(name, str) and name.endswith(("Article", "Posting")) for name in names)


def _published(tree: HtmlElement, meta: dict[str, str], article: dict[str, Any]) -> datetime | None:
    named = [_text(article.get("datePublished")), *(meta.get(name) for name in _PUBLISHED_META)]
    for value in filter(None, named):
        moment = read_time(value)
        if moment:
            return moment
    return _only_item_time(tree)


def _only_item_time(tree: HtmlElement) -> datetime | None:
    """The publication time of the microdata; None where several differ: lists of other articles have it too."""
    times = set()
    for element in tree.xpath("//*[@itemprop or @property]"):
        names = f"{element.get('itemprop') or ''} {element.get('property') or ''}".lower().split()
        value = element.get("content") or element.get("datetime")
        if value and not _PUBLISHED_ITEM.isdisjoint(names):
            times.add(read_time(value))
    return times.pop() if len(times) == 1 else None


def _canonical(tree: HtmlElement, meta: dict[str, str], base_url: str) -> str | None:
    links = (link.get("href") for link in tree.iter("link") if "canonical" in (link.get("rel") or "").lower().split())
    for candidate in (next(links, None), meta.get("og:url")):
        url = absolute_url(candidate, "") if candidate else None
        if url and may_speak_for(base_url, url) and not _is_front_page_of(url, base_url):
            return canonical_url(url)
    return None


def _is_front_page_of(url: str, base_url: str) -> bool:
    """Some sites name their front page as canonical of every article: then all articles would be one."""
    return url.rstrip("/").count("/") == 2 and "?" not in url and base_url.rstrip("/").count("/") > 2


def _names(value: Any) -> str | None:
    items = value if isinstance(value, list) else [value]
    names = [_text(item.get("name")) if isinstance(item, dict) else _text(item) for item in items]
    return ", ".join(name for name in names if name and _not_url(name)) or None


def _text(value: Any) -> str | None:
    return plain_text(value) or None if isinstance(value, str) else None


def _not_url(value: str | None) -> str | None:
    return None if not value or value.startswith(("http://", "https://")) else value
