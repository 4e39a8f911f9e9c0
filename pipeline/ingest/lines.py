"""Lines of text as articles hold them."""

from __future__ import annotations

import unicodedata

_UNSEEN = dict.fromkeys(map(ord, "\ufeff\u00ad\x00"))


def one_line(text: str) -> str:
    """One line in NFC, with single spaces and without what is not seen (soft hyphens, byte order marks)."""
    return unicodedata.normalize("NFC", " ".join(text.translate(_UNSEEN).split()))
