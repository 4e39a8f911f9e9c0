"""English inflection. Common irregular verbs are known; others are written out: `smite smites smote smiting smitten`.

Tags of verbs: `base`, `present` (third person), `past`, `ing`. Tags of nouns: `noun`, `plural`, `poss`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.matching.inflection import Form

_DOUBLING = re.compile(r"^[^aeiou]*[aeiou][bdgklmnprt]$")
_IRREGULAR = {
    base: (third, past, ing, *more)
    for base, third, past, ing, *more in (
        row.split()
        for row in """
begin begins began beginning begun
blow blows blew blowing blown
break breaks broke breaking broken
bring brings brought bringing
come comes came coming
cut cuts cut cutting
do does did doing done
fall falls fell falling fallen
fight fights fought fighting
find finds found finding
fly flies flew flying flown
give gives gave giving given
go goes went going gone
hide hides hid hiding hidden
hit hits hit hitting
hold holds held holding
keep keeps kept keeping
know knows knew knowing known
lay lays laid laying
lead leads led leading
leave leaves left leaving
make makes made making
pay pays paid paying
put puts put putting
rise rises rose rising risen
run runs ran running
say says said saying
send sends sent sending
set sets set setting
shoot shoots shot shooting
show shows showed showing shown
shut shuts shut shutting
sink sinks sank sinking sunk
speak speaks spoke speaking spoken
stand stands stood standing
stick sticks stuck sticking
strike strikes struck striking stricken
swear swears swore swearing sworn
take takes took taking taken
tear tears tore tearing torn
tell tells told telling
withdraw withdraws withdrew withdrawing withdrawn
write writes wrote writing written
""".strip().splitlines()
    )
}
_APOSTROPHES = "'’"


def verb_forms(base: str, irregular: tuple[str, ...] = ()) -> Iterator[Form]:
    """Base, third person, past and -ing; `irregular` gives third person, past, -ing and more past forms."""
    present, past, ing, *more = irregular or _IRREGULAR.get(base) or (_third(base), _past(base), _ing(base))
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
    for mark in _APOSTROPHES:
        yield noun + mark + "s", frozenset({"noun", "poss"})


def name_forms(name: str) -> Iterator[Form]:
    """A proper name and its possessive, with every apostrophe straight, curly or left out: Kata'ib, Kataib."""
    for spelling in dict.fromkeys((name, name.replace("'", "’"), name.replace("'", ""))):
        yield spelling, frozenset()
        for mark in _APOSTROPHES:
            yield spelling + mark + "s", frozenset({"poss"})
