"""English inflection. Irregular verbs are written out in the lexicon: `strike strikes struck striking`.

Tags of verbs: `base`, `present` (third person), `past`, `ing`. Tags of nouns: `noun`, `plural`, `poss`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.matching.inflection import Form

_DOUBLING = re.compile(r"^[^aeiou]*[aeiou][bdgklmnprt]$")


def verb_forms(base: str, irregular: tuple[str, ...] = ()) -> Iterator[Form]:
    """Base, third person, past and -ing; `irregular` gives third person, past, -ing and more past forms."""
    present, past, ing, *more = irregular or (_third(base), _past(base), _ing(base))
    yield base, frozenset({"base"})
    yield present, frozenset({"present"})
    yield past, frozenset({"past"})
    yield ing, frozenset({"ing"})
    for form in more:
        yield form, frozenset({"past"})


def _third(base: str) -> str:
    if re.search(r"(?:s|x|z|ch|sh)$", base):
        return base + "es"
    return base[:-1] + "ies" if re.search(r"[^aeiou]y$", base) else base + "s"


def _past(base: str) -> str:
    if base.endswith("e"):
        return base + "d"
    if re.search(r"[^aeiou]y$", base):
        return base[:-1] + "ied"
    return base + base[-1] + "ed" if _DOUBLING.match(base) else base + "ed"


def _ing(base: str) -> str:
    if base.endswith("e") and not base.endswith("ee"):
        return base[:-1] + "ing"
    return base + base[-1] + "ing" if _DOUBLING.match(base) else base + "ing"


def noun_forms(noun: str) -> Iterator[Form]:
    """Singular, plural and possessive; of several words the last one is inflected.

    A plural possessive (rebels') is written like the plural to one who splits words, so it has no tag of its own.
    """
    plural = _third(noun)
    yield noun, frozenset({"noun"})
    yield plural, frozenset({"noun", "plural"})
    yield noun + "'s", frozenset({"noun", "poss"})


def name_forms(name: str) -> Iterator[Form]:
    """A proper name and its possessive."""
    yield name, frozenset()
    yield name + "'s", frozenset({"poss"})
