"""The pages of a pass: those that are new, and those that are looked at again for edits and deletion."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from pipeline.errors import FetchError, ParseError
from pipeline.ingest import fingerprint, read_article
from pipeline.jobs.passing import Pass, held_page, is_definite, is_gone, kind_of
from pipeline.records import (
    Article,
    ArticleEvent,
    Capture,
    CollectedPage,
    Entry,
    Fingerprint,
    Quarantined,
    Response,
    Source,
    Validators,
    Visit,
)

_PAGES_AT_ONCE = 4
_LATER_LOOKS = (6, 24, 72, 168, 720)
"""Looks at a page after the second, in multiples of the time to the second: news is edited in hours, and deleted in
days."""


async def fetch_pages(one_pass: Pass, entries: Sequence[Entry]) -> None:
    """Fetch and keep the pages of entries; what passes the limits waits for the next pass."""
    now, later = entries[: one_pass.limits.pages], entries[one_pass.limits.pages :]
    one_pass.count["deferred"] += len(later)
    if later:
        one_pass.tell(f"{len(later)} of {len(entries)} new pages wait for the next pass; nothing to do")
    await _a_few_at_a_time([_or_defer(one_pass, _page, entry) for entry in now])


async def revisit_pages(one_pass: Pass) -> None:
    """Look again at the pages that are due."""
    source_id, limit = one_pass.source.source_id, one_pass.limits.revisits
    due = one_pass.ports.store.due_visits(source_id, now=one_pass.now, limit=limit)
    await _a_few_at_a_time([_or_defer(one_pass, _revisit, visit) for visit in due])


async def keep_page(one_pass: Pass, response: Response, entry: Entry | None, visit: Visit | None = None) -> None:
    """Keep a page and what it says, in one transaction. `visit` is the visit due, None for a page seen first."""
    capture = one_pass.keep(response)
    read = await one_pass.parse(lambda: _read(response, capture, entry, one_pass.source))
    article, found, held = read
    page = CollectedPage(
        capture=capture,
        entry_key=entry.entry_key if entry and visit is None else None,
        article=article,
        held=(held,) if held else (),
        visit=_next_look(one_pass, article, response, visit),
        fingerprint=found,
    )
    count_kept(one_pass, page)


def count_kept(one_pass: Pass, page: CollectedPage) -> None:
    """Keep what was read, and count what that changed."""
    kept = one_pass.ports.store.save_page(page, run_id=one_pass.run_id, now=one_pass.now)
    one_pass.count["new_articles"] += kept.is_new
    one_pass.count["changed"] += kept.edited
    one_pass.count["restored"] += kept.restored
    one_pass.count["near_duplicates"] += kept.linked
    one_pass.count["unchanged"] += page.article is not None and not kept.is_new
    one_pass.count["held"] += len(page.held)


def validators_of(response: Response) -> Validators:
    """What the server said for a conditional request."""
    return Validators(etag=response.header("etag"), last_modified=response.header("last-modified"))


def record_deletion(one_pass: Pass, visit: Visit, reason: str, *, capture_id: str | None) -> None:
    """Note that an article is gone; its texts stay, and its page is looked at again in case it comes back.

    `capture_id` is the evidence: the answer that says so, or the page on which it is missing.
    """
    event = ArticleEvent(
        article_id=visit.article_id,
        kind="deleted",
        reason=reason,
        observed_at=one_pass.now,
        source_id=one_pass.source.source_id,
        capture_id=capture_id,
    )
    is_new = one_pass.ports.store.record_event(event, visit=_after(visit, one_pass, Validators()))
    one_pass.count["deleted"] += is_new


async def _page(one_pass: Pass, entry: Entry) -> None:
    try:
        response = await one_pass.ports.fetcher.fetch(entry.url, witness=one_pass.witness, as_page=True)
    except FetchError as error:
        if is_definite(error):
            one_pass.hold([held_page(one_pass.source, entry, kind_of(error), str(error))])
            if is_gone(error):
                for visit in one_pass.ports.store.visits_of(one_pass.source.source_id, url=entry.url):
                    record_deletion(one_pass, visit, kind_of(error), capture_id=one_pass.absences.get(entry.url))
            return
        raise
    await keep_page(one_pass, response, entry)


async def _revisit(one_pass: Pass, visit: Visit) -> None:
    one_pass.count["revisited"] += 1
    try:
        response = await one_pass.ports.fetcher.fetch(
            visit.url, witness=one_pass.witness, validators=visit.validators, as_page=True
        )
    except FetchError as error:
        if is_gone(error):
            record_deletion(one_pass, visit, kind_of(error), capture_id=one_pass.absences.get(visit.url))
            return
        one_pass.ports.store.save_visit(_after(visit, one_pass, visit.validators))
        raise
    if response.status == 304:
        one_pass.witness(response)
        one_pass.ports.store.save_visit(_after(visit, one_pass, visit.validators))
        return
    # The feed's word on title and time still counts: without it the same text would be another version.
    entry = Entry(url=visit.url, title=visit.title, published_at=visit.published_at)
    await keep_page(one_pass, response, entry, visit)


def _read(
    response: Response, capture: Capture, entry: Entry | None, source: Source
) -> tuple[Article | None, Fingerprint | None, Quarantined | None]:
    content_type = response.header("content-type")
    try:
        article = read_article(response.body, capture=capture, content_type=content_type, entry=entry, source=source)
    except ParseError as error:
        return None, None, held_page(source, entry, error.reason, f"{response.final_url}: {error}")
    return article, fingerprint(article.body), None


def _next_look(one_pass: Pass, article: Article | None, response: Response, visit: Visit | None) -> Visit | None:
    if visit is not None:
        return _after(visit, one_pass, validators_of(response))
    if article is None:
        return None
    return Visit(
        article_id=article.article_id,
        source_id=one_pass.source.source_id,
        url=response.url,
        visits=1,
        next_visit_at=one_pass.now + timedelta(seconds=one_pass.limits.revisit_after),
        validators=validators_of(response),
    )


def _after(visit: Visit, one_pass: Pass, validators: Validators) -> Visit:
    """The visit that follows this one, or none when the page was looked at often enough."""
    due: datetime | None = None
    if visit.visits <= len(_LATER_LOOKS):
        due = one_pass.now + timedelta(seconds=one_pass.limits.revisit_after * _LATER_LOOKS[visit.visits - 1])
    return replace(visit, visits=visit.visits + 1, next_visit_at=due, validators=validators)


async def _or_defer(one_pass: Pass, work: Callable[..., Coroutine[Any, Any, None]], item: Entry | Visit) -> None:
    """Do the work unless the source's pages failed too often in a row: a server that hangs is not waited for again."""
    if one_pass.lost_in_a_row >= one_pass.limits.lost_pages:
        one_pass.count["deferred"] += 1
        return
    try:
        await work(one_pass, item)
    except FetchError as error:
        one_pass.fail(error)
        one_pass.lost_in_a_row += 1
        if one_pass.lost_in_a_row == one_pass.limits.lost_pages:
            one_pass.tell(f"{one_pass.lost_in_a_row} pages failed in a row; the others wait for the next pass")
    else:
        one_pass.lost_in_a_row = 0


async def _a_few_at_a_time(works: Sequence[Coroutine[Any, Any, None]]) -> None:
    """The first failure of our own stores ends them all, as does the user's wish to stop."""
    turns = asyncio.Semaphore(_PAGES_AT_ONCE)

    async def one(work: Coroutine[Any, Any, None]) -> None:
        async with turns:
            await work

    try:
        async with asyncio.TaskGroup() as group:
            for work in works:
                group.create_task(one(work))
    except BaseExceptionGroup as failures:
        raise failures.exceptions[0] from failures
    finally:
        for work in works:
            work.close()
