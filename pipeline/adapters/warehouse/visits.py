"""When pages are looked at again, and what became of articles besides edits."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, select

from pipeline.adapters.warehouse.database import Database
from pipeline.adapters.warehouse.ingest_schema import article_events, article_visits
from pipeline.adapters.warehouse.schema import article_versions, articles
from pipeline.adapters.warehouse.upsert import insert_missing, upsert
from pipeline.records import Article, ArticleEvent, Validators, Visit


class VisitTables(Database):
    """The part of the port `SourceStore` that is about pages known already."""

    def due_visits(self, source_id: str, *, now: datetime, limit: int) -> tuple[Visit, ...]:
        """Pages of this source that are to be looked at again, the longest overdue first."""
        visits = article_visits.c
        query = _visits().where(visits.source_id == source_id, visits.next_visit_at <= now)
        with self.reading() as connection:
            found = connection.execute(query.order_by(visits.next_visit_at, visits.article_id).limit(limit))
            return tuple(_visit(row) for row in found.mappings())

    def visits_of(self, source_id: str, *, url: str | None = None, latest: int = 200) -> tuple[Visit, ...]:
        """The latest pages that this source brought, or those found under an address."""
        query = _visits().where(article_visits.c.source_id == source_id)
        if url is not None:
            query = query.where(article_visits.c.url == url)
        with self.reading() as connection:
            found = connection.execute(query.order_by(articles.c.first_seen_at.desc()).limit(latest)).mappings()
            return tuple(_visit(row) for row in found)

    def save_visit(self, visit: Visit) -> None:
        """Note a visit that brought no text: not modified, or failed."""
        with self.writing() as connection:
            keep_visit(connection, visit)

    def record_event(self, event: ArticleEvent, *, visit: Visit | None) -> bool:
        """Note what became of an article, and its next visit; True when that was not known before."""
        with self.loading() as connection:
            if visit is not None:
                keep_visit(connection, visit)
            return keep_event(connection, event)


def keep_visit(connection: Connection, visit: Visit) -> None:
    """Insert or change the next visit of an article. An article that two sources bring is visited for the first."""
    values = {
        "article_id": visit.article_id,
        "source_id": visit.source_id,
        "url": visit.url,
        "visits": visit.visits,
        "next_visit_at": visit.next_visit_at,
        "etag": visit.validators.etag,
        "last_modified": visit.validators.last_modified,
    }
    fixed = {"article_id", "source_id"}
    upsert(
        connection,
        article_visits,
        [values],
        lambda new: {name: new[name] for name in values.keys() - fixed},
        lambda new: article_visits.c.source_id == new.source_id,
    )


def keep_event(connection: Connection, event: ArticleEvent) -> bool:
    """Insert an event that changes what is known of the article: a deleted one is not deleted again."""
    events = article_events.c
    last = select(events.kind).where(events.article_id == event.article_id).order_by(events.observed_at.desc()).limit(1)
    known = connection.execute(last).scalar()
    if known == event.kind or (known is None and event.kind == "restored"):
        return False
    insert_missing(
        connection,
        article_events,
        [
            {
                "event_id": event.event_id,
                "article_id": event.article_id,
                "kind": event.kind,
                "reason": event.reason,
                "observed_at": event.observed_at,
                "source_id": event.source_id,
                "capture_id": event.capture_id,
            }
        ],
    )
    return True


def seen_again(article: Article, *, now: datetime) -> ArticleEvent:
    """The event of an article whose text is there again; it counts only where the article had gone."""
    return ArticleEvent(
        article_id=article.article_id,
        kind="restored",
        reason="seen-again",
        observed_at=now,
        source_id=article.source_id,
        capture_id=article.capture_id,
    )


def _visits() -> Select[Any]:
    texts = article_versions.c
    return (
        select(article_visits, texts.title, texts.published_at, texts.published_basis)
        .join(articles, articles.c.article_id == article_visits.c.article_id)
        .join(article_versions, (texts.article_id == article_visits.c.article_id) & texts.is_current)
    )


def _visit(row: RowMapping) -> Visit:
    return Visit(
        article_id=row["article_id"],
        source_id=row["source_id"],
        url=row["url"],
        visits=row["visits"],
        next_visit_at=row["next_visit_at"],
        validators=Validators(etag=row["etag"], last_modified=row["last_modified"]),
        title=row["title"],
        published_at=row["published_at"] if row["published_basis"] == "feed" else None,
    )
