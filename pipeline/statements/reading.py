"""A text, read once: words, sentences, quotes and what each word was taken for. Everything later works on this."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from functools import cached_property

from pipeline.matching.scan import Mention, Scan
from pipeline.text.folding import fold
from pipeline.text.quotes import Quote, find_quotes
from pipeline.text.sentences import Sentence
from pipeline.text.tokens import Words, split_words

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
