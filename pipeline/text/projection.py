"""Projection: a text as bytes, one for each folded letter, so that words are cut and looked up at the speed of bytes.

It is `folding` once more, without the way back: what was found is placed in the original through `folding`, which few
texts need. Letters outside the table (Cyrillic, say) all become one, which no lexicon may hold; marks that nobody asks
for become one too.
"""

from __future__ import annotations

import codecs
import re

from pipeline.text.alphabet import CHARACTERS, ENCODING, FILLED, STRANGER
from pipeline.text.folding import fold_word, join_broken

_MARK, _BULLET = "(", "•"
_BULLETS = frozenset("|◀▪🔴🔻🔹🔸🔺•●♦⭕")
_OUTSIDE = "pipeline.text.projection"
"""Name of the error handler that projects characters outside the table."""

_CODES = {character: bytes([code]) for code, character in enumerate(CHARACTERS)}


def _project_character(character: str) -> bytes:
    if character in _BULLETS:
        return _CODES[_BULLET]
    folded = fold_word(character)
    if len(folded) > 1:
        return b"".join(map(_project_character, folded))
    if folded in _CODES or not folded:
        return _CODES.get(folded, b"")
    return _CODES[STRANGER if folded.isalnum() else _MARK]


class _Projected(dict[str, bytes]):
    """Bytes of characters outside the table, filled as they are met."""

    def __missing__(self, character: str) -> bytes:
        self[character] = projected = _project_character(character)
        return projected


_PROJECTED = _Projected()


def _outside(error: UnicodeError) -> tuple[bytes, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return b"".join(map(_PROJECTED.__getitem__, error.object[error.start : error.end])), error.end


codecs.register_error(_OUTSIDE, _outside)

_FOLDED = [_project_character(character) for character in FILLED]
_TABLE = b"".join(folded or b" " for folded in _FOLDED)
_DELETED = bytes(code for code, folded in enumerate(_FOLDED) if not folded)


def project(text: str) -> bytes:
    """`text` folded, one byte a character. Cost is linear; any `str` is taken, lone surrogates included."""
    return codecs.charmap_encode(join_broken(text), _OUTSIDE, ENCODING)[0].translate(_TABLE, _DELETED)


def byte_class(characters: str) -> bytes:
    """Folded characters as a class of a regular expression over bytes."""
    return b"[" + b"".join(re.escape(_CODES[character]) for character in characters) + b"]"


LETTERS = "".join(sorted({c for c in CHARACTERS if c.isalpha() and project(c) == _CODES[c]}))
"""All letters that a projected text can hold."""
UNKNOWN = _CODES[STRANGER]
"""What a letter outside the table becomes."""
