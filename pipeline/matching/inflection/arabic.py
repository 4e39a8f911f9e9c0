"""Arabic inflection from the principal parts that a dictionary gives: past, present, verbal nouns, participles.

Tags of verbs: `perfect`, `imperfect`, `future` (the emphatic لنثأرن too), `we` (first person plural), `obj` (object
pronoun attached), `fem`, `plural`.
Tags of nouns: `noun`, `def`, `poss` (possessive attached), `we` (ours), `b` (with bi-), `l` (with li-), `masdar`,
`participle`. `and` marks a form with wa- or fa- before it.

Proclitics go by part of speech: sa- on imperfect verbs only; al-, bi-, ka-, li- on nouns only; particles take wa- and
fa- alone. A stem of three letters or fewer takes wa- and fa- only if the lexicon's `short_stems` allow it, or if it is
a verb in the perfect with three letters (ولوح، ونفت).
"""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.matching.inflection import Form

_OBJECTS = ("ه", "ها", "هم", "هما", "نا", "ك", "كم", "ني")
_POSSESSIVES = ("ه", "ها", "هم", "هما", "نا", "كم", "ك")
_SHORT = 3


def verb_forms(past: str, present: str) -> Iterator[Form]:
    """Perfect, imperfect and future of all persons that news prose uses, with object pronouns."""
    if past != "-":
        yield from _perfect(past)
    if present != "-":
        yield from _imperfect(present)


def _perfect(past: str) -> Iterator[Form]:
    base, bare, before_object = _perfect_stems(past)
    tags = frozenset({"perfect"})
    yield past, tags
    yield base + "ت", tags | {"fem"}
    yield base + "تا", tags | {"fem"}
    yield base + "وا", tags | {"plural"}
    yield (bare + "ا" if bare.endswith("ن") else bare + "نا"), tags | {"we"}
    if past[-1] not in "ىا" and past[1] != "ا":
        yield past + "ا", tags  # not of the third form, whose participle طالبا looks the same
    for pronoun in _OBJECTS:
        yield before_object + pronoun, tags | {"obj"}
        yield base + "ت" + pronoun, tags | {"obj", "fem"}
        yield base + "و" + pronoun, tags | {"obj", "plural"}
        yield bare + "نا" + pronoun, tags | {"obj", "we"}


def _perfect_stems(past: str) -> tuple[str, str, str]:
    """Stem before -at and -u, stem before -na, stem before an object."""
    if past.endswith("ى"):
        return past[:-1], past[:-1] + "ي", past[:-1] + "ا"
    if past.endswith("ا"):
        return past[:-1], past[:-1] + "و", past
    if len(past) == 2:
        return past, past + past[-1], past
    if len(past) >= _SHORT and past[-2] == "ا":
        return past, past[:-2] + past[-1], past
    return past, past, past


def _imperfect(present: str) -> Iterator[Form]:
    stem = present[1:]
    weak = stem[-1] in "ىي"
    plural = stem[:-1] if weak else stem
    before_object = stem[:-1] + "ا" if stem.endswith("ى") else stem
    for future, tense in (("", "imperfect"), ("س", "future")):
        for prefix, marks in (("ي", set()), ("ت", {"fem"}), ("ن", {"we"}), ("أ", {"i"})):
            if prefix == "أ" and not future:
                continue  # folds into the perfect of the fourth form: أعلن
            tags = frozenset({tense, *marks})
            yield future + prefix + stem, tags
            for pronoun in _OBJECTS:
                yield future + prefix + before_object + pronoun, tags | {"obj"}
        if not future:
            for prefix in "نيت":
                emphatic = frozenset({"future", *({"we"} if prefix == "ن" else ())})
                yield "ل" + prefix + plural + "ن", emphatic
                for pronoun in _OBJECTS:
                    yield "ل" + prefix + plural + "ن" + pronoun, emphatic | {"obj"}
        for prefix in "يت":
            for suffix in ("ون", "وا", "ان"):
                yield future + prefix + plural + suffix, frozenset({tense, "plural"})
            yield future + prefix + plural + "ونه", frozenset({tense, "plural", "obj"})
            yield future + prefix + plural + "ونها", frozenset({tense, "plural", "obj"})


def noun_forms(noun: str, *more: str) -> Iterator[Form]:
    """A noun with article, possessives and the prepositions written onto it; `more` are tags for every form."""
    for surface, tags in _bare_noun(noun):
        yield from _with_prepositions(surface, tags | {"noun", *more}, definable="poss" not in tags)


def _bare_noun(noun: str) -> Iterator[Form]:
    none: frozenset[str] = frozenset()
    yield noun, none
    if noun.endswith("ة"):
        stem = noun[:-1] + "ت"
        yield noun[:-1] + "ات", frozenset({"plural"})
        for ending in ("ين", "ان", "ي", "ا"):
            yield stem + ending, frozenset({"dual"})
        for pronoun in _POSSESSIVES:
            yield noun[:-1] + "ات" + pronoun, _owned(pronoun)
    else:
        stem = noun
        if noun[-1] not in "اءى":
            yield noun + "ا", none
        if len(noun) > _SHORT:
            for ending in ("ين", "ان", "ون", "و", "ي"):
                yield noun + ending, frozenset({"plural"})
    stem = stem[:-1] + "ا" if stem.endswith("ى") else stem
    for pronoun in _POSSESSIVES:
        yield stem + pronoun, _owned(pronoun)


def _owned(pronoun: str) -> frozenset[str]:
    return frozenset({"poss", "we"}) if pronoun == "نا" else frozenset({"poss"})


def _with_prepositions(surface: str, tags: frozenset[str], *, definable: bool) -> Iterator[Form]:
    yield surface, tags
    yield "ب" + surface, tags | {"b"}
    yield "ل" + surface, tags | {"l"}
    yield "ك" + surface, tags
    if definable:
        yield "ال" + surface, tags | {"def"}
        yield "بال" + surface, tags | {"def", "b"}
        yield "لل" + surface, tags | {"def", "l"}
        yield "كال" + surface, tags | {"def"}


def name_forms(name: str) -> Iterator[Form]:
    """A proper name: the prepositions written onto its first word, the article kept or merged."""
    none: frozenset[str] = frozenset()
    yield name, none
    yield "ب" + name, frozenset({"b"})
    yield "ك" + name, none
    yield ("لل" + name[2:] if name.startswith("ال") else "ل" + name), frozenset({"l"})


def with_conjunctions(form: Form, *, short_allowed: frozenset[str]) -> Iterator[Form]:
    """`form`, and the same behind wa- and fa-."""
    surface, tags = form
    yield form
    first = surface.split()[0]
    verb = len(first) == _SHORT and "perfect" in tags
    if len(first) > _SHORT or verb or surface in short_allowed or first in short_allowed:
        joined = tags | {"and"}
        yield "و" + surface, joined
        yield "ف" + surface, joined
