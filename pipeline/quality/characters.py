"""Characters that text must not have: what no database stores, and what no article says."""

from __future__ import annotations

import re

_UNSTORABLE = re.compile("[\\0\\ud800-\\udfff]")
_CONTROL = re.compile("[\\0-\\x08\\x0b-\\x1f\\x7f-\\x9f\\ud800-\\udfff\\ufffe\\uffff]")


def unstorable(text: str) -> str | None:
    """The first character that PostgreSQL (NUL) or UTF-8 (lone surrogates) refuses, as `U+D800 at 17`, or None."""
    return _first(_UNSTORABLE, text)


def control(text: str) -> str | None:
    """The first control character, noncharacter or lone surrogate, as `U+0007 at 17`; newlines and tabs are none."""
    return _first(_CONTROL, text)


def escaped(text: str) -> str:
    r"""`text` with NUL and lone surrogates written as `\x00` and `\udXXX`, for people to read."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8").replace("\0", r"\x00")


def _first(pattern: re.Pattern[str], text: str) -> str | None:
    found = pattern.search(text)
    return f"U+{ord(found[0]):04X} at {found.start()}" if found else None
