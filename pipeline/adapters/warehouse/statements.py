"""What analysing reads and stores: versions that wait, and batches of statements with what the gate said of them."""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import Connection, RowMapping, select, update

from pipeline.adapters.warehouse import rows
from pipeline.adapters.warehouse.awaiting import oldest, unseen_by
from pipeline.adapters.warehouse.database import Database
from pipeline.adapters.warehouse.failures import shown
from pipeline.adapters.warehouse.merging import Found, assigned, known_near
from pipeline.adapters.warehouse.partitions import make_partitions
from pipeline.adapters.warehouse.quarantine import hold, settle_passed
from pipeline.adapters.warehouse.readings import COLUMNS as READ
from pipeline.adapters.warehouse.readings import reading_in
from pipeline.adapters.warehouse.reconcile import Sighting, reconcile
from pipeline.adapters.warehouse.schema import (
    article_versions,
    articles,
    captures,
    quality_results,
    sightings,
)
from pipeline.adapters.warehouse.upsert import among, insert_missing
from pipeline.adapters.warehouse.writing import Writer, sightings_of
from pipeline.errors import WarehouseError
from pipeline.records import AnalysedBatch, Article, Loaded
from pipeline.records.identity import content_id


class StatementTables(Database):
    """The port `StatementStore`."""

    def articles_awaiting(self, ruleset: str, *, limit: int) -> tuple[Article, ...]:
        """Versions that this rule set has not yet seen, oldest first."""
        with self.reading() as connection:
            return oldest(connection, unseen_by(ruleset), limit=limit)

    def load(self, batch: AnalysedBatch, *, run_id: str, now: datetime) -> Loaded:
        """One batch in one transaction: statements, sightings, quarantine, verdicts, and the articles marked as seen.

        A statement that stands is not overwritten: a sighting is added, and where a rule set reads the same words
        differently, the sighting that held the earlier reading is closed and another one opened. What the batch's
        articles held before and hold no more is superseded, except of articles that the gate held: a broken page says
        nothing about its old text.
        """
        held_versions = {item.key for item in batch.held if item.stage == "articles"} | batch.not_loaded
        versions = {article.version_id: article for article, _ in batch.analysed}
        with self.loading() as connection, _no_garbage_sought(), ThreadPoolExecutor(1) as database:
            make_partitions(connection, now)
            stored = _stored_versions(connection, versions)
            self._refuse_unknown(versions.values(), stored)
            found = _found(batch, stored, leave_out=held_versions)
            judged = {it: stored[it]["article_id"] for it in versions if it not in held_versions}
            standing = _standing(connection, set(judged.values()))
            known = known_near(connection, found, standing)
            captured_at = _captured_at(connection, {each.version_id for each in found})
            writer = Writer(connection, known, ruleset=batch.ruleset, run_id=run_id, now=now)
            # While the database writes, the next thing to be written is made ready; the connection has one user at a
            # time, and what the database refuses is raised by result().
            marking = database.submit(_mark_seen, connection, stored, ruleset=batch.ruleset, now=now)
            owned = assigned(found, standing, known)
            current = {version_id for version_id, row in stored.items() if row["is_current"]}
            marking.result()
            saving = database.submit(writer.save_statements, owned, captured_at)
            changes = reconcile(sightings_of(owned, known), judged=judged, current=current, standing=standing)
            new = saving.result()
            writer.show_readings(owned)
            writer.save_sightings(changes)
            superseded = writer.settle(changes)
            held_rows = [rows.quarantine_values(item, run_id=run_id, now=now) for item in batch.held]
            held = hold(connection, held_rows)
            settle_passed(
                connection,
                versions.keys() - batch.not_loaded,
                held={row["quarantine_id"] for row in held_rows},
                now=now,
            )
            _save_verdicts(connection, batch, run_id=run_id, now=now)
        return Loaded(
            statements=Counter(each.statement.label for each in new),
            sightings=len(changes.opened) + len(changes.noted),
            superseded=superseded,
            held=held,
        )

    def _refuse_unknown(self, analysed: Iterable[Article], stored: Collection[str]) -> None:
        for article in analysed:
            if article.version_id not in stored:
                raise WarehouseError(
                    f"{shown(self.url)}: does not hold this version of {article.url}; collect it first"
                )


