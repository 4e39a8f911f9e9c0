"""A text, read once: words, sentences, quotes and what each word was taken for. Everything later works on this."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from pipeline.matching.match import by_class
from pipeline.matching.scan import Mention, Scan
from pipeline.text.folding import fold
from pipeline.text.quotes import Quote, find_quotes
from pipeline.text.sentences import Sentence
from pipeline.text.tokens import Words, split_words

T = TypeVar("T")
VERBAL = frozenset({"perfect", "imperfect", "future", "base", "present", "past", "ing"})


@dataclass(frozen=True)
class Reading:
    """One text.

    Attributes:
        text: as given.
        scan: its words, looked up.
        language: `ar` or `en`, by which agents are looked for.
    """

    text: str
    scan: Scan
    language: str

    @cached_property
    def words(self) -> Words:
        """Its words with their places."""
        return split_words(fold(self.text))

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        """Sentences over the words."""
        return self.scan.sentences

    @cached_property
    def mentions(self) -> list[Mention]:
        """All mentions, in order of their first word."""
        return [mention for here in self.by_sentence for mention in here]

    @cached_property
    def quotes(self) -> tuple[Quote, ...]:
        """Quotation marks are paired only when a sentence needs them."""
        return find_quotes(self.words)

    @cached_property
    def verbs(self) -> list[int]:
        """Positions of all words taken for a finite verb."""
        return sorted({m.start for m in self.mentions if not VERBAL.isdisjoint(m.tags)})

    def verb_between(self, first: int, last: int) -> bool:
        """Whether a finite verb stands among words `first` to `last` (exclusive)."""
        i = bisect_left(self.verbs, first)
        return i < len(self.verbs) and self.verbs[i] < last

    @cached_property
    def by_sentence(self) -> list[list[Mention]]:
        """The mentions of each sentence; one that crosses an end belongs to the sentence where it begins."""
        return [self.scan.mentions(sentence) for sentence in self.sentences]

    @cached_property
    def by_class(self) -> Mapping[int, Mapping[str, list[Mention]]]:
        """For each sentence, by its number, its mentions by their class."""
        return _Asked(lambda i: by_class(self.by_sentence[i]))

    @cached_property
    def classes(self) -> Mapping[int, Mapping[int, set[str]]]:
        """For each sentence, by its number, the classes of each word that was taken for something."""
        return _Asked(lambda i: _classes_by_word(self.by_sentence[i]))


class _Asked(dict[int, T]):
    """What is worked out of a sentence when somebody asks for it."""

    def __init__(self, work_out: Callable[[int], T]) -> None:
        super().__init__()
        self._work_out = work_out

    def __missing__(self, sentence: int) -> T:
        self[sentence] = found = self._work_out(sentence)
        return found


def _classes_by_word(mentions: Iterable[Mention]) -> dict[int, set[str]]:
    classes: dict[int, set[str]] = {}
    for start, end, cls, _, _ in mentions:
        for word in range(start, end):
            if word in classes:
                classes[word].add(cls)
            else:
                classes[word] = {cls}
    return classes
