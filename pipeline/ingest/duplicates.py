"""Near-duplicates: MinHash over word triples, and bands by which texts that may be alike are found (datasketch)."""

from __future__ import annotations

import zlib
from functools import cache

import numpy as np
from datasketch import MinHash

from pipeline.records import Fingerprint
from pipeline.text.folding import fold
from pipeline.text.tokens import split_words

ALIKE = 0.6
"""Estimated share of common word triples from which two texts are called near-duplicates."""

_HASHES, _BANDS, _ROWS = 100, 20, 5
"""Twenty bands of five: a pair that shares 0.6 of its triples meets in a band with 0.80, one of 0.8 with 0.9996."""

_FEWEST_WORDS = 20
_MOST_WORDS = 5_000


def fingerprint(text: str) -> Fingerprint | None:
    """The fingerprint of a text; None for one that is too short to be told from others by its words."""
    words = split_words(fold(text)).texts[:_MOST_WORDS]
    if len(words) < _FEWEST_WORDS:
        return None
    triples = {" ".join(words[i : i + 3]).encode("utf-8", "replace") for i in range(len(words) - 2)}
    hashes = _empty().copy()
    hashes.update_batch(list(triples))
    values = [int(value) for value in hashes.hashvalues]
    bands = tuple(_band(number, values[number * _ROWS : (number + 1) * _ROWS]) for number in range(_BANDS))
    return Fingerprint(signature=tuple(values), bands=bands)


def similarity(one: tuple[int, ...], other: tuple[int, ...]) -> float:
    """The estimated share of common word triples of two signatures, 0 to 1."""
    return sum(a == b for a, b in zip(one, other, strict=True)) / len(one)


@cache
def _empty() -> MinHash:
    return MinHash(num_perm=_HASHES, seed=1, hashfunc=zlib.crc32)


def _band(number: int, values: list[int]) -> int:
    """One number for a band of a signature: 32 bits of each band's content beside the band's number."""
    return number << 32 | zlib.crc32(np.array(values, dtype=np.uint64).tobytes())
