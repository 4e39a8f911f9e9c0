"""Plain text from small pieces of HTML, as they stand in titles and summaries. Whole pages are for `article`."""

from __future__ import annotations

import html
import re

from lxml.html import document_fromstring

_MARKUP = re.compile(r"<[a-zA-Z/!][^>]*>")
_UNSEEN = re.compile(r"<(script|style|noscript)\b.*?(</\1\s*>|$)", re.IGNORECASE | re.DOTALL)
_BREAK = re.compile(r"<(?:br|/?p|/?div|/?li|/?h[1-6]|/?td|/?tr)\b", re.IGNORECASE)


def plain_text(value: str) -> str:
    """`value` without tags and entities, spaces and line breaks made one space. Text that only looks odd stays."""
    if _MARKUP.search(value):
        value = _without_tags(value)
    return " ".join(html.unescape(value).split())


def _without_tags(value: str) -> str:
    spaced = _BREAK.sub(lambda tag: f" {tag[0]}", _UNSEEN.sub(" ", value))
    return str(document_fromstring(f"<div>{spaced}</div>").text_content())
