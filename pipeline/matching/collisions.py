"""Collisions: one written form of two words that have nothing to do with each other, such as وعدنا: we promised, and we
returned. A word that stands in two classes on purpose shares most of its forms with itself and is not told.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations
from typing import NamedTuple

from pipeline.matching.lexicon import LexicalClass, Lexicon, forms_of
from pipeline.text.folding import fold_word

_BY_CHANCE = 0.1
"""Share of the smaller word's forms below which two words meet by chance."""
_SHORTEST = 3
"""Letters."""


class Lemma(NamedTuple):
    """A word as it stands in a class."""

    cls: str
    word: str
    kind: str

    @property
    def stem(self) -> str:
        """The word folded, of a verb its first principal part."""
        return fold_word(self.word.split()[0] if self.kind == "verbs" else self.word)


Forms = Mapping[str, tuple[Lemma, ...]]


def surprises(lexicons: Iterable[Lexicon]) -> Iterator[str]:
    """One line for each two words that share a form by chance, and for each Arabic form that is too short."""
    for lexicon in lexicons:
        forms = _forms(lexicon)
        if lexicon.language == "ar":
            yield from _too_short(forms, lexicon)
        for (one, other), (common, classes) in sorted(_by_chance(forms).items()):
            yield (
                f"{lexicon.language} lexicon: {', '.join(sorted(common)[:3])}: of {one} and of {other} "
                f"({', '.join(sorted(classes))}); list the form under `words` of the class that it belongs to"
            )


def _too_short(forms: Forms, lexicon: Lexicon) -> Iterator[str]:
    """Forms of one or two letters made of a verb or noun: they mean many things."""
    for form in sorted(form for form in forms if len(form) < _SHORTEST):
        made = next((lemma for lemma in forms[form] if lemma.kind != "words"), None)
        if made and form not in lexicon.short_stems and form not in lexicon.words:
            place = f"ar lexicon: {form}: of {made.stem} ({made.cls})"
            yield f"{place}; list it under `short_stems`, or take the word out"


def _by_chance(forms: Forms) -> dict[tuple[str, str], tuple[set[str], set[str]]]:
    """The forms in common, and the classes, of each two unlike words that share few of their forms."""
    sizes: dict[Lemma, int] = defaultdict(int)
    shared: dict[tuple[Lemma, Lemma], set[str]] = defaultdict(set)
    for form, lemmas in forms.items():
        for lemma in lemmas:
            sizes[lemma] += 1
        for one, other in combinations(lemmas, 2):
            shared[one, other].add(form)
    found: dict[tuple[str, str], tuple[set[str], set[str]]] = defaultdict(lambda: (set(), set()))
    for (one, other), common in shared.items():
        apart = one.cls != other.cls and not _alike(one.stem, other.stem)
        if apart and len(common) < _BY_CHANCE * min(sizes[one], sizes[other]):
            first, second = sorted((one.stem, other.stem))
            found[first, second][0].update(common)
            found[first, second][1].update((one.cls, other.cls))
    return found


def _alike(one: str, other: str) -> bool:
    """Whether two stems differ only at their end: a noun and its plural, a verb and its noun."""
    common = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return common >= _SHORTEST and common >= min(len(one), len(other)) - 1


def _forms(lexicon: Lexicon) -> Forms:
    """The lemmas of each form."""
    table: dict[str, dict[Lemma, None]] = defaultdict(dict)
    for name, cls in lexicon.classes.items():
        for kind in ("verbs", "nouns", "words"):
            for word in getattr(cls, kind):
                lemma = Lemma(name, word, kind)
                for surface, _ in forms_of(LexicalClass(**{kind: (word,)}), lexicon):
                    table[fold_word(surface)][lemma] = None
    return {form: tuple(lemmas) for form, lemmas in table.items()}
