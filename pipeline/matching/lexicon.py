"""Lexicon classes and their expansion into written forms. Matching never inflects: it looks forms up."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from pipeline.matching.forms import Kind, Reading
from pipeline.matching.inflection import Form, arabic, english
from pipeline.matching.registry import Registry
from pipeline.text.projection import LETTERS, UNKNOWN, byte_class, project
from pipeline.text.tokens import cut

Barred = Callable[[bytes, frozenset[str]], bool]
"""Whether a projected form with its tags is not to be taken for the class."""

GROUP, SPEAKER, SURNAME, QUOTED_GROUP = "group", "speaker", "surname", "quoted-group"
CONTEXTUAL, CONTEXT = "contextual-name", "context"
_LETTERS = re.compile(byte_class(LETTERS.replace("ж", "")) + b"+")


@dataclass(frozen=True, slots=True)
class LexicalClass:
    """Words that stand for each other in rules.

    Attributes:
        verbs: principal parts: `past present nouns participles` in Arabic (alternatives by `/`, `-` for none), `base`
            or all irregular forms in English; a particle follows an underscore (`carry_out`).
        nouns: inflected as nouns; of several words the first (Arabic) or last (English).
        words: not inflected; Arabic ones take wa- and fa-.
    """

    verbs: tuple[str, ...] = ()
    nouns: tuple[str, ...] = ()
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The classes of one language.

    Attributes:
        language: `ar` or `en`.
        short_stems: Arabic stems of up to three letters that take wa- and fa- all the same.
        words: words that no inflected form may claim (وعد is not wa- and عد).
        classes: by name.
    """

    language: str
    classes: Mapping[str, LexicalClass]
    short_stems: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()


class Forms:
    """Every written form, gathered: first word → readings, in the order in which they were made."""

    def __init__(self) -> None:
        self.readings: dict[bytes, list[Reading]] = {}
        self._kinds: dict[Kind, int] = {}

    @property
    def kinds(self) -> list[Kind]:
        """What the numbers of the readings mean."""
        return list(self._kinds)

    def add(self, cls: str, forms: Iterable[Form], ref: str | None = None, *, barred: Barred | None = None) -> None:
        """All `forms` of one class, folded in one go; `barred` says which are not taken."""
        made = list(forms)
        if not made:
            return
        projected = project("\n".join(surface for surface, _ in made)).split(b"\n")
        numbers: dict[frozenset[str], int] = {}
        for word, (surface, tags) in zip(projected, made, strict=True):
            if barred and barred(word, tags):
                continue
            number = numbers.get(tags)
            if number is None:
                number = numbers[tags] = self._kinds.setdefault(Kind(cls, tags, ref), len(self._kinds))
            if _LETTERS.fullmatch(word):
                self.readings.setdefault(word, []).append((number, ()))
            else:
                self._add_words(word, surface, number)

    def _add_words(self, word: bytes, surface: str, number: int) -> None:
        if UNKNOWN in word:
            raise ValueError(f"{surface!r} holds a letter that is neither Arabic nor English; write it without")
        words = cut(word).words
        if not words:
            raise ValueError(f"{surface!r} holds no word; write letters or digits")
        self.readings.setdefault(words[0], []).append((number, tuple(words[1:])))


def expand(lexicons: Iterable[Lexicon], registry: Registry) -> Forms:
    """Every form of every lexicon and every name of the registry."""
    forms = Forms()
    for lexicon in lexicons:
        _expand_lexicon(lexicon, forms)
    for group in registry.groups.values():
        for name in group.names_ar:
            _add_name(forms, name, GROUP, group.group_id, arabic_name=True)
        for name in group.quoted_names_ar:
            _add_name(forms, name, QUOTED_GROUP, group.group_id, arabic_name=True)
        for name in group.contextual_names_ar:
            _add_name(forms, name, CONTEXTUAL, group.group_id, arabic_name=True)
        for name in group.context_ar:
            _add_name(forms, name, CONTEXT, group.group_id, arabic_name=True)
        for name in (group.name_en, *group.names_en):
            _add_name(forms, name, GROUP, group.group_id, arabic_name=False)
    for speaker in registry.speakers.values():
        for name in speaker.names_ar:
            _add_name(forms, name, SPEAKER, speaker.speaker_id, arabic_name=True)
        for name in speaker.names_en:
            _add_name(forms, name, SPEAKER, speaker.speaker_id, arabic_name=False)
        for name in speaker.surnames:
            _add_name(forms, name, SURNAME, speaker.speaker_id, arabic_name=not name.isascii())
    return forms


