"""Text from the web made harmless: what stands in titles, names and quotes can change neither a header nor a line's
direction nor a link. Markup is the template's to escape.
"""

from __future__ import annotations

import re
from urllib.parse import SplitResult, urlsplit

_INVISIBLE = re.compile(
    "["
    "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f"  # control characters
    "\u202a-\u202e\u2066-\u2069"  # bidi embeddings, overrides and isolates
    "\ufeff\ufff9-\ufffb\ufdd0-\ufdef\ufffe\uffff"  # byte order mark, annotation, no characters at all
    "]"
)
_LINES = dict.fromkeys(map(ord, "\x0b\x0c\x85\u2028\u2029"), "\n")
_SURROGATE = re.compile("[\ud800-\udfff]")
_SPACES = re.compile(r"\s+")
_LINK_BREAKING = re.compile(r"[\x00-\x20\x7f-\xa0\u2028\u2029\s\\<>\"]")


def harmless(text: str) -> str:
    """`text` without control characters and bidi overrides; a lone surrogate becomes U+FFFD; spaces and lines stay.

    Whatever ends a line ends it by U+000A: XML does not know some of the others, and HTML does not want them.

    The marks U+200E, U+200F and U+061C stay: they nudge a neighbour, they cannot turn a line round.
    """
    return _SURROGATE.sub("\ufffd", _INVISIBLE.sub("", text).translate(_LINES))


def one_line(text: str, *, at_most: int = 300) -> str:
    """`text` harmless, on one line, cut behind `at_most` characters with an ellipsis."""
    line = _SPACES.sub(" ", harmless(text)).strip()
    return line if len(line) <= at_most else line[: at_most - 1].rstrip() + "…"


def header_text(text: str, *, at_most: int = 300) -> str:
    """`text` on one line, as the value of a header.

    What looks like an encoded word (RFC 2047) is broken up: Python's library reads it when the header is set, and the
    line breaks that it may hold would then begin a header of their own.
    """
    return one_line(harmless(text).replace("=?", "= ?"), at_most=at_most)


def web_link(url: str) -> str | None:
    """`url` if it may be a link in a mail: http or https, with a host, without a login or space in it; else None."""
    if _LINK_BREAKING.search(url) or harmless(url) != url:
        return None
    parts = _split(url)
    if parts is None or parts.scheme not in {"http", "https"} or not parts.hostname or "@" in parts.netloc:
        return None
    return url


def web_host(url: str) -> str | None:
    """The host that a link leads to, shown beside it; None when `url` is no link."""
    parts = _split(url) if web_link(url) else None
    return parts.hostname if parts else None


def _split(url: str) -> SplitResult | None:
    try:
        return urlsplit(url)
    except ValueError:
        return None
