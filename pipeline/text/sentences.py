"""Sentences and paragraphs over tokens. Which sentence means what is told elsewhere."""

from __future__ import annotations

from typing import NamedTuple

from pipeline.text.projection import project
from pipeline.text.tokens import AFTER_WORD, CLAUSE, LINE_END, Cut

LONGEST = 250
"""Words after which a sentence is cut even without a full stop, so that hostile text costs no more than prose."""

_ABBREVIATIONS = frozenset(
    project(
        "د م ا mr mrs ms dr gen brig col lt lieut sgt cpl cmdr adm st no vs rep sen maj capt prof "
        "jan feb aug sept oct nov dec"
    ).split()
)


class Sentence(NamedTuple):
    """Words `first` to `last` (exclusive); `paragraph` counts lines that hold words, from 0."""

    first: int
    last: int
    paragraph: int


def split_sentences(words: Cut) -> tuple[Sentence, ...]:
    """All words, cut where sentences or lines end."""
    sentences: list[Sentence] = []
    first = paragraph = broken = 0
    for word, stop in words.stops.items():
        if stop == CLAUSE or (stop == AFTER_WORD and words.words[word - 1] in _ABBREVIATIONS):
            continue
        sentences.extend(_pieces(first, word, paragraph))
        first = word
        if stop == LINE_END and word > broken:
            paragraph, broken = paragraph + 1, word
    sentences.extend(_pieces(first, len(words.words), paragraph))
    return tuple(sentences)


def _pieces(first: int, last: int, paragraph: int) -> list[Sentence]:
    """Words as a sentence, as several where they are too many, as none where there are none."""
    return [Sentence(word, min(word + LONGEST, last), paragraph) for word in range(first, last, LONGEST)]
