"""`bayan parse-feed`: what feeds say, as JSON Lines."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from pipeline.ingest import ParsedFeed
    from pipeline.records import Entry


def parse_feed(
    files: Annotated[list[Path], typer.Argument(help="Feeds: RSS, RDF, Atom or JSON Feed.", show_default=False)],
    *,
    base_url: Annotated[str, typer.Option(help="Against which relative links are read.")] = "",
) -> None:
    """Read feeds and print one JSON object a file: its entries, or the error. Exit code 1 if any file is no feed."""
    failed = False
    for file in files:
        answer = _answer(file, base_url)
        failed |= "error" in answer
        typer.echo(json.dumps({"file": str(file), **answer}, ensure_ascii=False))
    if failed:
        raise typer.Exit(1)


def _answer(file: Path, base_url: str) -> dict[str, Any]:
    from pipeline.errors import ParseError
    from pipeline.ingest import parse_feed as parse

    try:
        return _shown(parse(file.read_bytes(), content_type=None, base_url=base_url))
    except OSError as error:
        return {"error": f"{file}: cannot be read ({error.strerror}); name a file"}
    except ParseError as error:
        return {"error": f"{file}: {error}"}


def _shown(feed: ParsedFeed) -> dict[str, Any]:
    malformed = [
        {"reason": one.reason, "detail": one.detail, "payload": json.loads(one.payload)} for one in feed.malformed
    ]
    return {"title": feed.title, "entries": [_entry(entry) for entry in feed.entries], "malformed": malformed}


def _entry(entry: Entry) -> dict[str, Any]:
    return {
        "url": entry.url,
        "title": entry.title,
        "guid": entry.guid,
        "published_at": entry.published_at.isoformat() if entry.published_at else None,
        "summary": entry.summary,
        "author": entry.author,
    }
