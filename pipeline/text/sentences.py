"""Sentences and paragraphs over words. Which sentence means what is told elsewhere."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipeline.text.tokens import Words

LONGEST = 250
"""Words after which a sentence is cut even without a full stop, so that hostile text costs no more than prose."""

_END = re.compile(r"[.!?؟…](?=[\s\"”»“')\]]|$)|[\n\r]|[|◀▪🔴🔻🔹🔸🔺•●♦️⭕]")
_ABBREVIATION = frozenset(
    [
        "د",
        "م",
        "أ",
        "ا",
        "mr",
        "mrs",
        "ms",
        "dr",
        "gen",
        "col",
        "lt",
        "sgt",
        "st",
        "no",
        "vs",
        "rep",
        "sen",
        "maj",
        "capt",
        "jan",
        "feb",
        "aug",
        "sept",
        "oct",
        "nov",
        "dec",
    ]
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """Words `first` to `last` (exclusive); `paragraph` counts lines that hold words, from 0."""

    first: int
    last: int
    paragraph: int


def split_sentences(words: Words) -> tuple[Sentence, ...]:
    """All words, cut where sentences or lines end."""
    sentences: list[Sentence] = []
    first = paragraph = 0
    for i in range(1, len(words) + 1):
        mark = words.marks[i]
        if i < len(words) and not _ends_here(words, i, mark) and i - first < LONGEST:
            continue
        sentences.append(Sentence(first, i, paragraph))
        first = i
        if "\n" in mark or "\r" in mark:
            paragraph += 1
    return tuple(sentences)


def _ends_here(words: Words, i: int, mark: str) -> bool:
    if mark == " " or not _END.search(mark):
        return False
    return not (mark.startswith(". ") and words.texts[i - 1] in _ABBREVIATION)
