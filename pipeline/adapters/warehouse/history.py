"""What replaying rules over stored articles reads: texts of a period, and what is held of them now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime, timedelta
from statistics import median

from sqlalchemy import exists, func, or_, select

from pipeline.adapters.warehouse import rows
from pipeline.adapters.warehouse.awaiting import dated, oldest, unseen_by
from pipeline.adapters.warehouse.database import Database
from pipeline.adapters.warehouse.readings import COLUMNS
from pipeline.adapters.warehouse.schema import article_versions, articles, quarantine, sightings, statements
from pipeline.adapters.warehouse.upsert import in_parts
from pipeline.quality.batches import Volume
from pipeline.records import Article, Period, Statement

_DAYS_OF_HISTORY = 7
"""Days with articles, below which no volume is usual."""


class HistoryReads(Database):
    """The port `HistoryStore`."""

    def awaiting_in(self, ruleset: str, period: Period) -> int:
        """How many versions of a period this rule set has not yet seen."""
        query = select(func.count()).select_from(article_versions).where(unseen_by(ruleset), dated(period))
        with self.reading() as connection:
            return connection.execute(query).scalar_one()

    def articles_awaiting_in(self, ruleset: str, period: Period, *, limit: int) -> tuple[Article, ...]:
        """Versions of a period that this rule set has not yet seen, oldest stored first."""
        with self.reading() as connection:
            return oldest(connection, unseen_by(ruleset) & dated(period), limit=limit)

    def volumes(self, source_ids: Collection[str], *, now: datetime) -> dict[str, Volume]:
        """How much each source brings: in the last 24 hours, and on a usual day of the last four weeks."""
        it = article_versions.c
        day = func.date(it.recorded_at)
        query = select(it.source_id, day, func.count()).where(it.source_id.in_(source_ids)).group_by(it.source_id, day)
        today = select(it.source_id, func.count()).where(it.source_id.in_(source_ids)).group_by(it.source_id)
        since = now - timedelta(days=1)
        with self.reading() as connection:
            of_today = connection.execute(today.where(it.recorded_at > since, it.recorded_at <= now))
            new: dict[str, int] = {source_id: count for source_id, count in of_today}  # noqa: C416 (rows are no pairs to mypy)
            before = query.where(it.recorded_at > now - timedelta(days=29), it.recorded_at <= since)
            by_day: dict[str, list[int]] = defaultdict(list)
            for source_id, _, count in connection.execute(before):
                by_day[source_id].append(count)
        return {
            it: Volume(today=new.get(it, 0), usual=median(by_day[it]) if len(by_day[it]) >= _DAYS_OF_HISTORY else None)
            for it in source_ids
        }

    def unjudged(self, version_ids: Collection[str]) -> set[str]:
        """Of these versions, those that no gate has let through: never analysed, or held and still open."""
        it = article_versions.c
        held = exists().where(
            quarantine.c.version_id == it.version_id,
            quarantine.c.stage == "articles",
            quarantine.c.resolved_at.is_(None),
        )
        found: set[str] = set()
        with self.reading() as connection:
            for part in in_parts(version_ids):
                query = select(it.version_id).where(it.version_id.in_(part), or_(it.analysed_by.is_(None), held))
                found.update(connection.execute(query).scalars())
        return found

    def current_articles(self, period: Period, *, batch: int) -> Iterator[tuple[Article, ...]]:
        """The texts that the articles of a period have now, batch by batch in the order of their ids."""
        it = article_versions.c
        after = ""
        while True:
            query = (
                select(article_versions, articles.c.url)
                .join(articles)
                .where(it.is_current, dated(period), it.version_id > after)
                .order_by(it.version_id)
                .limit(batch)
            )
            with self.reading() as connection:
                found = connection.execute(query).mappings().all()
            if not found:
                return
            after = found[-1]["version_id"]
            yield tuple(rows.article_of(row) for row in found)

    def held_in(self, version_ids: Collection[str]) -> Mapping[str, list[Statement]]:
        """By version id, what stands of it: each statement as it reads there, in the order of the text."""
        it = sightings.c
        query = select(
            it.version_id,
            it.span_start,
            it.span_end,
            *(it[name] for name in COLUMNS if name != "text"),
            func.coalesce(it.text, statements.c.text).label("text"),
            statements.c.label,
            statements.c.group_id,
        ).join(statements, statements.c.statement_id == it.statement_id)
        held: dict[str, list[Statement]] = defaultdict(list)
        with self.reading() as connection:
            for part in in_parts(version_ids):
                standing = query.where(it.superseded_at.is_(None), it.version_id.in_(part)).order_by(it.span_start)
                for row in connection.execute(standing).mappings():
                    held[row["version_id"]].append(rows.statement_of(row))
        return held
