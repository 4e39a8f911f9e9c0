"""What was fetched, read: bytes of a feed to entries, bytes of a page to an article.

Here belongs everything that follows from the bytes alone: charset, entries, text, metadata, canonical addresses.
Fetching, keeping and deciding what is new stay out.
"""

from pipeline.ingest.article import read_article
from pipeline.ingest.entries import MalformedEntry, ParsedFeed, parse_feed

__all__ = ["MalformedEntry", "ParsedFeed", "parse_feed", "read_article"]
