"""A text, read once: words, sentences, quotes and what each word was taken for. Everything later works on this."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from functools import cached_property

from pipeline.matching.forms import PackedForms
from pipeline.matching.scan import Mention, scan
from pipeline.text.folding import fold
from pipeline.text.quotes import Quote, find_quotes
from pipeline.text.sentences import Sentence, split_sentences
from pipeline.text.tokens import Words, split_words

VERBAL = frozenset({"perfect", "imperfect", "future", "base", "present", "past", "ing"})


@dataclass(frozen=True)
class Reading:
    """One text.

    Attributes:
        text: as given.
        words: its words.
        sentences: over the words.
        mentions: in order of their first word.
        language: `ar` or `en`, by which agents are looked for.
    """

    text: str
    words: Words
    sentences: tuple[Sentence, ...]
    mentions: list[Mention]
    language: str

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
        table: list[list[Mention]] = [[] for _ in self.sentences]
        i = 0
        for mention in self.mentions:
            while mention.start >= self.sentences[i].last:
                i += 1
            table[i].append(mention)
        return table


def read_text(text: str, forms: PackedForms, *, language: str) -> Reading:
    """Fold, cut and look up `text`."""
    words = split_words(fold(text))
    return Reading(text, words, split_sentences(words), scan(words, forms), language)
