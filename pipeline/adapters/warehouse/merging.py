"""To which statement each thing that was found belongs: its own, or one that another article carries already.

When two reports are the same is `pipeline.quality.sameness`. Here stands which rows are compared, and what holds when
an article is read again: what was found in a place stays with its statement as long as that one is still carried by
its first article or another one; else it follows the statement that took that one's place.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import NamedTuple

from sqlalchemy import ARRAY, Connection, Date, FromClause, RowMapping, Text, func, literal, select

from pipeline.adapters.warehouse.reconcile import Sighting
from pipeline.adapters.warehouse.schema import sightings, statements
from pipeline.adapters.warehouse.upsert import among
from pipeline.quality.candidates import Candidates
from pipeline.quality.sameness import DAYS_APART, Reported
from pipeline.records import Article, Statement

_COUNTED = ("relative-to-publication", "publication")
_NEAREST_FIRST = tuple(timedelta(days=n) for n in sorted(range(-DAYS_APART, DAYS_APART + 1), key=abs))
_Bucket = tuple[str, str | None, date | None]


class Found(NamedTuple):
    """A statement as the rules found it in a version.

    Attributes:
        found_id: its identity by content.
        current: whether the version is its article's text now.
    """

    article: Article
    article_id: str
    version_id: str
    statement: Statement
    found_id: str
    current: bool


@dataclass(slots=True)
class Known:
    """The statements of the warehouse that what was found may belong to.

    Attributes:
        rows: by statement id: text, home article and whether it stands; grows with what is new.
        stored: ids of those that the warehouse has.
        places: by statement id, the articles that carry it now.
        buckets: candidates by label, group and day.
    """

    rows: dict[str, tuple[str, str, bool]] = field(default_factory=dict)
    stored: frozenset[str] = frozenset()
    places: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    buckets: dict[_Bucket, Candidates] = field(default_factory=lambda: defaultdict(Candidates))

    def add(self, report: Reported, *, home: str) -> None:
        """Let what follows be compared with this statement."""
        self.rows.setdefault(report.key, (report.text, home, True))
        if report.group is not None and report.said_on is not None:
            self.buckets[report.label, report.group, report.said_on].add(report)

    def carried_elsewhere(self, statement_id: str, article_id: str) -> bool:
        """Whether it stands, and not by this article alone."""
        return bool(self.places.get(statement_id, set()) - {article_id})

    def same_as(self, report: Reported, article_id: str) -> str | None:
        """A statement of another article that reports the same and that another article carries."""
        if report.said_on is None:
            return None
        for days in _NEAREST_FIRST:
            bucket = self.buckets.get((report.label, report.group, report.said_on + days))
            for key in bucket.same_as(report) if bucket else ():
                if self.rows[key][1] != article_id and self.carried_elsewhere(key, article_id):
                    return key
        return None


def assigned(found: Sequence[Found], standing: Mapping[Sighting, bool], known: Known) -> list[tuple[Found, str]]:
    """What was found, each with the statement that it belongs to, in order; what is new is known afterwards."""
    kept = _kept(standing)
    homes: list[tuple[int, str | None]] = []
    followers: list[tuple[int, str | None]] = []
    for position, each in enumerate(found):
        before = kept.get((each.version_id, each.statement.start, each.found_id))
        (homes if before in (None, each.found_id) else followers).append((position, before))
    owners: dict[int, str] = {}
    for position, before in (*homes, *followers):
        owners[position] = _owner(found[position], before, known)
    return [(each, owners[position]) for position, each in enumerate(found)]


def _kept(standing: Mapping[Sighting, bool]) -> dict[tuple[str, int, str], str]:
    """By version, place and what was found there: the statement that it belongs to until now."""
    return {
        (sighting.version_id, sighting.span_start, sighting.reading.found_id): sighting.statement_id
        for sighting, stands in standing.items()
        if stands and sighting.reading
    }


def _owner(each: Found, before: str | None, known: Known) -> str:
    report = reported(each.statement, each.found_id)
    owner = _choice(each, report, before, known)
    if owner == each.found_id:
        known.add(report, home=each.article_id)
    if each.current:
        known.places[owner].add(each.article_id)
    return owner


def _choice(each: Found, report: Reported, before: str | None, known: Known) -> str:
    if before is not None and (before == each.found_id or known.carried_elsewhere(before, each.article_id)):
        return before
    if known.carried_elsewhere(each.found_id, each.article_id):
        return each.found_id
    return known.same_as(report, each.article_id) or before or each.found_id


def reported(statement: Statement, key: str) -> Reported:
    """A statement as it is compared with others."""
    to_the_day = statement.said_on_precision == "day"
    return Reported(
        key=key,
        label=statement.label,
        group=statement.group,
        said_on=statement.said_on if to_the_day else None,
        counted=statement.said_on_basis in _COUNTED,
        speaker=statement.speaker,
        text=statement.text,
    )


def known_near(connection: Connection, found: Sequence[Found], standing: Mapping[Sighting, bool]) -> Known:
    """What the warehouse holds that `found` may belong to; `standing` are the sightings of the same articles so far."""
    known = Known()
    columns = [statements.c[name] for name in _COMPARED]
    ids = {each.found_id for each in found} | set(_kept(standing).values())
    of_these = select(*columns).where(among(connection, statements.c.statement_id, ids))
    for row in connection.execute(of_these).mappings():
        known.rows[row["statement_id"]] = (row["text"], row["article_id"], row["superseded_at"] is None)
    query = select(*columns).where(statements.c.superseded_at.is_(None), statements.c.said_on_precision == "day")
    days = _listed(connection, _days(found))
    # A join, since PostgreSQL holds each row of the table against each pair of an IN list.
    here = (days.c.of_group == statements.c.group_id) & (days.c.day == statements.c.said_on)
    near = connection.execute(query.join(days, here)).mappings()
    for row in sorted(near, key=lambda row: (row["recorded_at"], row["statement_id"])):
        known.add(_reported_row(row), home=row["article_id"])
    known.stored = frozenset(known.rows)
    _add_places(connection, known)
    # What these articles carry is being decided.
    deciding = {sighting.article_id for sighting in standing} | {each.article_id for each in found}
    for carriers in known.places.values():
        carriers.difference_update(deciding)
    return known


def _days(found: Sequence[Found]) -> set[tuple[str, date]]:
    return {
        (it.group, it.said_on + days)
        for it in (each.statement for each in found)
        if it.group is not None and it.said_on is not None and it.said_on_precision == "day"
        for days in _NEAREST_FIRST
    }


def _listed(connection: Connection, days: Iterable[tuple[str, date]]) -> FromClause:
    """Rows of `of_group` and `day`, as few parameters however many they are."""
    ordered = sorted(days)
    if connection.dialect.name == "postgresql":
        groups = literal([group for group, _ in ordered], ARRAY(Text))
        them = func.unnest(groups, literal([day for _, day in ordered], ARRAY(Date)))
        return them.table_valued("of_group", "day", name="days").render_derived()
    pairs = func.json_each(json.dumps([(group, day.isoformat()) for group, day in ordered])).table_valued("value")
    group, day = (func.json_extract(pairs.c.value, f"$[{n}]") for n in range(2))
    return select(group.label("of_group"), day.label("day")).subquery("days")


def _add_places(connection: Connection, known: Known) -> None:
    query = select(sightings.c.statement_id, sightings.c.article_id).where(sightings.c.superseded_at.is_(None))
    of_these = query.where(among(connection, sightings.c.statement_id, known.rows))
    for statement_id, article_id in connection.execute(of_these):
        known.places[statement_id].add(article_id)


def _reported_row(row: RowMapping) -> Reported:
    return Reported(
        key=row["statement_id"],
        label=row["label"],
        group=row["group_id"],
        said_on=row["said_on"],
        counted=row["said_on_basis"] in _COUNTED,
        speaker=row["speaker"],
        text=row["text"],
    )


_COMPARED = (
    "statement_id", "label", "group_id", "said_on", "said_on_basis", "speaker", "text", "article_id",
    "recorded_at", "superseded_at",
)  # fmt: skip
