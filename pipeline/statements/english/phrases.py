"""What governs an English noun phrase, and where a clause or a text begins. Names stand in names."""

from __future__ import annotations

import re

from pipeline.statements.english.words import Line

ARTICLES = frozenset({"the", "a", "an"})
_IN_PHRASE = ("filler", "nationality", "possessor", "number", "group", "state", "armed")
_LONGEST_PHRASE = 5
_UNKNOWN_ADJECTIVES = 3
_LONGEST_DATELINE = 9
_SHORTEST_CITY = 2
_DATELINE_DASH = re.compile(r"^\)?\s(?:-{1,2}|[–—])\s$")


def governor_of(line: Line, word: int) -> int | None:
    """The preposition that governs the phrase whose noun stands at `word`, None for a subject or an object."""
    j = word - 1
    steps = 0
    while line.inside(j) and line.close(j + 1) and steps < _LONGEST_PHRASE:
        if line.has(j, "subordinator"):
            return None
        if line.texts[j] == "of" and line.has(j - 1, "quantity") and line.close(j) and line.inside(j - 1):
            j -= 2
            steps += 1
            continue
        if line.has(j, "preposition"):
            return j
        if any(m.end > word and m.start < word for m in line.starting.get(j, [])):
            j -= 1  # "an aid worker"
            continue
        if line.texts[j] in ARTICLES:
            return j - 1 if line.close(j) and line.inside(j - 1) and line.has(j - 1, "preposition") else None
        if not line.has(j, *_IN_PHRASE) and (line.known(j) or steps > _UNKNOWN_ADJECTIVES):
            return None
        j -= 1
        steps += 1
    return None


def opens_clause(line: Line, word: int) -> bool:
    """Whether the phrase whose noun stands at `word` is the first of a clause."""
    j = word - 1
    while line.inside(j) and line.close(j + 1) and (line.has(j, "filler", "nationality") or _is_owner(line, j)):
        j -= 1
    return not line.inside(j) or not line.close(j + 1) or line.has(j, "that", "conjunction", "subordinator")


def _is_owner(line: Line, word: int) -> bool:
    """Whether a word is a place or person to whom the phrase belongs: "Kashmir's largest group"."""
    return line.capital(word) and line.texts[word].endswith(("'s", "’s"))


def dateline_end(line: Line) -> int:
    """The first word behind a wire's dateline, "NAJAF, Iraq (AP) - …"; the first of the sentence where none stands."""
    for word in range(line.first + 1, min(line.first + _LONGEST_DATELINE, line.last)):
        if _DATELINE_DASH.search(line.marks[word]):
            city = line.written(line.first, line.first + 1)
            return word if city.isupper() and len(city) > _SHORTEST_CITY else line.first
        if line.verb(word) and not line.capital(word):
            break
    return line.first
