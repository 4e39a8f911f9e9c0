"""Folding: the many ways of writing one word become one, and every folded character knows where it came from.

What is folded, and why it may be: alef with hamza, madda or wasla, because newspapers leave the hamza out; alef maqsura
and Persian ye to ya; ta marbuta to ha; hamza on waw or ya to its carrier; Persian kaf and the letters of loan words to
their Arabic neighbours; Eastern and Persian digits to ASCII; Latin letters to lower case without accents. Harakat,
tatweel, bidi marks and zero-width characters are dropped. A hamza on the line stays, as do punctuation and line ends.
Collisions that this makes (علي/على, أن/إن) are the lexicon's to know. Nothing here knows words.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import compress

from pipeline.text.alphabet import ENCODING, FILLED

_LETTERS = dict(zip("أإآٱىیېةۀہھؤئکگپچژڤ", "اااايييههههويككبجزف", strict=True))
_DROPPED = (
    "ـ\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad\ufe0e\ufe0f"
)
_IS_DROPPED = re.compile(f"[{_DROPPED}]")
_PRESENTATION = re.compile("[\ufb50-\ufdff\ufe70-\ufefc]")
_GONE = "\u0640"
_BROKEN = re.compile(f"{_GONE}[.,*+_·•،-]{{1,3}}(?={_GONE})")


class _FoldTable(dict[int, str]):
    """For `str.translate`: one character for one, filled as characters are met; what is dropped becomes a tatweel."""

    def __missing__(self, code: int) -> str:
        folded = _fold_character(chr(code))
        self[code] = folded
        return folded


def _fold_character(character: str) -> str:
    if _IS_DROPPED.match(character):
        return _GONE
    if character in _LETTERS:
        return _LETTERS[character]
    if character.isdecimal():
        return str(unicodedata.decimal(character))
    if character.isspace() and character not in "\n\r":
        return " "
    if character.isalpha() and not "\u0600" <= character <= "\u06ff":
        base = unicodedata.normalize("NFD", character)[0].lower()
        return base if len(base) == 1 else character
    return character


_TABLE = _FoldTable()
_FOLDED = "".join(map(_fold_character, FILLED))


@dataclass(frozen=True)
class Folded:
    """A folded text and the way back.

    Attributes:
        text: the folded characters.
        original: the text as given.
        aligned: one folded character for each original one, dropped ones as tatweel; None where a presentation form
            became several letters.
    """

    text: str
    original: str
    aligned: str | None

    @cached_property
    def offsets(self) -> Sequence[int]:
        """Index in the original of each folded character, and the original's length at the end."""
        if self.aligned is None:
            return _fold_presentation_forms(self.original)[1]
        end = len(self.original)
        if len(self.text) == end:
            return range(end + 1)
        return [*compress(range(end), map(_GONE.__ne__, self.aligned)), end]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The original span of a folded one: harakat that follow its last letter belong to it."""
        if start >= end:
            return self.offsets[start], self.offsets[start]
        stop = self.offsets[end - 1] + 1
        while stop < len(self.original) and _IS_DROPPED.match(self.original[stop]) and self.original[stop] < "\u2000":
            stop += 1
        return self.offsets[start], stop


def join_broken(text: str) -> str:
    """`text` with words whole again that are broken by a dot between tatweels, to hide them from machines: حمـ.ـاس.

    As long as before: what is taken out becomes tatweel.
    """
    if _GONE not in text:
        return text
    return _BROKEN.sub(lambda found: _GONE * len(found[0]), text)


def fold(text: str) -> Folded:
    """`text` folded, with offsets. Cost is linear; any `str` is taken, lone surrogates included."""
    if text.isascii():
        lowered = text.lower().translate(_TABLE)
        return Folded(lowered, text, lowered)
    joined = join_broken(text)
    try:
        aligned = _mapped(joined)
    except UnicodeEncodeError:
        if _PRESENTATION.search(text):
            return Folded(_fold_presentation_forms(text)[0], text, None)
        aligned = joined.translate(_TABLE)
    return Folded(aligned.replace(_GONE, ""), text, aligned)


def _mapped(text: str) -> str:
    """One folded character for each, at a third of the cost of `translate`.

    Raises:
        UnicodeEncodeError: a rare character is in it: a flag, say.
    """
    projected, _ = codecs.charmap_encode(text, "strict", ENCODING)
    return codecs.charmap_decode(projected, "strict", _FOLDED)[0]


def fold_word(word: str) -> str:
    """`word` folded, without offsets: what lexicons are written through."""
    try:
        return _mapped(word).replace(_GONE, "")
    except UnicodeEncodeError:
        return fold(word).text if _PRESENTATION.search(word) else word.translate(_TABLE).replace(_GONE, "")


def _fold_presentation_forms(text: str) -> tuple[str, list[int]]:
    """The slow path: a ligature such as ﷲ becomes several letters that share one offset."""
    characters: list[str] = []
    offsets: list[int] = []
    for i, character in enumerate(join_broken(text)):
        expanded = unicodedata.normalize("NFKC", character) if _PRESENTATION.match(character) else character
        for folded in expanded.translate(_TABLE):
            if folded != _GONE:
                characters.append(folded)
                offsets.append(i)
    return "".join(characters), [*offsets, len(text)]
