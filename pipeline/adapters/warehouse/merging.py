"""To which statement each thing that was found belongs: its own, or one that another article carries already.

When two reports are the same is `pipeline.quality.sameness`. Here stands which rows are compared, and what holds when
an article is read again: what was found in a place stays with its statement as long as that one is still carried by
its first article or another one; else it follows the statement that took that one's place.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy import Connection, Date, RowMapping, Text, column, select, values

from pipeline.adapters.warehouse.reconcile import Sighting
from pipeline.adapters.warehouse.schema import sightings, statements
from pipeline.adapters.warehouse.upsert import in_parts
from pipeline.quality.candidates import Candidates
from pipeline.quality.sameness import DAYS_APART, Reported
from pipeline.records import Article, Statement

_COUNTED = ("relative-to-publication", "publication")
_Bucket = tuple[str, str | None, date | None]


@dataclass(frozen=True, slots=True)
class Found:
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
        for days in (0, *(sign * n for n in range(1, DAYS_APART + 1) for sign in (-1, 1))):
            bucket = self.buckets.get((report.label, report.group, report.said_on + timedelta(days=days)))
            for key in bucket.same_as(report) if bucket else ():
                if self.rows[key][1] != article_id and self.carried_elsewhere(key, article_id):
                    return key
        return None


def assigned(
    connection: Connection, found: Sequence[Found], standing: Mapping[Sighting, bool]
) -> tuple[list[tuple[Found, str]], Known]:
    """What was found, each with the statement that it belongs to, in order; and what is known of those statements."""
    kept = {
        (sighting.version_id, sighting.span_start, sighting.reading.found_id): sighting.statement_id
        for sighting, stands in standing.items()
        if stands and sighting.reading
    }
    known = _known(connection, found, kept.values())
    # What the batch's articles carry is being decided here.
    deciding = {sighting.article_id for sighting in standing} | {each.article_id for each in found}
    for carriers in known.places.values():
        carriers.difference_update(deciding)
    homes: list[tuple[int, str | None]] = []
    followers: list[tuple[int, str | None]] = []
    for position, each in enumerate(found):
        before = kept.get((each.version_id, each.statement.start, each.found_id))
        (homes if before in (None, each.found_id) else followers).append((position, before))
    owners: dict[int, str] = {}
    for position, before in (*homes, *followers):
        owners[position] = _owner(found[position], before, known)
    return [(each, owners[position]) for position, each in enumerate(found)], known


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
        target=statement.target,
        text=statement.text,
    )


def _known(connection: Connection, found: Sequence[Found], kept: Iterable[str]) -> Known:
    known = Known()
    columns = [statements.c[name] for name in _COMPARED]
    ids = {each.found_id for each in found} | set(kept)
    for part in in_parts(ids):
        for row in connection.execute(select(*columns).where(statements.c.statement_id.in_(part))).mappings():
            known.rows[row["statement_id"]] = (row["text"], row["article_id"], row["superseded_at"] is None)
    query = select(*columns).where(statements.c.superseded_at.is_(None), statements.c.said_on_precision == "day")
    near: list[RowMapping] = []
    for some in in_parts(_days(found)):
        # A join, since PostgreSQL holds each row of the table against each pair of an IN list.
        days = values(column("of_group", Text), column("day", Date), name="days").data(some).cte()
        here = (days.c.of_group == statements.c.group_id) & (days.c.day == statements.c.said_on)
        near += connection.execute(query.join(days, here)).mappings()
    for row in sorted(near, key=lambda row: (row["recorded_at"], row["statement_id"])):
        known.add(_reported_row(row), home=row["article_id"])
    known.stored = frozenset(known.rows)
    _add_places(connection, known)
    return known


def _days(found: Sequence[Found]) -> set[tuple[str, date]]:
    around = range(-DAYS_APART, DAYS_APART + 1)
    return {
        (it.group, it.said_on + timedelta(days=days))
        for it in (each.statement for each in found)
        if it.group is not None and it.said_on is not None and it.said_on_precision == "day"
        for days in around
    }


def _add_places(connection: Connection, known: Known) -> None:
    query = select(sightings.c.statement_id, sightings.c.article_id).where(sightings.c.superseded_at.is_(None))
    for part in in_parts(known.rows):
        for statement_id, article_id in connection.execute(query.where(sightings.c.statement_id.in_(part))):
            known.places[statement_id].add(article_id)


def _reported_row(row: RowMapping) -> Reported:
    return Reported(
        key=row["statement_id"],
        label=row["label"],
        group=row["group_id"],
        said_on=row["said_on"],
        counted=row["said_on_basis"] in _COUNTED,
        speaker=row["speaker"],
        target=row["target"],
        text=row["text"],
    )


_COMPARED = (
    "statement_id", "label", "group_id", "said_on", "said_on_basis", "speaker", "target", "text", "article_id",
    "recorded_at", "superseded_at",
)  # fmt: skip
