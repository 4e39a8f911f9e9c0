"""Which language a text is written in, as far as its letters tell. Words and statistics stay out."""

from __future__ import annotations

import re

_ARABIC = re.compile("[\u0621-\u063a\u0641-\u064a\ufe70-\ufefc]")
_FOREIGN = re.compile("[\u067e\u0686\u0698\u06af\u0679\u0688\u0691\u06ba\u06be\u06d2\u06c6\u06ce\u06d5\u06b5]")
_LATIN = re.compile("[A-Za-z]")
_SAMPLE = 20_000
_FOREIGN_SHARE = 0.02


def detect_language(text: str) -> str | None:
    """`ar` or `en` by the script of most letters among the first 20,000 characters, None without letters.

    Arabic script with more than two per cent of letters that Arabic does not have (Persian, Urdu, Kurdish) is None too.
    """
    sample = text[:_SAMPLE]
    arabic = len(_ARABIC.findall(sample))
    latin = len(_LATIN.findall(sample))
    if arabic == latin == 0:
        return None
    if latin > arabic:
        return "en"
    return None if len(_FOREIGN.findall(sample)) > _FOREIGN_SHARE * arabic else "ar"
