"""Evidence against the warehouse: captures without a row adopted, rows proven, articles and statements made again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from pipeline.errors import ArchiveError, ParseError
from pipeline.ingest import parse_channel, post_article, read_article, read_document
from pipeline.jobs.ports import Classifier, OpenArchive
from pipeline.records import LOCAL_KINDS, Article, Capture, Entry, Response, Source, Statement


class Evidence(Protocol):
    """One capture with the texts that the warehouse says were read from it."""

    @property
    def capture(self) -> Capture: ...
    @property
    def source(self) -> Source: ...
    @property
    def articles(self) -> tuple[Article, ...]: ...
    @property
    def version_ids(self) -> tuple[str, ...]: ...


class EvidenceStore(Protocol):
    """What this job needs of the warehouse."""

    def adopt(self, found: Iterable[Capture], *, now: datetime) -> int: ...
    def capture_count(self) -> int: ...
    def evidence(self) -> Iterator[Evidence]: ...
    def standing_statements(self, version_ids: Iterable[str]) -> dict[str, list[tuple[str, Statement]]]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceReport:
    """What was proven.

    Attributes:
        captures: rows that were looked at.
        articles: texts read again (replay) or whose id was computed again (verify).
        statements: statements found again (replay) or looked at (verify).
        problems: one line for each thing that does not match.
    """

    captures: int
    articles: int
    statements: int
    problems: tuple[str, ...]


Tick = Callable[[int, int], None]
"""Hears how many captures of how many are done."""


def adopt_orphans(archive: OpenArchive, store: EvidenceStore, *, now: datetime) -> int:
    """Give rows to what a killed worker stored without; how many captures had none."""
    return sum(store.adopt(captures, now=now) for _, captures in archive.left_open())


def verify(archive: OpenArchive, store: EvidenceStore, *, tick: Tick) -> EvidenceReport:
    """Prove every capture's row against its record, every text's id against the text, and every record against rows."""
    total, problems, rows = store.capture_count(), list[str](), set[str]()
    articles = statements = 0
    for done, one in enumerate(store.evidence(), 1):
        rows.add(one.capture.capture_id)
        try:
            archive.response(one.capture)
        except ArchiveError as error:
            problems.append(str(error))
        problems += _changed_rows(one)
        held = store.standing_statements(one.version_ids)
        problems += _misplaced(one, held)
        articles += len(one.articles)
        statements += sum(len(found) for found in held.values())
        tick(done, total)
    for name, captures in archive.files():
        problems += [
            f"{name} at {capture.archive_offset}: capture {capture.capture_id} has no row; the next collecting adopts "
            "what a killed run left, else restore the warehouse"
            for capture in captures
            if capture.capture_id not in rows
        ]
    return EvidenceReport(captures=len(rows), articles=articles, statements=statements, problems=tuple(problems))


def replay(
    archive: OpenArchive, store: EvidenceStore, rules: Callable[[], Classifier], *, tick: Tick
) -> EvidenceReport:
    """Make articles and statements again from the archive alone, and compare their ids with those that stand.

    Texts are compared by the version id, which is their hash; statements by their ids, which are theirs.
    `rules` gives the rule set of today; it is asked when the first statement is met.
    """
    total, problems = store.capture_count(), list[str]()
    captures = articles = statements = 0
    for captures, one in enumerate(store.evidence(), 1):
        tick(captures, total)
        if not one.articles:
            continue
        try:
            again = {article.url: article for article in _read_again(archive.response(one.capture), one)}
        except (ArchiveError, ParseError) as error:
            problems.append(f"capture {one.capture.capture_id}: {error}")
            continue
        standing = store.standing_statements(one.version_ids)
        for stored, version_id in zip(one.articles, one.version_ids, strict=True):
            made = again.get(stored.url)
            articles += 1
            if made is None or made.version_id != version_id or (made.title, made.body) != (stored.title, stored.body):
                problems.append(f"article {stored.url}: the archive gives another text than version {version_id}")
                continue
            ids = {statement_id for statement_id, _ in standing.get(version_id, ())}
            statements += len(ids)
            if ids and (lost := ids - {statement.statement_id for statement in rules().statements(made)}):
                problems.append(f"article {stored.url}: today's rules do not find {', '.join(sorted(lost))}")
    return EvidenceReport(captures=captures, articles=articles, statements=statements, problems=tuple(problems))


def _changed_rows(one: Evidence) -> list[str]:
    return [
        f"version {version_id} of {article.url}: its row holds another text than its id says; restore the warehouse"
        for article, version_id in zip(one.articles, one.version_ids, strict=True)
        if article.version_id != version_id
    ]


def _misplaced(one: Evidence, held: Mapping[str, Sequence[tuple[str, Statement]]]) -> list[str]:
    """Statements whose words do not stand where the row says."""
    bodies = dict(zip(one.version_ids, (article.body for article in one.articles), strict=True))
    return [
        f"statement {statement_id}: its words do not stand at {statement.start} of version {version_id}; restore it"
        for version_id, found in held.items()
        for statement_id, statement in found
        if " ".join(bodies[version_id][statement.start : statement.end].split()) != " ".join(statement.text.split())
    ]


def _read_again(response: Response, one: Evidence) -> list[Article]:
    """The articles of a capture, read as they were read when it was fetched."""
    capture, source, content_type = one.capture, one.source, response.header("content-type")
    if source.kind in LOCAL_KINDS:
        return [read_document(response.body, capture=capture, content_type=content_type, source=source)]
    if source.kind == "channel":
        channel = parse_channel(response.body, content_type=content_type, base_url=response.final_url)
        return [post_article(post, capture=capture, source=source) for post in channel.posts]
    (stored,) = one.articles
    # What the feed said of the page is not in the page: the row's word for it is taken.
    by_feed = stored.published_at if stored.published_basis == "feed" else None
    entry = Entry(url=response.url, title=stored.title, published_at=by_feed, author=stored.author)
    return [read_article(response.body, capture=capture, content_type=content_type, entry=entry, source=source)]
