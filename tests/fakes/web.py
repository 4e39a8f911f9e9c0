"""A web, an archive and a store in memory, for the job that collects."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from pipeline.errors import FetchError
from pipeline.records import (
    ArticleEvent,
    Capture,
    CollectedPage,
    PageKept,
    Quarantined,
    Response,
    Source,
    SourceHealth,
    Visit,
)

NOW = datetime(2026, 3, 5, 12, tzinfo=UTC)


class FakeWeb:
    """The port `Fetcher`: pages by address; an address that is missing answers 404."""

    def __init__(self, pages: dict[str, str | bytes | FetchError]) -> None:
        self.pages = pages
        self.asked: list[str] = []

    async def fetch(self, url: str, *, witness, validators=None, as_page=False) -> Response:
        self.asked.append(url)
        page = self.pages.get(url) or FetchError(url, "status", "the server answered 404", status=404)
        if isinstance(page, FetchError):
            raise page
        body = page.encode() if isinstance(page, str) else page
        return Response(
            url=url,
            final_url=url,
            status=200,
            reason="OK",
            headers=(("Content-Type", "text/html"),),
            body=body,
            raw_body=body,
            request_headers=(),
            fetched_at=NOW,
        )


class FakeStores:
    """The ports `Archive`, `SourceStore` and `RunStore` in one, with a journal of what was written in which order."""

    def __init__(self) -> None:
        self.journal: list[str] = []
        self.captures: dict[str, str | None] = {}
        self.pages: list[CollectedPage] = []
        self.held: dict[str, Quarantined] = {}
        self.fetches: list[str | None] = []
        self.healths: dict[str, SourceHealth] = {}
        self.visits: dict[str, Visit] = {}
        self.events: list[ArticleEvent] = []
        self.runs: list[tuple[str, bool, tuple[str, ...]]] = []
        self.versions: set[str] = set()

    def store(self, response: Response, *, source_id: str) -> Capture:
        self.journal.append(f"archive {response.url}")
        return Capture(
            capture_id=str(UUID(int=len(self.journal))),
            source_id=source_id,
            url=response.url,
            final_url=response.final_url,
            fetched_at=response.fetched_at,
            status=response.status,
            media_type="text/html",
            body_sha256="0" * 64,
            body_bytes=len(response.body),
            archive_file="a.warc.gz",
            archive_offset=0,
        )

    def save_sources(self, sources: list[Source], *, now: datetime) -> None:
        self.journal.append(f"source {sources[0].source_id}")

    def start_run(self, run_id: str, *, job: str, now: datetime) -> None:
        self.journal.append(f"start {job}")

    def finish_run(self, run_id, *, counts, problems, failed, now) -> None:
        self.runs.append((run_id, failed, tuple(problems)))

    def known_entries(self, source_id: str) -> frozenset[str]:
        captured = {key for key in self.captures.values() if key}
        return frozenset(captured | {item.key for item in self.held.values() if item.stage == "pages"})

    def save_capture(self, capture: Capture, *, entry_key: str | None) -> None:
        self.journal.append(f"capture {capture.url}")
        self.captures[capture.capture_id] = entry_key

    def save_page(self, page: CollectedPage, *, run_id: str, now: datetime) -> PageKept:
        self.journal.append(f"page {page.capture.url}")
        self.captures[page.capture.capture_id] = page.entry_key
        self.pages.append(page)
        self.quarantine(page.held, run_id=run_id, now=now)
        is_new = page.article is not None and page.article.version_id not in self.versions
        if page.article:
            self.versions.add(page.article.version_id)
        if page.visit:
            self.visits[page.visit.article_id] = page.visit
        return PageKept(is_new=is_new)

    def health(self, source_id: str) -> SourceHealth | None:
        return self.healths.get(source_id)

    def save_health(self, health: SourceHealth) -> None:
        self.healths[health.source_id] = health

    def due_visits(self, source_id: str, *, now: datetime, limit: int) -> tuple[Visit, ...]:
        due = (visit for visit in self.visits.values() if visit.next_visit_at and visit.next_visit_at <= now)
        return tuple(due)[:limit]

    def visits_of(self, source_id: str, *, url: str | None = None, latest: int = 200) -> tuple[Visit, ...]:
        return tuple(visit for visit in self.visits.values() if url in (None, visit.url))

    def save_visit(self, visit: Visit) -> None:
        self.visits[visit.article_id] = visit

    def record_event(self, event: ArticleEvent, *, visit: Visit | None) -> bool:
        known = any(event.article_id == one.article_id for one in self.events)
        self.events.append(event)
        if visit:
            self.save_visit(visit)
        return not known

    def quarantine(self, items, *, run_id: str, now: datetime) -> int:
        new = {item.quarantine_id: item for item in items if item.quarantine_id not in self.held}
        self.held |= new
        return len(new)

    def record_fetch(self, source_id: str, *, problem: str | None, now: datetime) -> None:
        self.fetches.append(problem)

    def awaiting_analysis(self, ruleset: str) -> int:
        return len(self.versions)
