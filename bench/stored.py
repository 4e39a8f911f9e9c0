"""Articles in a warehouse, in bulk: as the collector leaves them, without a capture's file under them."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing
from datetime import UTC, datetime
from itertools import islice

from pipeline.adapters.warehouse import Warehouse, rows
from pipeline.adapters.warehouse.bulk import insert_many
from pipeline.adapters.warehouse.schema import article_versions, articles, captures
from pipeline.records import Article, Capture, Source

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
SOURCES = 50


def make_article(number: int, body: str, *, published_at: datetime) -> Article:
    """An article of one of the sources."""
    return Article(
        url=f"https://o.example/{number}", title="خبر", body=body, language="ar", published_at=published_at,
        published_basis="feed", author=None, outlet=None, source_id=f"source-{number % SOURCES}",
        capture_id=f"{number:032x}",
    )  # fmt: skip


def store_articles(url: str, stored: Iterable[Article]) -> None:
    """Put articles into an empty warehouse, captured long ago; none is analysed yet."""
    with closing(Warehouse(url)) as warehouse:
        warehouse.start_run("collect", job="collect", now=NOW)
        warehouse.save_sources(
            [Source(source_id=f"source-{n}", kind="feed", url="https://o.example/", name="O") for n in range(SOURCES)],
            now=NOW,
        )
        left = iter(stored)
        while some := list(islice(left, 5_000)):
            with warehouse.loading() as connection:
                insert_many(connection, captures, [_capture(it) for it in some])
                insert_many(connection, articles, [_row(it) for it in some])
                versions = [{**rows.version_values(it, now=it.published_at or NOW), "is_current": True} for it in some]
                insert_many(connection, article_versions, versions)


def _row(article: Article) -> dict[str, object]:
    return {
        "article_id": article.article_id, "url": article.url, "source_id": article.source_id,
        "first_seen_at": article.published_at,
    }  # fmt: skip


def _capture(article: Article) -> dict[str, object]:
    capture = Capture(
        capture_id=article.capture_id, source_id=article.source_id, url=article.url, final_url=article.url,
        fetched_at=article.published_at or NOW, status=200, media_type="text/html",
        body_sha256=article.capture_id.zfill(64), body_bytes=1, archive_file="o", archive_offset=0,
    )  # fmt: skip
    return rows.capture_values(capture, entry_key=None)
