"""Words of a folded text, and what stands between them. Gaps in rules count these words; punctuation costs nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipeline.text.folding import Folded

_WORD = re.compile(
    r"\d+(?:[.,:/٫-]\d+)*"  # 3.5, 10:30, 7/7/2021
    r"|(?:[^\W\d_]\.){2,}(?:[^\W\d_](?![^\W_]))?"  # u.s., ا.ف.ب
    r"|[^\W\d_]+(?:['’][^\W\d_]+)*"
)


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


def split_words(folded: Folded) -> Words:
    """Cut `folded` into words in one pass."""
    text = folded.text
    texts: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    marks: list[str] = []
    behind = 0
    for found in _WORD.finditer(text):
        start, end = found.span()
        texts.append(found.group())
        starts.append(start)
        ends.append(end)
        marks.append(text[behind:start])
        behind = end
    marks.append(text[behind:])
    return Words(folded, texts, starts, ends, marks)
