"""The rows under which evidence stands, for those who prove them: captures, and the texts that were read from them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import datetime

from sqlalchemy import RowMapping, func, select

from pipeline.adapters.warehouse import rows
from pipeline.adapters.warehouse.database import Database
from pipeline.adapters.warehouse.schema import article_versions, articles, captures, sightings, sources, statements
from pipeline.adapters.warehouse.upsert import existing, insert_missing
from pipeline.records import Article, Capture, Source, Statement

_PAGE = 500
_CAPTURE = tuple(field.name for field in fields(Capture))
_SOURCE = tuple(field.name for field in fields(Source))


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One capture with all that the warehouse says was read from it.

    Attributes:
        capture: the row.
        source: whose collection asked for it.
        articles: the texts read from it; their ids are the rows' ids when nothing was changed.
        version_ids: the ids under which those rows stand.
    """

    capture: Capture
    source: Source
    articles: tuple[Article, ...]
    version_ids: tuple[str, ...]


class EvidenceTables(Database):
    """What adopting, verifying and replaying need."""

    def adopt(self, found: Iterable[Capture], *, now: datetime) -> int:
        """Give rows to captures of the archive that have none; how many had none.

        A source that is known no more gets a row of its own, disabled: evidence is never without its row.
        """
        by_id = {capture.capture_id: capture for capture in found}
        if not by_id:
            return 0
        with self.loading() as connection:
            standing = existing(connection, captures.c.capture_id, by_id)
            orphans = [capture for capture_id, capture in by_id.items() if capture_id not in standing]
            insert_missing(connection, sources, [_unknown_source(capture, now) for capture in orphans])
            insert_missing(connection, captures, [rows.capture_values(one, entry_key=None) for one in orphans])
        return len(orphans)

    def capture_count(self) -> int:
        """How many captures have a row."""
        with self.reading() as connection:
            return connection.execute(select(func.count()).select_from(captures)).scalar_one()

    def evidence(self) -> Iterator[Evidence]:
        """Every capture with what was read from it, by file and place in the file."""
        after: tuple[str, int] = ("", -1)
        while True:
            page = self._page(after)
            yield from page
            if len(page) < _PAGE:
                return
            after = (page[-1].capture.archive_file, page[-1].capture.archive_offset)

    def standing_statements(self, version_ids: Iterable[str]) -> dict[str, list[tuple[str, Statement]]]:
        """Id and statement of each that stands in these versions, by version."""
        found: dict[str, list[tuple[str, Statement]]] = {}
        wanted = sorted(set(version_ids))
        query = (
            select(statements, sightings.c.version_id.label("seen_in"), sightings.c.span_start.label("seen_at"),
                   sightings.c.span_end.label("seen_to"))
            .join(sightings, sightings.c.statement_id == statements.c.statement_id)
            .where(sightings.c.version_id.in_(wanted), sightings.c.superseded_at.is_(None))
        )  # fmt: skip
        with self.reading() as connection:
            for row in connection.execute(query).mappings():
                at = {"span_start": row["seen_at"], "span_end": row["seen_to"]}
                statement = rows.statement_of({**row, **at})
                found.setdefault(row["seen_in"], []).append((row["statement_id"], statement))
        return found

    def _page(self, after: tuple[str, int]) -> list[Evidence]:
        file, offset = after
        place = captures.c
        query = (
            select(captures, *(sources.c[name].label(f"source_{name}") for name in _SOURCE))
            .join(sources, sources.c.source_id == place.source_id)
            .where((place.archive_file > file) | ((place.archive_file == file) & (place.archive_offset > offset)))
            .order_by(place.archive_file, place.archive_offset)
            .limit(_PAGE)
        )
        with self.reading() as connection:
            found = connection.execute(query).mappings().all()
            ids = [row["capture_id"] for row in found]
            texts = connection.execute(
                select(article_versions, articles.c.url)
                .join(articles, articles.c.article_id == article_versions.c.article_id)
                .where(article_versions.c.capture_id.in_(ids))
            ).mappings()
            by_capture: dict[str, list[RowMapping]] = {}
            for row in texts:
                by_capture.setdefault(row["capture_id"], []).append(row)
        return [_evidence(row, by_capture.get(row["capture_id"], ())) for row in found]


def _evidence(row: RowMapping, texts: Iterable[RowMapping]) -> Evidence:
    texts = list(texts)
    return Evidence(
        capture=Capture(**{name: row[name] for name in _CAPTURE}),
        source=Source(**{name: row[f"source_{name}"] for name in _SOURCE}),
        articles=tuple(rows.article_of(text) for text in texts),
        version_ids=tuple(text["version_id"] for text in texts),
    )


def _unknown_source(capture: Capture, now: datetime) -> Mapping[str, object]:
    source = Source(source_id=capture.source_id, kind="page", url=capture.url, name=capture.source_id, enabled=False)
    return rows.source_values(source, now=now)
