"""What the words of a text were taken for. It costs a look-up a word; mentions are made where they are wanted."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from pipeline.matching.forms import PackedForms
from pipeline.matching.lexicon import GROUP, SPEAKER
from pipeline.text.projection import project
from pipeline.text.sentences import Sentence, split_sentences
from pipeline.text.tokens import Cut, cut

_NAMES = (GROUP, SPEAKER)


class Mention(NamedTuple):
    """Words `start` to `end` (exclusive) taken for a form of class `cls`; `ref` is an id of the registry."""

    start: int
    end: int
    cls: str
    tags: frozenset[str]
    ref: str | None


@dataclass(frozen=True)
class Scan:
    """The words of one text, looked up.

    Attributes:
        forms: where they were looked up.
        cut: the words, and the stops between them.
        codes: for each word the code of its form, None when it has none.
    """

    forms: PackedForms
    cut: Cut
    codes: list[int | None]

    @cached_property
    def sentences(self) -> tuple[Sentence, ...]:
        """Sentences are counted in words."""
        return split_sentences(self.cut)

    def codes_of(self, sentence: Sentence) -> list[int | None]:
        """The codes of one sentence's words."""
        return self.codes[sentence.first : sentence.last]

    @cached_property
    def _made(self) -> dict[int, list[Mention]]:
        """Mentions of the sentences that were asked for, by their first word."""
        return {}

    def mentions(self, sentence: Sentence) -> list[Mention]:
        """All mentions that begin in a sentence, in order of their first word. A name inside a longer name is none."""
        made = self._made.get(sentence.first)
        if made is None:
            made = self._made[sentence.first] = self._make(sentence)
        return made

    def _make(self, sentence: Sentence) -> list[Mention]:
        found: list[Mention] = []
        covered = -1
        for word, code in enumerate(self.codes_of(sentence), sentence.first):
            if code is None:
                continue
            for rest, cls, tags, ref in self.forms.entries(code):
                end = word + 1 + len(rest)
                if cls in _NAMES:
                    if word < covered:
                        continue
                    covered = end
                found.append(Mention(word, end, cls, tags, ref))
        return found


def scan(text: str, forms: PackedForms) -> Scan:
    """Project, cut and look up `text`."""
    words = cut(project(text))
    return Scan(forms, words, forms.look_up(*words))
