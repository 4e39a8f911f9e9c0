"""What was fetched, read: bytes of a feed to entries, bytes of a page to an article.

Here belongs everything that follows from the bytes alone: charset, entries, text, metadata, canonical addresses, and
what follows for a source from what it gave. Fetching, keeping and deciding what is new stay out.
"""

from pipeline.ingest.article import read_article
from pipeline.ingest.channel import parse_channel, post_article, post_number
from pipeline.ingest.documents import document_date, read_document
from pipeline.ingest.duplicates import fingerprint
from pipeline.ingest.entries import MalformedEntry, ParsedFeed, parse_feed
from pipeline.ingest.health import Poll, after_poll, asking, first_health
from pipeline.ingest.sitemap import ParsedSitemap, entry_date, parse_sitemap

__all__ = [
    "MalformedEntry",
    "ParsedFeed",
    "ParsedSitemap",
    "Poll",
    "after_poll",
    "asking",
    "document_date",
    "entry_date",
    "fingerprint",
    "first_health",
    "parse_channel",
    "parse_feed",
    "parse_sitemap",
    "post_article",
    "post_number",
    "read_article",
    "read_document",
]
