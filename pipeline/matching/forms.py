"""Packed forms: hundreds of thousands of written forms in little memory, unpacked as they are met.

A form is a projected word; its code stands for everything that it may be taken for. A pack on disk is one line of JSON
(the kinds, what each code may be, the weights) and below it a line of forms for each code.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from itertools import chain, compress, repeat
from typing import NamedTuple

from pipeline.text.projection import project


class Kind(NamedTuple):
    """What a form may be taken for: a class with tags; `ref` is an id of the registry."""

    cls: str
    tags: frozenset[str]
    ref: str | None


class Entry(NamedTuple):
    """One reading of a form: `rest` are the projected words that must follow its first."""

    rest: tuple[bytes, ...]
    cls: str
    tags: frozenset[str]
    ref: str | None = None


Reading = tuple[int, tuple[bytes, ...]]
"""Number of a kind, and the words that must follow."""


def pack_forms(kinds: Sequence[Kind], readings: Mapping[bytes, Iterable[Reading]]) -> bytes:
    """The pack of expanded forms: first word → readings."""
    codes: dict[tuple[Reading, ...], list[bytes]] = {}
    for first, several in readings.items():
        unique = tuple(dict.fromkeys(several))
        if len(unique) > 1:
            unique = tuple(sorted(unique, key=lambda reading: -len(reading[1])))
        codes.setdefault(unique, []).append(first)
    weights: Counter[str] = Counter()
    for unique, words in codes.items():
        for number, _ in unique:
            weights[kinds[number].cls] += len(words)
    head = {
        "kinds": [[kind.cls, sorted(kind.tags), kind.ref] for kind in kinds],
        "codes": [[[number, b" ".join(rest).decode("latin-1")] for number, rest in unique] for unique in codes],
        "weights": weights,
    }
    return b"\n".join((json.dumps(head).encode(), *(b" ".join(words) for words in codes.values())))


_Opener = dict[bytes, tuple[int | None, tuple[Entry, ...]]]
"""For each second word the code of both, or the entries that need a look at more words."""
_NO_OPENER: _Opener = {}
_LONGEST = 20
"""Words of the longest expression that can be found."""


class PackedForms:
    """Looks words up in a pack.

    Attributes:
        codes: projected word → code of what it may be taken for alone; codes are counted from 0.
        weights: number of forms of each class, by which rules are indexed.
    """

    def __init__(self, pack: bytes) -> None:
        head, *lines = pack.split(b"\n")
        table = json.loads(head)
        self._kinds = [Kind(cls, frozenset(tags), ref) for cls, tags, ref in table["kinds"]]
        self._packed: list[list[tuple[int, str]]] = table["codes"]
        self.weights: Mapping[str, int] = table["weights"]
        self.codes: dict[bytes, int | None] = {}
        for code, line in enumerate(lines):
            self.codes.update(dict.fromkeys(line.split(b" "), code))
        self._entries: list[tuple[Entry, ...] | None] = [None] * len(self._packed)
        # A word that begins expressions gets a code of its own for each set of them that it begins in a text.
        self._subsets: dict[tuple[Entry, ...], int] = {}
        self._openers: dict[bytes, _Opener] = {}
        self._opening: dict[bytes, int] = {}
        for code, line in enumerate(lines):
            if self._packed[code][0][1]:
                self._open(code, line.split(b" "))

    def _open(self, code: int, words: Sequence[bytes]) -> None:
        """Let `words` of one code begin expressions, and mean alone what else they may be."""
        alone = tuple(entry for entry in self.entries(code) if not entry.rest)
        by_second: dict[bytes, list[Entry]] = {}
        for entry in self.entries(code):
            if entry.rest:
                by_second.setdefault(entry.rest[0], []).append(entry)
        opener: _Opener = {
            second: (self._code_of((*entries, *alone)), ()) if len(entries[0].rest) == 1 else (None, (*entries, *alone))
            for second, entries in by_second.items()
        }
        self._opening.update(dict.fromkeys(words, code))
        self._openers.update(dict.fromkeys(words, opener))
        self.codes.update(dict.fromkeys(words, self._code_of(alone)))

    def look_up(self, words: Sequence[bytes], stops: Mapping[int, int]) -> list[int | None]:
        """For each word the code of what it may be taken for where it stands, None when that is nothing.

        No expression goes on over a stop; `stops` are told by the number of the word behind them.
        """
        codes = list(map(self.codes.get, words))
        # Every word is asked without a step of Python; one in four begins some expression.
        openers = list(map(self._openers.get, words[:-1], repeat(_NO_OPENER)))
        for at, opener in compress(enumerate(openers), openers):
            known = opener.get(words[at + 1])
            if known is not None and at + 1 not in stops:
                both, entries = known
                codes[at] = self._subset(entries, words, at + 1, stops) if entries else both
        return codes

    def _subset(
        self, entries: tuple[Entry, ...], words: Sequence[bytes], at: int, stops: Mapping[int, int]
    ) -> int | None:
        """The code of those entries whose other words stand from `at` on."""
        following = tuple(words[at : at + _LONGEST - 1])
        found = (e for e in entries if following[: len(e.rest)] == e.rest)
        return self._code_of(tuple(e for e in found if not any(map(stops.__contains__, range(at, at + len(e.rest))))))

    def _code_of(self, entries: tuple[Entry, ...]) -> int | None:
        if not entries:
            return None
        code = self._subsets.get(entries)
        if code is None:
            code = self._subsets[entries] = len(self._entries)
            self._entries.append(entries)
        return code

    def entries(self, code: int) -> tuple[Entry, ...]:
        """What forms with `code` may be taken for, longest first."""
        known = self._entries[code]
        if known is None:
            known = self._entries[code] = tuple(self._entry(number, rest) for number, rest in self._packed[code])
        return known

    def expressions(self, classes: Set[str]) -> Iterator[tuple[bytes, ...]]:
        """All forms of some classes, each as its words."""
        wanted = {number for number, kind in enumerate(self._kinds) if kind.cls in classes}
        rests = {
            code: [rest.encode("latin-1").split() for number, rest in readings if number in wanted]
            for code, readings in enumerate(self._packed)
            if any(number in wanted for number, _ in readings)
        }
        for word, code in chain(self.codes.items(), self._opening.items()):
            if code in rests:
                yield from ((word, *rest) for rest in rests[code])

    def get(self, word: str) -> tuple[Entry, ...] | None:
        """The entries that begin with `word`; None when there are none."""
        projected = project(word)
        code = self._opening.get(projected, self.codes.get(projected))
        return None if code is None else self.entries(code)

    def _entry(self, number: int, rest: str) -> Entry:
        return Entry(tuple(rest.encode("latin-1").split()), *self._kinds[number])
