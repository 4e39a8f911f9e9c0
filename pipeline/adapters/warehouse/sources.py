"""What collecting stores: sources, captures, articles in all their versions, and what it holds back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, func, select, update

from pipeline.adapters.warehouse import rows
from pipeline.adapters.warehouse.awaiting import unseen_by
from pipeline.adapters.warehouse.database import Database
from pipeline.adapters.warehouse.duplicates import link_near_duplicates
from pipeline.adapters.warehouse.quarantine import hold
from pipeline.adapters.warehouse.schema import article_versions, articles, captures, quarantine, sources
from pipeline.adapters.warehouse.upsert import insert_new, upsert
from pipeline.adapters.warehouse.visits import keep_event, keep_visit, seen_again
from pipeline.quality.characters import unstorable
from pipeline.quality.holding import Reason, article_held
from pipeline.records import Article, Capture, CollectedPage, PageKept, Quarantined, Source


class SourceTables(Database):
    """The port `SourceStore`."""

    def save_sources(self, sources_read: Iterable[Source], *, now: datetime) -> None:
        """Insert the sources, or change them to what the file says now; a source that left the file stays."""
        values = [rows.source_values(source, now=now) for source in sources_read]
        fixed = {"source_id", "first_seen_at"}
        with self.writing() as connection:
            upsert(
                connection,
                sources,
                values,
                lambda new: {name: new[name] for name in (values[0].keys() - fixed)},
            )

    def known_entries(self, source_id: str) -> frozenset[str]:
        """Keys of the entries of this source that are settled: their page stands captured, or is held as `pages`."""
        captured = select(captures.c.entry_key).where(
            captures.c.source_id == source_id, captures.c.entry_key.is_not(None)
        )
        held = select(quarantine.c.item_key).where(
            quarantine.c.source_id == source_id,
            quarantine.c.stage == "pages",
            quarantine.c.resolution.is_distinct_from("retried"),
        )
        with self.reading() as connection:
            return frozenset(connection.execute(captured.union(held)).scalars())

    def save_capture(self, capture: Capture, *, entry_key: str | None) -> None:
        """Store where a response is kept; an entry key given later is added to the capture that stands."""
        with self.writing() as connection:
            _save_capture(connection, capture, entry_key)

    def save_page(self, page: CollectedPage, *, run_id: str, now: datetime) -> PageKept:
        """A capture, what was read from it and what is held of it, in one transaction; what that changed.

        An article with NUL or a lone surrogate, which no database stores, is held as `unstorable-text` instead.
        """
        article, held = page.article, page.held
        if article is not None and (bad := _unstorable_text(article)):
            held = (*held, _held_as_unstorable(article, bad))
            article = None
        with self.writing() as connection:
            _save_capture(connection, page.capture, page.entry_key)
            hold(connection, [rows.quarantine_values(item, run_id=run_id, now=now) for item in held])
            if article is None:
                return PageKept()
            kept = _save_article(connection, article, now=now)
            if page.visit is not None:
                keep_visit(connection, page.visit)
            if kept.is_new and page.fingerprint is not None:
                return replace(kept, linked=link_near_duplicates(connection, article, page.fingerprint, now=now))
            return kept

    def quarantine(self, items: Sequence[Quarantined], *, run_id: str, now: datetime) -> int:
        """Hold things back; how many were not held for the same reason before."""
        values = [rows.quarantine_values(item, run_id=run_id, now=now) for item in items]
        with self.loading() as connection:
            return hold(connection, values)

    def record_fetch(self, source_id: str, *, problem: str | None, now: datetime) -> None:
        """Note a source's last success, or its last problem."""
        noted = {"last_problem": problem, "last_problem_at": now} if problem else {"last_success_at": now}
        with self.writing() as connection:
            connection.execute(update(sources).where(sources.c.source_id == source_id).values(noted))

    def awaiting_analysis(self, ruleset: str) -> int:
        """How many versions this rule set has not yet seen."""
        query = select(func.count()).select_from(article_versions).where(unseen_by(ruleset))
        with self.reading() as connection:
            return connection.execute(query).scalar_one()


def _save_capture(connection: Connection, capture: Capture, entry_key: str | None) -> None:
    upsert(
        connection,
        captures,
        [rows.capture_values(capture, entry_key=entry_key)],
        lambda new: {"entry_key": new.entry_key},
        lambda new: new.entry_key.is_not(None) & captures.c.entry_key.is_(None),
    )


def _save_article(connection: Connection, article: Article, *, now: datetime) -> PageKept:
    article = replace(article, published_at=rows.in_utc(article.published_at))
    first = insert_new(
        connection,
        articles,
        [
            {
                "article_id": article.article_id,
                "url": article.url,
                "source_id": article.source_id,
                "first_seen_at": now,
            }
        ],
    )
    # Two collectors of one article take turns here; SQLite has one writer anyway.
    connection.execute(
        select(articles.c.article_id).where(articles.c.article_id == article.article_id).with_for_update(key_share=True)
    )
    new = insert_new(connection, article_versions, [rows.version_values(article, now=now)])
    _make_current(connection, article)
    restored = not first and keep_event(connection, seen_again(article, now=now))
    return PageKept(is_new=bool(new), edited=bool(new) and not first, restored=restored)


def _make_current(connection: Connection, article: Article) -> None:
    """Let this version be the current one; a page that went back to an older text is analysed again."""
    versions = article_versions.c
    earlier = (versions.article_id == article.article_id) & (versions.version_id != article.version_id)
    connection.execute(update(article_versions).where(earlier & versions.is_current).values(is_current=False))
    connection.execute(
        update(article_versions)
        .where(versions.version_id == article.version_id, ~versions.is_current)
        .values(is_current=True, analysed_by=None)
    )


def _unstorable_text(article: Article) -> str | None:
    texts = {"title": article.title, "body": article.body, "author": article.author or "", "url": article.url}
    found = ((name, unstorable(text)) for name, text in {**texts, "outlet": article.outlet or ""}.items())
    return next((f"{what} of its {name}" for name, what in found if what), None)


def _held_as_unstorable(article: Article, what: str) -> Quarantined:
    observed = f"holds {what}, which no database stores; the capture keeps the page as it came"
    return article_held(article, Reason(expectation="unstorable-text", observed=observed))
