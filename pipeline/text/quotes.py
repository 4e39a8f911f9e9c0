"""Quotation marks: where quoted words begin and end. Whether somebody says them is told elsewhere."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass

from pipeline.text.tokens import Words

_ANGLED = {"«": True, "»": False}
_STOPS = frozenset(".!?؟…")
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
    found: list[Quote] = []
    opened: tuple[str, int] | None = None
    unclosed = _unclosed(words)
    stop = 0
    for i, mark in enumerate(words.marks):
        if mark in ("", " "):
            continue
        if not _STOPS.isdisjoint(mark):
            stop = i
        for at, character in enumerate(mark):
            if opened and _opens_anew(character, opened, unclosed, mark[:at], mark[at + 1 :]):
                found.append(Quote(opened[1], stop if stop > opened[1] else i))
                opened = None
            elif opened is None and character == '"' and at == 0 and len(mark) > 1 and i:
                continue  # right behind a word and before a space: it closes a quote that was never opened
            opened = _step(character, i, opened, found)
    if opened is not None and opened[1] < len(words):
        found.append(Quote(opened[1], len(words)))
    return tuple(found)


def _opens_anew(
    character: str, opened: tuple[str, int], unclosed: frozenset[tuple[str, int]], before: str, after: str
) -> bool:
    """Whether a mark opens a quote while another one is open, which then was never closed."""
    if character == "«":
        return opened in unclosed
    shaped = not after and before.endswith(" ")
    return character == '"' == opened[0] and shaped and not _STOPS.isdisjoint(before)


def _unclosed(words: Words) -> frozenset[tuple[str, int]]:
    """The « that no » of their line answers."""
    lost: list[tuple[str, int]] = []
    open_ones: list[tuple[str, int]] = []
    for i, mark in enumerate(words.marks):
        if mark in ("", " "):
            continue
        for character in mark:
            if character == "«":
                open_ones.append((character, i))
            elif character == "»" and open_ones:
                open_ones.pop()
            elif character in "\n\r":
                lost += open_ones
                open_ones.clear()
    return frozenset([*lost, *open_ones])


def _step(character: str, i: int, opened: tuple[str, int] | None, found: list[Quote]) -> tuple[str, int] | None:
    """The open quote after `character`, which stands before word `i`."""
    if opened is None:
        if character in _CURLY or _ANGLED.get(character):
            return (character, i)
        return None
    kind, first = opened
    closes = character == "»" if kind == "«" else character in _CURLY
    if closes or character in "\n\r":
        if i > first:
            found.append(Quote(first, i))
        return None
    return opened


def quote_at(quotes: tuple[Quote, ...], word: int) -> Quote | None:
    """The quote that holds `word`."""
    i = bisect_right(quotes, word, key=lambda quote: quote.first) - 1
    return quotes[i] if i >= 0 and word < quotes[i].last else None


def quotes_within(quotes: tuple[Quote, ...], first: int, last: int) -> tuple[Quote, ...]:
    """Quotes that begin among words `first` to `last` (exclusive)."""
    low = bisect_left(quotes, first, key=lambda quote: quote.first)
    high = bisect_left(quotes, last, key=lambda quote: quote.first)
    return quotes[low:high]