@contextmanager
def _no_garbage_sought() -> Iterator[None]:
    """A batch makes a million objects and hardly a cycle; to walk them all again and again is a tenth of its time."""
    sought = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if sought:
            gc.enable()


_Versions = Mapping[str, RowMapping]


def _stored_versions(connection: Connection, version_ids: Collection[str]) -> dict[str, RowMapping]:
    """By version id: article, and whether it is the current text.

    Their articles are held meanwhile, so that no collector makes another version current before the batch stands;
    SQLite has one writer anyway.
    """
    it = article_versions.c
    if connection.dialect.name == "postgresql":
        of_these = select(it.article_id).where(among(connection, it.version_id, version_ids))
        lock = select(articles.c.article_id).where(articles.c.article_id.in_(of_these))
        connection.execute(lock.order_by(articles.c.article_id).with_for_update(key_share=True))
    query = select(it.version_id, it.article_id, it.is_current)
    found = connection.execute(query.where(among(connection, it.version_id, version_ids)))
    return {row["version_id"]: row for row in found.mappings()}


def _captured_at(connection: Connection, version_ids: Collection[str]) -> dict[str, datetime]:
    """By version id, when its capture was made."""
    it = article_versions.c
    query = select(it.version_id, captures.c.fetched_at).join(captures)
    found = connection.execute(query.where(among(connection, it.version_id, version_ids)))
    return {version_id: fetched_at for version_id, fetched_at in found}  # noqa: C416 (rows are no pairs to mypy)


def _found(batch: AnalysedBatch, stored: _Versions, *, leave_out: Collection[str]) -> list[Found]:
    """What the rules found in what the gate let through, in the order of the batch."""
    found: list[Found] = []
    for article, statements_found in batch.analysed:
        version_id = article.version_id if statements_found else ""
        if not statements_found or version_id in leave_out:
            continue
        row = stored[version_id]
        found += [
            Found(article, row["article_id"], version_id, each, each.statement_id, row["is_current"])
            for each in statements_found
        ]
    return found


def _standing(connection: Connection, article_ids: Collection[str]) -> dict[Sighting, bool]:
    """Every recorded sighting of these articles, and whether it still stands."""
    key = [sightings.c[name] for name in ("statement_id", "version_id", "span_start", "span_end", "article_id")]
    query = select(*key, sightings.c.superseded_at, *(sightings.c[name] for name in READ)).order_by(
        sightings.c.recorded_at
    )
    standing: dict[Sighting, bool] = {}
    of_these = among(connection, sightings.c.article_id, article_ids)
    for row in connection.execute(query.where(of_these)).mappings():
        place = {column.name: row[column.name] for column in key}
        sighting = Sighting(**place, reading=reading_in(row))
        standing[sighting] = standing.get(sighting, False) or row["superseded_at"] is None
    return standing


def _save_verdicts(connection: Connection, batch: AnalysedBatch, *, run_id: str, now: datetime) -> None:
    batch_id = content_id(batch.ruleset, *sorted(article.version_id for article, _ in batch.analysed))
    insert_missing(
        connection,
        quality_results,
        [rows.verdict_values(verdict, batch_id=batch_id, run_id=run_id, now=now) for verdict in batch.verdicts],
    )


def _mark_seen(connection: Connection, version_ids: Collection[str], *, ruleset: str, now: datetime) -> None:
    of_these = among(connection, article_versions.c.version_id, version_ids)
    connection.execute(update(article_versions).where(of_these).values(analysed_by=ruleset, analysed_at=now))
