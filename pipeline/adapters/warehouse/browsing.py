"""What the analysts' board asks: a page of statements, everything about one, counts over time. Only reading.

A page is found by its keys first, and only then is each of its rows looked up with all that is shown of it. A filter
that few rows pass is answered from those few; one that many pass is tried while walking along the days, newest first.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, datetime

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Text,
    and_,
    func,
    literal,
    literal_column,
    null,
    or_,
    select,
    text,
    union_all,
)

from pipeline.adapters.warehouse import rows
from pipeline.adapters.warehouse.database import Database
from pipeline.adapters.warehouse.schema import article_versions, articles, sightings, sources, statements
from pipeline.records import LABELS, Label
from pipeline.records.browsing import UNNAMED, Activity, ListedStatement, Place, StatementFilter, Unit
from pipeline.text.folding import fold_word

_FEW = 10_000
"""So many rows are looked up one by one within a tenth of a second."""

_it = statements.c
_STANDS = _it.superseded_at.is_(None)


class BrowsingReads(Database):
    """What analysts see of the statements that stand."""

    def browse(self, wanted: StatementFilter, *, after: Place | None = None, limit: int) -> list[ListedStatement]:
        """The next statements behind a place: newest said first, then those without a day, newest recorded first."""
        with self.reading() as connection:
            filters = _filters(connection, wanted)
            found: list[str] = []
            if after is None or not isinstance(after.on, datetime):
                found = _dated(connection, filters, after, limit)
            if len(found) < limit and wanted.said_from is None and wanted.said_to is None:
                behind = after if after and isinstance(after.on, datetime) else None
                found += _undated(connection, filters, behind, limit - len(found))
            return _listed(connection, found)

    def activity(self, wanted: StatementFilter, *, unit: Unit) -> Activity:
        """How many of these statements stand, by time and label, and by group and label.

        By day only those count whose day is known: then it is the view `daily_counts`, filtered.
        """
        precisions = ("day",) if unit == "day" else ("day", "month")
        with self.reading() as connection:
            filters = [*_filters(connection, wanted), _STANDS, _it.said_on_precision.in_(precisions)]
            # One walk along the index of days counts for both; a bound on the days is what makes it that index.
            filters.append(_it.said_on >= (wanted.said_from or date.min))
            keys = (_it.said_on, _it.label, _it.group_id)
            counted = select(*keys, func.count().label("count")).where(*filters).group_by(*keys).cte("counted").c
            count = func.sum(counted["count"])
            by_day = select(counted.said_on, counted.label, null().label("group_id"), count.label("count"))
            by_group = select(null().label("said_on"), counted.label, counted.group_id, count)
            both = union_all(
                by_day.group_by(counted.said_on, counted.label), by_group.group_by(counted.group_id, counted.label)
            )
            found = connection.execute(both).all()
        times: dict[date, dict[Label, int]] = defaultdict(lambda: dict.fromkeys(LABELS, 0))
        speaking: dict[str | None, dict[Label, int]] = defaultdict(lambda: dict.fromkeys(LABELS, 0))
        for on, label, group, n in found:
            if on is None:
                speaking[group][label] = int(n)
            else:
                times[on if unit == "day" else on.replace(day=1)][label] += int(n)
        most = sorted(speaking.items(), key=lambda item: (-sum(item[1].values()), item[0] or ""))
        return Activity(unit=unit, times=dict(sorted(times.items())), groups=dict(most))

    def source_names(self) -> dict[str, str]:
        """What people call each source, by id, in the order of the names."""
        query = select(sources.c.source_id, sources.c.name).order_by(sources.c.name, sources.c.source_id)
        with self.reading() as connection:
            return {source_id: name for source_id, name in connection.execute(query)}  # noqa: C416  (no pair to mypy)

    def answers(self) -> None:
        """Ask for next to nothing.

        Raises:
            WarehouseError, WarehouseUnavailableError: it cannot be read.
        """
        with self.reading() as connection:
            connection.execute(select(_it.statement_id).limit(1)).all()


def _dated(
    connection: Connection, filters: Sequence[ColumnElement[bool]], after: Place | None, limit: int
) -> list[str]:
    query = select(_it.statement_id).where(_STANDS, _it.said_on.is_not(None), *filters)
    if after is not None:
        # The first half alone bounds the index; without it the whole of it would be walked.
        query = query.where(_it.said_on <= after.on, or_(_it.said_on < after.on, _it.statement_id < after.statement_id))
    query = query.order_by(_it.said_on.desc(), _it.statement_id.desc()).limit(limit)
    return list(connection.execute(query).scalars())


def _undated(
    connection: Connection, filters: Sequence[ColumnElement[bool]], after: Place | None, limit: int
) -> list[str]:
    # The same as having no day; but said so, the index of those without a day, which has no order, is not taken.
    query = select(_it.statement_id).where(_STANDS, _it.said_on_precision.is_(None), *filters)
    if after is not None:
        query = query.where(
            _it.recorded_at <= after.on,
            or_(_it.recorded_at < after.on, _it.statement_id < after.statement_id),
        )
    query = query.order_by(_it.recorded_at.desc(), _it.statement_id.desc()).limit(limit)
    return list(connection.execute(query).scalars())


def _listed(connection: Connection, statement_ids: Sequence[str]) -> list[ListedStatement]:
    version, seen = article_versions.c, sightings.c
    outlet = func.coalesce(version.outlet, version.source_id)
    carried = (
        select(func.count(outlet.distinct()))
        .select_from(sightings.join(article_versions, version.version_id == seen.version_id))
        .where(seen.statement_id.in_(statement_ids), seen.superseded_at.is_(None))
        .add_columns(seen.statement_id)
        .group_by(seen.statement_id)
    )
    query = (
        select(statements, version.title, outlet.label("outlet"), version.published_at, articles.c.url)
        .join(article_versions, version.version_id == _it.version_id)
        .join(articles, articles.c.article_id == _it.article_id)
        .where(_it.statement_id.in_(statement_ids))
    )
    outlets = {statement_id: count for count, statement_id in connection.execute(carried)}
    found = {row["statement_id"]: row for row in connection.execute(query).mappings()}
    beside = ("statement_id", "title", "outlet", "url", "language", "published_at", "first_seen_at", "recorded_at")
    return [
        ListedStatement(
            statement=rows.statement_of(found[each]),
            outlets=outlets.get(each, 1),
            **{name: found[each][name] for name in beside},
        )
        for each in statement_ids
    ]


def _filters(connection: Connection, wanted: StatementFilter) -> list[ColumnElement[bool]]:
    """The conditions on `statements`, but for standing."""
    found = list(_plain(wanted))
    if wanted.channel:
        # One index has label and channel; naming all labels lets it be used.
        few = select(_it.statement_id).where(_STANDS, _it.label.in_(LABELS), _it.channel == wanted.channel)
        found.append(_narrowed(connection, few, _it.channel == wanted.channel))
    if wanted.source_id:
        found.append(_narrowed(connection, _of_source(wanted.source_id), _carried_by(wanted.source_id)))
    if wanted.words:
        found.append(_holding(connection, fold_word(wanted.words).split()))
    return found


def _plain(wanted: StatementFilter) -> Iterator[ColumnElement[bool]]:
    if wanted.label:
        yield _it.label == wanted.label
    if wanted.group:
        yield _it.group_id.is_(None) if wanted.group == UNNAMED else _it.group_id == wanted.group
    if wanted.said_from:
        yield _it.said_on >= wanted.said_from
    if wanted.said_to:
        yield _it.said_on <= wanted.said_to
    if wanted.conditional is not None:
        yield _it.condition.is_not(None) if wanted.conditional else _it.condition.is_(None)
    if wanted.language:
        yield _it.language == wanted.language


def _narrowed(connection: Connection, few: Select[tuple[str]], tried: ColumnElement[bool]) -> ColumnElement[bool]:
    """`few` as a list of ids while they are few, else the condition that is tried on each row."""
    count = select(func.count()).select_from(few.limit(_FEW + 1).subquery())
    if connection.execute(count).scalar_one() > _FEW:
        return tried
    if connection.dialect.name == "postgresql":
        # As an array, which its planner takes for short: it would rather walk along the days in search of few.
        return _it.statement_id == func.any(func.array(few.scalar_subquery()))
    return _it.statement_id.in_(few)


def _of_source(source_id: str) -> Select[tuple[str]]:
    return (
        select(sightings.c.statement_id)
        .join(articles, articles.c.article_id == sightings.c.article_id)
        .where(articles.c.source_id == source_id, sightings.c.superseded_at.is_(None))
    )


def _carried_by(source_id: str) -> ColumnElement[bool]:
    return _of_source(source_id).where(sightings.c.statement_id == _it.statement_id).correlate(statements).exists()


def _holding(connection: Connection, words: Sequence[str]) -> ColumnElement[bool]:
    """Statements that hold all these folded words, as the full-text search of each database cuts them."""
    if not words:
        return literal(value=False)
    if connection.dialect.name == "postgresql":
        simple = literal_column("'simple'", Text)
        held = func.to_tsvector(simple, _it.folded).bool_op("@@")(func.plainto_tsquery(simple, " ".join(words)))
        return _narrowed(connection, select(_it.statement_id).where(held), held)
    asked = " ".join('"' + word.replace('"', '""') + '"' for word in words)
    found = text("SELECT statement_id FROM statement_words WHERE folded MATCH :words").bindparams(words=asked)
    few = select(found.columns(statements.c.statement_id).subquery().c.statement_id)
    return _narrowed(connection, few, and_(*(_it.folded.regexp_match(_as_pattern(word)) for word in words)))


def _as_pattern(word: str) -> str:
    """A word as FTS5 takes it: its letters and digits in a row, with anything but those around and between them."""
    parts = re.findall(r"[^\W_]+", word)
    return r"(?<![^\W_])" + r"[\W_]+".join(map(re.escape, parts)) + r"(?![^\W_])" if parts else r"(?!)"
