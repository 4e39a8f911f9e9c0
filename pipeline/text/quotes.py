"""Quotation marks: where quoted words begin and end. Whether somebody says them is told elsewhere."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass

from pipeline.text.tokens import Words

_ANGLED = {"«": True, "»": False}
_STOPS = frozenset(".!?؟…")
_LINE_ENDS = frozenset("\n\r")
_CURLY = frozenset('“”„‟"')


@dataclass(frozen=True, slots=True)
class Quote:
    """Words `first` to `last` (exclusive) inside one pair of quotation marks."""

    first: int
    last: int


def find_quotes(words: Words) -> tuple[Quote, ...]:
    """Quotes in order, not nested: the outermost pair counts.

    « » open and close by their shape; “ ” and " open and close in turn, since Arabic outlets set them either way.
    A quote that is not closed ends with its line, or with the sentence before the next quote opens.
    """
    pairing = _Pairing(_unclosed(words))
    for i, mark in enumerate(words.marks):
        if mark not in ("", " "):
            pairing.read(mark, i)
    return pairing.finish(len(words))


def _unclosed(words: Words) -> frozenset[int]:
    """The words before which a « stands that no » of its line answers."""
    lost: list[int] = []
    waiting: list[int] = []
    for i, mark in enumerate(words.marks):
        if mark in ("", " "):
            continue
        for character in mark:
            if character == "«":
                waiting.append(i)
            elif character == "»" and waiting:
                waiting.pop()
            elif character in _LINE_ENDS:
                lost += waiting
                waiting.clear()
    return frozenset([*lost, *waiting])


class _Pairing:
    """Pairs marks in one pass; `opened` is the mark and first word of the quote that is open."""

    def __init__(self, unclosed: frozenset[int]) -> None:
        self._unclosed = unclosed
        self._found: list[Quote] = []
        self._opened: tuple[str, int] | None = None
        self._depth = 0
        self._stop = 0

    def read(self, mark: str, word: int) -> None:
        """Take in what stands before `word`."""
        if not _STOPS.isdisjoint(mark):
            self._stop = word
        for at, character in enumerate(mark):
            if self._opened is None:
                closing = character == '"' and at == 0 < word and len(mark) > 1
                if not closing and (character in _CURLY or _ANGLED.get(character)):
                    self._opened = (character, word)
            elif self._opens_anew(character, shaped=at == len(mark) - 1 and mark[at - 1 : at] == " "):
                self._close(self._stop if self._stop > self._opened[1] else word)
                self._opened = (character, word)
            elif self._closes(character, self._opened[0]):
                self._close(word)

    def finish(self, words: int) -> tuple[Quote, ...]:
        """The quotes; one that is still open holds the rest."""
        if self._opened is not None:
            self._close(words)
        return tuple(self._found)

    def _opens_anew(self, character: str, *, shaped: bool) -> bool:
        """Whether a mark opens a quote while one is open that was never closed."""
        if self._opened is None or character != self._opened[0]:
            return False
        if character == "«":
            return self._opened[1] in self._unclosed
        return character == '"' and shaped and self._stop > self._opened[1]

    def _closes(self, character: str, kind: str) -> bool:
        if character in _LINE_ENDS:
            return True
        if kind != "«":
            return character in _CURLY
        nested = self._depth
        self._depth += (character == "«") - (character == "»")
        return character == "»" and nested == 0

    def _close(self, last: int) -> None:
        if self._opened is not None and last > self._opened[1]:
            self._found.append(Quote(self._opened[1], last))
        self._opened, self._depth = None, 0


def quote_at(quotes: tuple[Quote, ...], word: int) -> Quote | None:
    """The quote that holds `word`."""
    i = bisect_right(quotes, word, key=lambda quote: quote.first) - 1
    return quotes[i] if i >= 0 and word < quotes[i].last else None


def quotes_within(quotes: tuple[Quote, ...], first: int, last: int) -> tuple[Quote, ...]:
    """Quotes that begin among words `first` to `last` (exclusive)."""
    low = bisect_left(quotes, first, key=lambda quote: quote.first)
    high = bisect_left(quotes, last, key=lambda quote: quote.first)
    return quotes[low:high]
