"""Which of many reports are worth comparing with another one: those that share its rarest words.

Nothing is lost by it: whatever `sameness.same` says yes to is found. When two are the same is said there alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence, Set

from rapidfuzz import process
from rapidfuzz.distance import Indel

from pipeline.quality.sameness import ALIKE, SHORTEST_FORM, Reported, near_forms, same

_FEW = 24
"""Up to so many reports are compared one by one; more are indexed."""
_ANY, _NO_NUMBER = "any", "none"
"""Marks that no number looks like."""
_NO_WORD = ""


class Candidates:
    """Reports to which a further one may belong; indexed once they are many, so that a busy day takes no longer."""

    def __init__(self, reports: Iterable[Reported] = ()) -> None:
        self._reports: dict[str, Reported] = {}
        self._in_order: list[Reported] = []
        self._index: _Index | None = None
        for report in reports:
            self.add(report)

    def add(self, report: Reported) -> None:
        """Let later reports be compared with this one."""
        if report.key in self._reports:
            return
        self._reports[report.key] = report
        self._in_order.append(report)
        if self._index is not None:
            self._index.add(report)
        elif len(self._in_order) > _FEW:
            self._index = _Index()
            for each in self._in_order:
                self._index.add(each)

    def same_as(self, report: Reported) -> Iterator[str]:
        """Keys of the reports that report the same statement, in the order in which they were added."""
        near = self._in_order if self._index is None else [self._in_order[it] for it in self._index.near(report)]
        return (each.key for each in near if same(each, report))


class _Index:
    """Reports by their words, each known by its position.

    Of two reports that are the same, one has no word that the other does not have in some form, and the numbers of one
    are all numbers of the other. So the rarest of its words leads to the other: either from the new report to those
    that carry this word, or from all of its words to those whose rarest it is.
    """

    def __init__(self) -> None:
        self._count = 0
        self._carriers: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
        self._known_by: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
        self._forms = _Forms()

    def add(self, report: Reported) -> None:
        """The next report."""
        words = report.content - report.numbers
        rarest = self._rarest(words, [_ANY])
        for mark in (_ANY, *(report.numbers or {_NO_NUMBER})):
            for word in words:
                self._carriers[mark, word].append(self._count)
            self._known_by[mark, rarest].append(self._count)
        self._count += 1

    def near(self, report: Reported) -> Sequence[int]:
        """Positions of the reports that may be the same, in order."""
        marks = [*report.numbers, _NO_NUMBER] if report.numbers else [_ANY]
        words = report.content - report.numbers
        rarest = self._rarest(words, marks)
        if rarest == _NO_WORD:
            return range(self._count)
        found: set[int] = set()
        for mark in marks:
            found.update(self._known_by.get((mark, _NO_WORD), ()))
            for word in words:
                for form in self._forms.of(word):
                    found.update(self._known_by.get((mark, form), ()))
            for form in self._forms.of(rarest):
                found.update(self._carriers.get((mark, form), ()))
        return sorted(found)

    def _rarest(self, words: Set[str], marks: Sequence[str]) -> str:
        """The word that the fewest reports of these marks carry in any form; `_NO_WORD` if there is none."""

        def carriers(word: str) -> int:
            return sum(len(self._carriers.get((mark, form), ())) for mark in marks for form in self._forms.of(word))

        return min(words, key=carriers, default=_NO_WORD)


class _Forms:
    """The written forms of each word among the words that were met."""

    def __init__(self) -> None:
        self._of: dict[str, list[str]] = {}
        self._long: list[str] = []

    def of(self, word: str) -> list[str]:
        """The word itself, and those that are like it."""
        known = self._of.get(word)
        if known is not None:
            return known
        forms = self._of[word] = [word]
        if len(word) >= SHORTEST_FORM:
            similar = process.extract_iter(word, self._long, scorer=Indel.normalized_similarity, score_cutoff=ALIKE)
            for other, _, _ in similar:
                forms.append(other)
                self._of[other].append(word)
            self._long.append(word)
        for other in near_forms(word):
            if other in self._of and other not in forms:
                forms.append(other)
                self._of[other].append(word)
        return forms
