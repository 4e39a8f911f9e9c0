"""Captures, articles and statements of an invented press, for tests: only what a test names differs."""

from datetime import UTC, date, datetime

from pipeline.records import Article, Capture, CollectedPage, Source, Statement
from pipeline.records.identity import content_id

NOON = datetime(2026, 3, 5, 12, tzinfo=UTC)

DAILY = Source(source_id="daily", kind="feed", url="https://daily.example/feed.xml", name="The Daily", language="en")

BODY = (
    "The Harbour Brigade said on Thursday that it would shell the port if the blockade stays.\n"
    "It also claimed the attack on the customs house. Fishermen said that they had heard nothing."
)
THREAT = (28, 88)
CLAIM = (89, 137)


def capture(number: int = 1, *, source_id: str = "daily", fetched_at: datetime = NOON) -> Capture:
    return Capture(
        capture_id=f"00000000-0000-0000-0000-{number:012d}",
        source_id=source_id,
        url=f"https://daily.example/{number}",
        final_url=f"https://daily.example/{number}",
        fetched_at=fetched_at,
        status=200,
        media_type="text/html",
        body_sha256=f"{number:064x}",
        body_bytes=1000,
        archive_file="daily.warc.gz",
        archive_offset=0,
    )


def article(number: int = 1, *, body: str = BODY, capture_number: int | None = None, **changes) -> Article:
    evidence = capture(capture_number or number)
    fields = {
        "url": f"https://daily.example/{number}",
        "title": f"News {number}",
        "body": body,
        "language": "en",
        "published_at": NOON,
        "published_basis": "feed",
        "author": None,
        "outlet": "The Daily",
        "source_id": evidence.source_id,
        "capture_id": evidence.capture_id,
    }
    return Article(**{**fields, **changes})


def page(of: Article | None, number: int = 1, *, fetched_at: datetime = NOON, **changes) -> CollectedPage:
    fields = {"capture": capture(number, fetched_at=fetched_at), "entry_key": content_id(str(number)), "article": of}
    return CollectedPage(**{**fields, **changes})


def statement(of: Article, span: tuple[int, int] = THREAT, **changes) -> Statement:
    start, end = span
    fields = {
        "label": "threat",
        "text": of.body[start:end],
        "start": start,
        "end": end,
        "group": "harbour-brigade",
        "said_on": date(2026, 3, 5),
        "said_on_precision": "day",
        "said_on_basis": "text",
        "confidence": 0.9,
        "cameo": "138",
        "rules": ("threat-shell",),
    }
    return Statement(**{**fields, **changes})
