"""A paragraph as date readers see it: words, numbers and every mark for itself.

`pipeline.text.tokens` keeps 7/7/2021 whole and marks apart, as rules need it; a date's grammar runs over the marks
(أبريل/ نيسان, يونيو (حزيران), 3-4-2021), so this package cuts once more, and only where a date may stand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Set
from dataclasses import dataclass, field

from pipeline.text.folding import Folded

LONGEST = 20_000
"""Folded characters after which a line is cut, behind a sentence if there is one, so that memory stays flat."""

_TOKEN = re.compile(r"[0-9]+|[^\W\d_]+|[^\s_]")
_LINE = re.compile(r"[^\n\r]+")
_SENTENCE_END = re.compile(r"[.!?؟…] ")
_DIGITS = re.compile(r"[0-9] ?[/.\-–] ?[0-9]{1,2} ?[/.\-–] ?[0-9]|(?:in|since|في|منذ) (?:19|20)[0-9]{2}(?![0-9])")
_ENDS = frozenset(".!?؟…؛;")
_OPENING = _ENDS | frozenset(':«“"”»•*|')
_TIES = frozenset("-–—/+$€£%#")
_POINTS = frozenset(".,:،٫٬")
_TURNS = frozenset('“”„‟"')
_QUOTES = _TURNS | frozenset("«»")


@dataclass(slots=True)
class Line:
    """The tokens of one paragraph.

    Attributes:
        folded: the whole text.
        words: folded tokens: a run of digits, a run of letters, or one mark.
        spans: where each token begins in the folded text, and the index behind it.
    """

    folded: Folded
    words: list[str]
    spans: list[tuple[int, int]]
    _quoted: list[bool] = field(default_factory=list)

    def word(self, i: int) -> str:
        """Token `i`, or an empty string outside the line."""
        return self.words[i] if 0 <= i < len(self.words) else ""

    def number(self, i: int, digits: int) -> int | None:
        """Token `i` as a number of at most `digits` digits."""
        word = self.word(i)
        return int(word) if self.is_number(i) and len(word) <= digits else None

    def touches(self, i: int) -> bool:
        """Whether tokens `i` and `i` + 1 stand together without a space."""
        return 0 <= i < len(self.words) - 1 and self.spans[i][1] == self.spans[i + 1][0]

    def is_whole(self, i: int) -> bool:
        """Whether number `i` is no part of a larger one, of a range, of a code (F-16) or of an amount of money."""
        before = self.word(i - 1) if self.touches(i - 1) else ""
        if before in _TIES or (before.isascii() and before.isalpha()):
            return False
        if before in _POINTS and self.touches(i - 2) and self.is_number(i - 2):
            return False
        tied = self.touches(i) and self.word(i + 1) in _TIES | _POINTS and self.touches(i + 1)
        return not (tied and self.is_number(i + 2))

    def is_number(self, i: int) -> bool:
        """Whether token `i` is a run of digits."""
        return "0" <= self.word(i)[:1] <= "9"

    def is_capital(self, i: int) -> bool:
        """Whether token `i` begins with a capital in the original."""
        return self.folded.original[self.folded.offsets[self.spans[i][0]]].isupper()

    def original(self, i: int) -> str:
        """Token `i` as it was written."""
        start, end = self.folded.span(*self.spans[i])
        return self.folded.original[start:end]

    def opens_sentence(self, i: int) -> bool:
        """Whether nothing of the sentence stands before token `i`."""
        return i == 0 or self.word(i - 1) in _OPENING

    def before(self, i: int, count: int) -> list[str]:
        """At most `count` tokens of the same sentence before token `i`, nearest first."""
        found: list[str] = []
        for word in reversed(self.words[max(0, i - count) : i]):
            if word in _ENDS:
                break
            found.append(word)
        return found

    def is_closed(self, i: int) -> bool:
        """Whether no word follows directly: the end of the line or a mark."""
        return not self.word(i).isalnum()

    def is_quoted(self, i: int) -> bool:
        """Whether token `i` stands inside quotation marks; a quote that is not closed ends with the line."""
        if not self._quoted and not _QUOTES.isdisjoint(self.words):
            self._quoted = self._quotes()
        return bool(self._quoted) and self._quoted[i]

    def _quotes(self) -> list[bool]:
        """Curly and straight marks open or close by the word they touch, since Arabic outlets set them either way."""
        inside, state = False, []
        for i, word in enumerate(self.words):
            if word in _TURNS:
                before, behind = self.touches(i - 1), self.touches(i)
                inside = behind if before != behind else not inside
            elif word in "«»":
                inside = word == "«"
            state.append(inside)
        return state


def lines_with(folded: Folded, hints: Set[str]) -> Iterator[tuple[Line, bool]]:
    """Each line with a word of `hints`, a numeric date or a lone year; the flag says whether it begins a paragraph."""
    for found in _LINE.finditer(folded.text):
        start, end = found.span()
        while start < end:
            stop = end if end - start <= LONGEST else _cut(folded.text, start)
            words = _TOKEN.findall(folded.text, start, stop)
            if not hints.isdisjoint(words) or _DIGITS.search(folded.text, start, stop):
                spans = [token.span() for token in _TOKEN.finditer(folded.text, start, stop)]
                yield Line(folded, words, spans), start == found.start()
            start = stop


def _cut(text: str, start: int) -> int:
    """Where to cut a line that is too long: behind its last sentence, else at a space, else where it is."""
    stop = start + LONGEST
    ends = [found.end() for found in _SENTENCE_END.finditer(text, stop - 2_000, stop)]
    if ends:
        return ends[-1]
    space = text.rfind(" ", stop - 2_000, stop)
    return stop if space < 0 else space + 1
