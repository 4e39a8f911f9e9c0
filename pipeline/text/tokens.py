"""Words of a text, and what stands between them. Gaps in rules count these words; punctuation costs nothing.

They are cut twice: as bytes out of a projected text, fast, to be looked up; and with their places and the marks between
them out of a folded text, when somebody needs to know. Both cut at the same places.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import accumulate
from typing import NamedTuple

from pipeline.text.folding import Folded
from pipeline.text.projection import LETTERS, byte_class, project

_WORD = re.compile(
    r"(\d+(?:[.,:/٫-]\d+)*"  # 3.5, 10:30, 7/7/2021
    r"|(?:[^\W\d_]\.){2,}(?:[^\W\d_](?![^\W_]))?"  # u.s., ا.ف.ب
    r"|[^\W\d_]+(?:['’][^\W\d_]+)*)"
)

_L = byte_class(LETTERS)
_Q = byte_class("'’")
_ALNUM = byte_class(LETTERS + "0123456789")
_STOP = byte_class(".!?؟…")
_RUN = byte_class(LETTERS + " \t")
_JOINED = rb"(?<=" + _L + rb")" + _Q + rb"(?=" + _L + rb")"
# Words that nothing but spaces and marks of no weight parts are one piece, cut apart at the speed of bytes; nothing is
# given back, but for the one letter before the first full stop of an abbreviation, which would be the piece's last.
_PIECE = re.compile(
    (rb"(?:" + _L + rb"\.){2,}+(?:" + _L + rb"(?!" + _ALNUM + rb"))?")
    + (rb"|" + _RUN + rb"++(?:" + _JOINED + _RUN + rb"++)*+(?!\." + _L + rb"\.)")
    + (rb"|(?:" + _RUN + rb"++" + _JOINED + rb")*+" + _RUN + rb"*[ \t](?=" + _L + rb"\." + _L + rb"\.)")
    + (rb"|" + _RUN + rb"++(?:" + _JOINED + _RUN + rb"++)*+")
    + (rb"|[0-9]++(?:" + byte_class(".,:/٫-") + rb"[0-9]++)*+")
    + (rb"|(?<=" + _ALNUM + rb")\. ")
    + (rb"|" + _STOP + rb"(?!" + _STOP + rb"{0,3}" + byte_class(",،") + rb")")  # not in "Corp., which"
    + (rb"|" + byte_class("\n\r•,،:;؛"))
)
CLAUSE, AFTER_WORD, FULL_STOP, LINE_END = range(4)
"""Stops, each stronger than the one before; no expression of several words goes on over one.

`AFTER_WORD` is a full stop and a space right behind a word, which may be an abbreviation's.
"""
_STOPS = (
    {project(mark): CLAUSE for mark in ",،:;؛"}
    | {b". ": AFTER_WORD}
    | {project(mark): FULL_STOP for mark in ".!?؟…•"}
    | {b"\n": LINE_END, b"\r": LINE_END}
)
_WEIGHTLESS = bytes(set(range(256)) - set(project(LETTERS + "0123456789'’.!?؟…•,،:;؛/٫- \n\r")))
_SPACED = bytes.maketrans(_WEIGHTLESS, b"\t" * len(_WEIGHTLESS))
_NO_LETTERS = bytes(set(range(256)) - set(project(LETTERS)))
_RUNS = bytes.maketrans(_NO_LETTERS, b" " * len(_NO_LETTERS))


class Cut(NamedTuple):
    """The words of a projected text, and by the number of the word behind it the strongest stop before a word."""

    words: list[bytes]
    stops: dict[int, int]


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one text, in order.

    Attributes:
        folded: the text that they were cut from.
        texts: folded words; a hashtag's underscores separate words.
        starts: index of each word's first character in the folded text.
        ends: index behind each word's last character.
        marks: `marks[i]` is what stands before word i (spaces, punctuation); one more for what follows the last.
    """

    folded: Folded
    texts: list[str]
    starts: list[int]
    ends: list[int]
    marks: list[str]

    def __len__(self) -> int:
        return len(self.texts)

    def span(self, first: int, last: int) -> tuple[int, int]:
        """The span in the original text of words `first` to `last`, exclusive."""
        return self.folded.span(self.starts[first], self.ends[last - 1])


def cut(projected: bytes) -> Cut:
    """The words of a projected text, and the marks between them that end a clause or a sentence."""
    words: list[bytes] = []
    stops: dict[int, int] = {}
    for piece in _PIECE.findall(projected.translate(_SPACED)):
        stop = _STOPS.get(piece)
        if stop is None:
            words += piece.split()
        elif stop >= stops.get(len(words), CLAUSE):
            stops[len(words)] = stop
    return Cut(words, stops)


def letter_runs(projected: bytes) -> list[bytes]:
    """Letters that stand together, digits and marks left out: in a third of the time of words, and parts of them.

    The runs of words that follow one another in a text follow one another among the runs of the text.
    """
    return projected.translate(_RUNS).split()


def split_words(folded: Folded) -> Words:
    """Cut `folded` into words in one pass."""
    parts = _WORD.split(folded.text)  # by turns what stands between words and a word
    ends = list(accumulate(map(len, parts)))
    return Words(folded, parts[1::2], ends[:-1:2], ends[1::2], parts[::2])
