"""Lexicon classes and their expansion into written forms. Matching never inflects: it looks forms up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from pipeline.matching.inflection import Form, arabic, english
from pipeline.matching.registry import Registry
from pipeline.text.folding import fold, fold_word
from pipeline.text.tokens import split_words

GROUP, SPEAKER, SURNAME, QUOTED_GROUP = "group", "speaker", "surname", "quoted-group"
CONTEXTUAL, CONTEXT = "contextual-name", "context"


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


@dataclass(frozen=True, slots=True)
class Entry:
    """What a form is: `rest` are the words that must follow its first; `ref` is an id of the registry."""

    rest: tuple[str, ...]
    cls: str
    tags: frozenset[str]
    ref: str | None = None


@dataclass(slots=True)
class Forms:
    """First word → entries."""

    entries: dict[str, list[Entry]] = field(default_factory=dict)

    def add(self, surface: str, entry_class: str, tags: frozenset[str], ref: str | None = None) -> None:
        folded = fold_word(surface)
        first, *rest = [folded] if folded.isalpha() else split_words(fold(folded)).texts
        entry = Entry(tuple(rest), entry_class, tags, ref)
        known = self.entries.setdefault(first, [])
        if entry not in known:
            known.append(entry)


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
    short = frozenset([name])
    for form in arabic.name_forms(name) if arabic_name else english.name_forms(name):
        for surface, tags in arabic.with_conjunctions(form, short_allowed=short) if arabic_name else (form,):
            forms.add(surface, cls, tags, ref)


def _expand_lexicon(lexicon: Lexicon, forms: Forms) -> None:
    listed = {fold_word(word) for word in lexicon.words}
    exact = set(listed)
    exact.update(fold_word(lemma) for cls in lexicon.classes.values() for lemma in (*cls.words, *cls.nouns))
    make = _arabic_forms if lexicon.language == "ar" else _english_forms
    for name, cls in lexicon.classes.items():
        own = {fold_word(lemma) for lemma in (*cls.words, *cls.nouns)}
        for surface, tags in make(cls, lexicon.short_stems):
            folded = fold_word(surface)
            if folded in listed and folded not in own:
                continue
            if folded in exact and folded not in own and lexicon.language == "ar" and not _EXPANDED.isdisjoint(tags):
                continue  # a listed word beats a form that is put together
            forms.add(surface, name, tags)


_EXPANDED = frozenset({"and", "b", "l", "dual", "plural", "poss"})


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