def _add_name(forms: Forms, name: str, cls: str, ref: str, *, arabic_name: bool) -> None:
    forms.add(cls, _arabic_name(name) if arabic_name else english.name_forms(name), ref)


def _arabic_name(name: str) -> Iterator[Form]:
    short = frozenset([name])
    for form in arabic.name_forms(name):
        yield from arabic.with_conjunctions(form, short_allowed=short)


def _expand_lexicon(lexicon: Lexicon, forms: Forms) -> None:
    listed = _projected(lexicon.words)
    exact = listed | {word for cls in lexicon.classes.values() for word in _lemmas(cls)}
    for name, cls in lexicon.classes.items():
        others = exact - _lemmas(cls)
        if lexicon.language == "ar":
            barred = partial(_is_barred, others, listed)
        else:
            barred = partial(_is_barred, others & listed, listed)
        forms.add(name, forms_of(cls, lexicon), barred=barred)


def _is_barred(others: frozenset[bytes], listed: frozenset[bytes], word: bytes, tags: frozenset[str]) -> bool:
    """Whether a form is another word: a listed word beats one, and any lemma beats a form that is put together."""
    return word in others and (word in listed or not _EXPANDED.isdisjoint(tags))


def _lemmas(cls: LexicalClass) -> frozenset[bytes]:
    return _projected((*cls.words, *cls.nouns))


def _projected(words: Iterable[str]) -> frozenset[bytes]:
    return frozenset(map(project, words))


_EXPANDED = frozenset({"and", "b", "l", "dual", "plural", "poss"})


def forms_of(cls: LexicalClass, lexicon: Lexicon) -> Iterator[Form]:
    """Every form of a class by the rules of a lexicon, those too that another word claims."""
    yield from (_arabic_forms if lexicon.language == "ar" else _english_forms)(cls, lexicon.short_stems)


def _arabic_forms(cls: LexicalClass, short_stems: frozenset[str]) -> Iterator[Form]:
    for form in _arabic_stems(cls):
        yield from arabic.with_conjunctions(form, short_allowed=short_stems)


def _arabic_stems(cls: LexicalClass) -> Iterator[Form]:
    for verb in cls.verbs:
        past, present, nouns, participles = [*verb.split(), "-", "-"][:4]
        yield from arabic.verb_forms(past, present)
        for noun in nouns.split("/"):
            if noun != "-":
                yield from arabic.noun_forms(noun, "masdar")
        for participle in participles.split("/"):
            if participle != "-":
                yield from _predicates(participle)
    for noun in cls.nouns:
        first, *rest = noun.split()
        for surface, tags in arabic.noun_forms(first):
            yield " ".join((surface, *rest)), tags
    for word in cls.words:
        yield word, frozenset()


def _predicates(participle: str) -> Iterator[Form]:
    """A participle as a predicate ("threatening"): with the article it is a noun or an adjective instead."""
    for stem in (participle, participle + "ة"):
        for surface, tags in arabic.noun_forms(stem, "participle"):
            if "def" not in tags and "poss" not in tags:
                yield surface, tags


def _english_forms(cls: LexicalClass, _short_stems: frozenset[str]) -> Iterator[Form]:
    for verb in cls.verbs:
        (base, *irregular), particle = _cut_particle(verb)
        for surface, tags in english.verb_forms(base, tuple(irregular)):
            yield surface + particle, tags
    for noun in cls.nouns:
        yield from english.noun_forms(noun)
    for word in cls.words:
        yield word, frozenset()


def _cut_particle(verb: str) -> tuple[list[str], str]:
    stem, _, particle = verb.partition("_")
    return stem.split(), f" {particle}" if particle else ""
