"""What each kind of source gives in a pass: a feed, a sitemap or a channel on the web, one page, or local documents."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import datetime
from functools import partial

from pipeline.errors import FetchError, ParseError
from pipeline.ingest import (
    MalformedEntry,
    ParsedSitemap,
    Poll,
    document_date,
    entry_date,
    fingerprint,
    parse_channel,
    parse_feed,
    parse_sitemap,
    post_article,
    post_number,
    read_document,
)
from pipeline.jobs.pages import (
    count_kept,
    fetch_pages,
    keep_page,
    record_deletion,
    revisit_pages,
    validators_of,
)
from pipeline.jobs.passing import Pass, held_entry, is_gone, kind_of
from pipeline.records import (
    Article,
    CollectedPage,
    Document,
    Entry,
    MalformedDocument,
    Quarantined,
    Response,
    Validators,
    Visit,
)


async def poll_source(one_pass: Pass, url: str, validators: Validators) -> Poll:
    """Ask `url` for what the source has, deal with it, and say what it brought.

    Raises:
        FetchError, ParseError: the source gave nothing.
    """
    if one_pass.source.kind in {"folder", "warc"}:
        return await _documents(one_pass)
    is_page = one_pass.source.kind == "page"
    try:
        response = await one_pass.ports.fetcher.fetch(
            url, witness=one_pass.witness, validators=validators, as_page=is_page
        )
    except FetchError as error:
        if is_page and is_gone(error):
            for visit in one_pass.ports.store.visits_of(one_pass.source.source_id):
                record_deletion(one_pass, visit, kind_of(error), capture_id=one_pass.absences.get(url))
        raise
    if response.status == 304:
        one_pass.witness(response)
        one_pass.count["not_modified"] += 1
        await _revisit(one_pass)
        return Poll(outcome="same", moved_to=_moved(one_pass, response), conditional=True)
    full, times = await _READERS[one_pass.source.kind](one_pass, response)
    await _revisit(one_pass)
    return Poll(
        outcome="full" if full else "empty",
        new=one_pass.count["new_articles"],
        times=times,
        moved_to=_moved(one_pass, response),
        validators=validators_of(response) if one_pass.is_complete else Validators(),
        body_sha256=hashlib.sha256(response.body).hexdigest(),
        conditional=bool(validators),
    )


def _moved(one_pass: Pass, response: Response) -> str | None:
    """Where the source lives now: where this answer was redirected to for good, or where it was asked for already."""
    return response.moved_to or (response.url if response.url != one_pass.source.url else None)


async def _revisit(one_pass: Pass) -> None:
    if one_pass.source.kind in {"feed", "sitemap"}:
        await revisit_pages(one_pass)


_Read = tuple[bool, list[datetime]]
"""Whether there was anything, and the publication times of what there was."""


async def _feed(one_pass: Pass, response: Response) -> _Read:
    one_pass.witness(response)
    parsed = await one_pass.parse(
        partial(parse_feed, response.body, content_type=response.header("content-type"), base_url=response.final_url)
    )
    return await _entries(one_pass, parsed.entries, parsed.malformed)


async def _sitemap(one_pass: Pass, response: Response) -> _Read:
    one_pass.witness(response)
    parsed = await one_pass.parse(lambda: _parsed_sitemap(response))
    entries = list(parsed.entries)
    for url in parsed.sitemaps[: one_pass.limits.sitemaps]:
        try:
            part = await one_pass.ports.fetcher.fetch(url, witness=one_pass.witness)
            one_pass.witness(part)
            entries += (await one_pass.parse(partial(_parsed_sitemap, part))).entries
        except (FetchError, ParseError) as error:
            one_pass.fail(error)
    entries = [entry for entry in entries if entry_date(entry) in one_pass.limits.period]
    # Newest first, as far as they say: when there are more than one pass takes, the old ones wait.
    entries.sort(
        key=lambda entry: (entry.published_at is not None, entry.published_at, entry.summary or ""), reverse=True
    )
    return await _entries(one_pass, entries, ())


def _parsed_sitemap(response: Response) -> ParsedSitemap:
    return parse_sitemap(response.body, content_type=response.header("content-type"), base_url=response.final_url)


async def _entries(one_pass: Pass, entries: Iterable[Entry], malformed: Iterable[MalformedEntry]) -> _Read:
    entries, malformed = list(entries), list(malformed)
    one_pass.count["entries"] = len(entries) + len(malformed)
    if not one_pass.count["entries"]:
        one_pass.tell(f"the {one_pass.source.kind} is valid but empty; nothing to do unless it stays so")
    one_pass.hold([held_entry(entry, one_pass.source) for entry in malformed])
    known = one_pass.ports.store.known_entries(one_pass.source.source_id)
    one_pass.count["known"] = sum(entry.entry_key in known for entry in entries)
    new = {entry.entry_key: entry for entry in entries if entry.entry_key not in known}
    await fetch_pages(one_pass, list(new.values()))
    return bool(one_pass.count["entries"]), [entry.published_at for entry in entries if entry.published_at]


async def _single_page(one_pass: Pass, response: Response) -> _Read:
    await keep_page(one_pass, response, None)
    return True, []


async def _channel(one_pass: Pass, response: Response) -> _Read:
    """Every post is an article; one that was shown before and is missing between its neighbours is gone."""
    capture = one_pass.keep(response)
    one_pass.ports.store.save_capture(capture, entry_key=None)
    parsed = await one_pass.parse(
        partial(parse_channel, response.body, content_type=response.header("content-type"), base_url=response.final_url)
    )
    one_pass.count["entries"] = len(parsed.shown)
    for post in parsed.posts:
        article = post_article(post, capture=capture, source=one_pass.source)
        visit = Visit(
            article_id=article.article_id,
            source_id=one_pass.source.source_id,
            url=post.url,
            visits=1,
            next_visit_at=None,
        )
        page = CollectedPage(
            capture=capture, entry_key=None, article=article, visit=visit, fingerprint=fingerprint(article.body)
        )
        count_kept(one_pass, page)
    for visit in one_pass.ports.store.visits_of(one_pass.source.source_id):
        number = post_number(visit.url)
        if number is not None and parsed.is_gone(number):
            record_deletion(one_pass, visit, "gone-from-channel", capture_id=capture.capture_id)
    return bool(parsed.shown), [post.published_at for post in parsed.posts if post.published_at]


async def _documents(one_pass: Pass) -> Poll:
    """Local documents that were not read before."""
    shelf, store = one_pass.ports.shelf, one_pass.ports.store
    if shelf is None:
        raise AssertionError("a local source is collected with a shelf")
    known = store.known_entries(one_pass.source.source_id)
    for document in shelf.documents(one_pass.source, known=known):
        if isinstance(document, MalformedDocument):
            one_pass.count["entries"] += 1
            one_pass.hold([_held(one_pass, document.key, document.reason, document.detail, document.path)])
        elif document_date(document.response) in one_pass.limits.period:
            one_pass.count["entries"] += 1
            await _document(one_pass, document)
    return Poll(outcome="full" if one_pass.count["entries"] or known else "empty", new=one_pass.count["new_articles"])


async def _document(one_pass: Pass, document: Document) -> None:
    response = document.response
    capture = one_pass.keep(response)
    content_type = response.header("content-type")
    article: Article | None = None
    held: tuple[Quarantined, ...] = ()
    try:
        article = await one_pass.parse(
            partial(read_document, response.body, capture=capture, content_type=content_type, source=one_pass.source)
        )
    except ParseError as error:
        held = (_held(one_pass, document.key, error.reason, f"{response.url}: {error}", response.url),)
    page = CollectedPage(
        capture=capture,
        entry_key=document.key,
        article=article,
        held=held,
        fingerprint=fingerprint(article.body) if article else None,
    )
    count_kept(one_pass, page)


def _held(one_pass: Pass, key: str, reason: str, detail: str, path: str) -> Quarantined:
    return Quarantined(
        stage="pages",
        reason=reason,
        detail=detail,
        payload=json.dumps({"path": path}, ensure_ascii=False),
        key=key,
        source_id=one_pass.source.source_id,
    )


_READERS = {"feed": _feed, "sitemap": _sitemap, "channel": _channel, "page": _single_page}
