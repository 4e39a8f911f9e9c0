"""One pass over the words: what each was taken for. Costs one dictionary lookup a word."""

from __future__ import annotations

from typing import NamedTuple

from pipeline.matching.forms import PackedForms
from pipeline.matching.lexicon import GROUP, SPEAKER
from pipeline.text.tokens import Words

_BREAKS = frozenset(".،,:;؛\n\r!؟?")


class Mention(NamedTuple):
    """Words `start` to `end` (exclusive) taken for a form of class `cls`; `ref` is an id of the registry."""

    start: int
    end: int
    cls: str
    tags: frozenset[str]
    ref: str | None


def scan(words: Words, forms: PackedForms) -> list[Mention]:
    """All mentions in order of their first word. A name inside a longer name is none."""
    found: list[Mention] = []
    texts = words.texts
    covered = -1
    for i, text in enumerate(texts):
        entries = forms.get(text)
        if entries is None:
            continue
        named = False
        for entry in entries:
            is_name = entry.cls in (GROUP, SPEAKER)
            if is_name and (named or i < covered):
                continue
            end = i + 1 + len(entry.rest)
            if entry.rest and not _continues(words, i, entry.rest):
                continue
            found.append(Mention(i, end, entry.cls, entry.tags, entry.ref))
            if is_name:
                named = True
                covered = end
    return found


def _continues(words: Words, i: int, rest: tuple[str, ...]) -> bool:
    if tuple(words.texts[i + 1 : i + 1 + len(rest)]) != rest:
        return False
    return all(_BREAKS.isdisjoint(words.marks[j]) for j in range(i + 1, i + 1 + len(rest)))
