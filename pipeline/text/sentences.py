"""Sentences and paragraphs over tokens. Which sentence means what is told elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import compress, count
from typing import NamedTuple

from pipeline.text.projection import project
from pipeline.text.tokens import AFTER_WORD, FULL_STOPS, LINE_ENDS, STOPS

LONGEST = 250
"""Words after which a sentence is cut even without a full stop, so that hostile text costs no more than prose."""

_ENDS = FULL_STOPS | LINE_ENDS
_ABBREVIATIONS = frozenset(
    project(
        "د م ا mr mrs ms dr gen brig col lt lieut sgt cpl cmdr adm st no vs rep sen maj capt prof "
        "jan feb aug sept oct nov dec"
    ).split()
)


class Sentence(NamedTuple):
    """Words `first` to `last` (exclusive), among tokens `begin` to `end` (exclusive).

    `paragraph` counts lines that hold words, from 0.
    """

    first: int
    last: int
    paragraph: int
    begin: int
    end: int


def split_sentences(tokens: Sequence[bytes]) -> tuple[Sentence, ...]:
    """All words, cut where sentences or lines end."""
    sentences: list[Sentence] = []
    stops = list(compress(count(), map(STOPS.__contains__, tokens)))
    first = paragraph = broken = begin = 0
    for passed, i in enumerate(stops):
        token = tokens[i]
        if token not in _ENDS or (token == AFTER_WORD and tokens[i - 1] in _ABBREVIATIONS):
            continue
        word = i - passed
        if word > first:
            sentences.extend(_pieces(Sentence(first, word, paragraph, begin, i), tokens))
        first, begin = word, i + 1
        if token in LINE_ENDS and word > broken:
            paragraph, broken = paragraph + 1, word
    last = len(tokens) - len(stops)
    if last > first:
        sentences.extend(_pieces(Sentence(first, last, paragraph, begin, len(tokens)), tokens))
    return tuple(sentences)


def _pieces(sentence: Sentence, tokens: Sequence[bytes]) -> Iterable[Sentence]:
    """A sentence in pieces that are not too long."""
    first, last, paragraph, begin, end = sentence
    if last - first <= LONGEST:
        return (sentence,)
    at = [i for i in range(begin, end) if tokens[i] not in STOPS]
    firsts = range(first, last, LONGEST)
    begins = [at[word - first] for word in firsts]
    return [
        Sentence(word, min(word + LONGEST, last), paragraph, start, stop)
        for word, start, stop in zip(firsts, begins, [*begins[1:], end], strict=True)
    ]
