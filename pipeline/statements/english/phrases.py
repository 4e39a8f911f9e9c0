"""What governs an English noun phrase, and where a name ends. Who acts or speaks is asked in clauses and speech."""

from __future__ import annotations

import re

from pipeline.statements.english.words import Line

ARTICLES = frozenset({"the", "a", "an"})
_IN_PHRASE = ("filler", "nationality", "possessor", "number", "group", "state", "armed")
_PARTICLES = frozenset({"al", "abu", "bin", "ibn", "el", "de", "abd", "van"})
_LONGEST_PHRASE = 5
_UNKNOWN_ADJECTIVES = 3
_LONGEST_NAME = 4
_LONGEST_TITLE = 9
_IN_TITLE = frozenset({"the", "of", "for", "in", "and", "al", "e", "i", "ul", "ud", "un", "ur", "us"})
_HEADLINE_SHARE = 0.7
_SHORTEST_HEADLINE = 5
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


def is_headline(line: Line) -> bool:
    """Whether nearly every word has a capital letter, so that capitals tell no names."""
    count = line.last - line.first
    capitals = sum(line.capital(word) for word in range(line.first, line.last))
    return count >= _SHORTEST_HEADLINE and capitals > _HEADLINE_SHARE * count


def title_end(line: Line, word: int) -> int:
    """The word behind the name of a group that begins at `word`: "the Sons of the South"; `word` where none stands."""
    end, at = word, word
    while line.inside(at) and at < word + _LONGEST_TITLE and (line.close(at) or line.marks[at].strip(" '‘“\"") == ""):
        if line.capital(at):
            end = at + 1
        elif line.texts[at] not in _IN_TITLE:
            break
        at += 1
    return end


def name_end(line: Line, word: int) -> int:
    """The word behind a run of at most four unknown words with capitals that begins at `word`."""
    end = word
    while line.inside(end) and end < word + _LONGEST_NAME and (end == word or line.close(end)):
        text = line.texts[end]
        particle = text in _PARTICLES and end + 1 < line.last and line.capital(end + 1)
        if not particle and not (line.capital(end) and text.isalpha() and not line.known(end)):
            break
        end += 1
    return end


def dateline_end(line: Line) -> int:
    """The first word behind a wire's dateline, "NAJAF, Iraq (AP) - …"; the first of the sentence where none stands."""
    for word in range(line.first + 1, min(line.first + _LONGEST_DATELINE, line.last)):
        if _DATELINE_DASH.search(line.marks[word]):
            city = line.written(line.first, line.first + 1)
            return word if city.isupper() and len(city) > _SHORTEST_CITY else line.first
        if line.verb(word) and not line.capital(word):
            break
    return line.first
