"""The row of an article that the suite `articles` judges."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from pipeline.quality.characters import control
from pipeline.records import Article

_SCRIPTS = {
    "ar": re.compile(r"[\u0600-\u06FF\u0750-\u077F\u08A0-\u08FF\uFB50-\uFDFF\uFE70-\uFEFC]"),
    "en": re.compile(r"[A-Za-z]"),
}
_LETTERS = re.compile(r"[^\W\d_]")
_SAMPLE = 20_000
"""Characters of the body by which its script is told."""


def article_rows(articles: Sequence[Article], *, now: datetime) -> list[dict[str, object]]:
    """The rows of a batch, in order."""
    texts = Counter((article.source_id, article.body) for article in articles)
    return [article_row(article, now=now, copies=texts[article.source_id, article.body] - 1) for article in articles]


def article_row(article: Article, *, now: datetime, copies: int = 0) -> dict[str, object]:
    """What the expectations look at.

    Columns: `row_key` (the version id), `url`, `title` and `body` (first words, None when blank), `title_length` and
    `body_length` (characters), `language` (`unknown` for None), `script_share` (letters of the body in the script of
    its language, 0 to 1; None for a language without one here), `control_character` (where the first one stands, or
    None), `url_length`, `title_lines`,
    `copies` (other articles of its source in the batch with the same text), `published_days_ahead` (of `now`,
    negative when past) and `published_year`, both None without a date.
    """
    published = article.published_at
    return {
        "row_key": article.version_id,
        "url": article.url,
        "url_length": len(article.url),
        "title_lines": len(article.title.splitlines()),
        "copies": copies,
        "title": _beginning(article.title),
        "title_length": len(article.title),
        "body": _beginning(article.body),
        "body_length": len(article.body),
        "language": article.language or "unknown",
        "script_share": script_share(article.body, article.language),
        "control_character": control(article.title) or control(article.body),
        "published_days_ahead": round((published - now).total_seconds() / 86_400, 2) if published else None,
        "published_year": published.year if published else None,
    }


def script_share(text: str, language: str | None) -> float | None:
    """The share of letters of `text` in the script of `language`; None when that is not known or there are none."""
    sample = text[:_SAMPLE]
    letters = len(_LETTERS.findall(sample))
    if language not in _SCRIPTS or not letters:
        return None
    return round(len(_SCRIPTS[language].findall(sample)) / letters, 3)


def _beginning(text: str) -> str | None:
    return " ".join(text[:200].split())[:120] or None
