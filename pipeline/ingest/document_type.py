"""Document types with declarations of their own, taken out of XML before a parser sees them.

A feed has no need to declare entities, and nested ones grow to gigabytes. Feedparser takes out only those that stand
at the start of a line, and leaves the rest to expat, which stops at eight megabytes and several seconds.
"""

from __future__ import annotations

import re

_BEFORE = re.compile(r"(?:\s|<\?.*?\?>|<!--.*?-->)*", re.DOTALL)
_DECLARING = re.compile(r"""<!DOCTYPE(?:[^\[>"']|"[^"]*"|'[^']*')*\[.*?\]\s*>""", re.DOTALL)


def without_declarations(text: str) -> str:
    """`text` without document types that hold an internal subset; one that only names a type stays."""
    start = end = _end_of(_BEFORE, text, 0)
    while (behind := _end_of(_DECLARING, text, end)) > end:
        end = _end_of(_BEFORE, text, behind)
    return text[:start] + text[end:]


def _end_of(pattern: re.Pattern[str], text: str, start: int) -> int:
    found = pattern.match(text, start)
    return found.end() if found else start
