"""Near-duplicates: MinHash over word triples, and bands by which texts that may be alike are found (datasketch)."""

from __future__ import annotations

import zlib
from array import array
from functools import cache
from typing import TYPE_CHECKING

from pipeline.records import Fingerprint
from pipeline.text.folding import fold
from pipeline.text.tokens import split_words

if TYPE_CHECKING:
    from datasketch import MinHash

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


@cache
def _empty() -> MinHash:
    # It brings scipy along, 60 MB: only who makes a fingerprint has to have it.
    from datasketch import MinHash

    return MinHash(num_perm=_HASHES, seed=1, hashfunc=zlib.crc32)


def _band(number: int, values: list[int]) -> int:
    """One number for a band of a signature: 32 bits of each band's content beside the band's number."""
    return number << 32 | zlib.crc32(array("Q", values).tobytes())
