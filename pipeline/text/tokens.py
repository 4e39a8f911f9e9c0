"""Words of a text, and what stands between them. Gaps in rules count these words; punctuation costs nothing.

They are cut twice: as bytes out of a projected text, fast, to be looked up; and with their places and the marks between
them out of a folded text, when somebody needs to know. Both cut at the same places.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipeline.text.folding import Folded
from pipeline.text.projection import LETTERS, byte_class, project

_WORD = re.compile(
    r"\d+(?:[.,:/٫-]\d+)*"  # 3.5, 10:30, 7/7/2021
    r"|(?:[^\W\d_]\.){2,}(?:[^\W\d_](?![^\W_]))?"  # u.s., ا.ف.ب
    r"|[^\W\d_]+(?:['’][^\W\d_]+)*"
)

_L = byte_class(LETTERS)
_Q = byte_class("'’")
_ALNUM = byte_class(LETTERS + "0123456789")
_STOP = byte_class(".!?؟…")
# The commonest first and nothing given back: this is half the cost of a text.
_TOKEN = re.compile(
    rb" *+("
    + (_L + rb"{2,}+(?:" + _Q + _L + rb"++)*+")
    + (rb"|[0-9]++(?:" + byte_class(".,:/٫-") + rb"[0-9]++)*+")
    + (rb"|(?:" + _L + rb"\.){2,}(?:" + _L + rb"(?!" + _ALNUM + rb"))?")
    + (rb"|" + _L + rb"(?:" + _Q + _L + rb"++)*+")
    + (rb"|(?<=" + _ALNUM + rb")\. ")
    + (rb"|" + _STOP + rb"(?!" + _STOP + rb"{0,3}" + byte_class(",،") + rb")")  # not in "Corp., which"
    + (rb"|" + byte_class("\n\r•,،:;؛") + rb")")
)
AFTER_WORD = b". "
"""A full stop and a space right behind a word, which may be an abbreviation's."""
FULL_STOPS = frozenset(project(mark) for mark in ".!?؟…•") | {AFTER_WORD}
LINE_ENDS = frozenset([b"\n", b"\r"])
STOPS = FULL_STOPS | LINE_ENDS | {project(mark) for mark in ",،:;؛"}
"""Tokens that are no words; no expression of several words goes on over one."""


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


def cut(projected: bytes) -> list[bytes]:
    """The words of a projected text, and between them the marks that end a clause or a sentence, each alone."""
    return _TOKEN.findall(projected)


def split_words(folded: Folded) -> Words:
    """Cut `folded` into words in one pass."""
    text = folded.text
    spans = [found.span() for found in _WORD.finditer(text)]
    starts, ends = [start for start, _ in spans], [end for _, end in spans]
    texts = [text[start:end] for start, end in spans]
    marks = [text[end:start] for end, start in zip([0, *ends], [*starts, len(text)], strict=True)]
    return Words(folded, texts, starts, ends, marks)
