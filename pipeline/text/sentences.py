"""Sentences and paragraphs over tokens. Which sentence means what is told elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.text.projection import project
from pipeline.text.tokens import AFTER_WORD, FULL_STOPS, LINE_ENDS, STOPS

LONGEST = 250
"""Words after which a sentence is cut even without a full stop, so that hostile text costs no more than prose."""

_ENDS = FULL_STOPS | LINE_ENDS
_ABBREVIATIONS = frozenset(
    project("د م ا mr mrs ms dr gen col lt sgt st no vs rep sen maj capt jan feb aug sept oct nov dec").split()
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """Words `first` to `last` (exclusive); `paragraph` counts lines that hold words, from 0."""

    first: int
    last: int
    paragraph: int


def split_sentences(tokens: Sequence[bytes]) -> tuple[Sentence, ...]:
    """All words, cut where sentences or lines end."""
    sentences: list[Sentence] = []
    marks = [(i, token) for i, token in enumerate(tokens) if token in STOPS]
    first = paragraph = broken = 0
    for stops, (i, token) in enumerate(marks):
        word = i - stops
        if token not in _ENDS or (token == AFTER_WORD and tokens[i - 1] in _ABBREVIATIONS):
            continue
        sentences.extend(_pieces(first, word, paragraph))
        first = word
        if token in LINE_ENDS and word > broken:
            paragraph, broken = paragraph + 1, word
    sentences.extend(_pieces(first, len(tokens) - len(marks), paragraph))
    return tuple(sentences)


def _pieces(first: int, last: int, paragraph: int) -> Iterator[Sentence]:
    """Words `first` to `last` (exclusive) in pieces that are not too long; none without words."""
    return (Sentence(start, min(start + LONGEST, last), paragraph) for start in range(first, last, LONGEST))
