"""Packed forms: hundreds of thousands of written forms in little memory, unpacked as they are met.

A pack is plain JSON: `kinds`, a table of (class, tags, registry id), and `forms`, first word → entries as text: the
kind's number, and behind a space the words that must follow; entries are parted by `|`, longest first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.matching.lexicon import Entry

Kind = tuple[str, frozenset[str], str | None]


def pack_forms(entries: Mapping[str, Sequence[Entry]]) -> dict[str, Any]:
    """The pack of expanded entries."""
    kinds: dict[Kind, int] = {}
    forms: dict[str, str] = {}
    weights: Counter[str] = Counter()
    for first, several in entries.items():
        parts = []
        for entry in sorted(several, key=lambda e: -len(e.rest)):
            number = kinds.setdefault((entry.cls, entry.tags, entry.ref), len(kinds))
            parts.append(" ".join((str(number), *entry.rest)))
            weights[entry.cls] += 1
        forms[first] = "|".join(parts)
    return {"kinds": [[cls, sorted(tags), ref] for cls, tags, ref in kinds], "forms": forms, "weights": dict(weights)}


class PackedForms:
    """Looks words up in a pack.

    Attributes:
        weights: number of forms of each class, by which rules are indexed.
    """

    def __init__(self, pack: Mapping[str, Any]) -> None:
        self._kinds: list[Kind] = [(cls, frozenset(tags), ref) for cls, tags, ref in pack["kinds"]]
        self._forms: dict[str, str] = pack["forms"]
        self._unpacked: dict[str, tuple[Entry, ...]] = {}
        self.weights: Mapping[str, int] = pack["weights"]

    def get(self, word: str) -> tuple[Entry, ...] | None:
        """The entries that begin with a folded word, longest first; None when there are none."""
        packed = self._forms.get(word)
        if packed is None:
            return None
        entries = self._unpacked.get(word)
        if entries is None:
            entries = self._unpacked[word] = tuple(self._entry(part) for part in packed.split("|"))
        return entries

    def _entry(self, packed: str) -> Entry:
        number, *rest = packed.split(" ")
        cls, tags, ref = self._kinds[int(number)]
        return Entry(tuple(rest), cls, tags, ref)
