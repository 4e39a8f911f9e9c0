"""Where an English name begins and ends: of a person, and of a group that the registry does not know.

Whose people they are is asked in nouns.
"""

from __future__ import annotations

from pipeline.statements.english.words import Line

_PARTICLES = frozenset({"al", "abu", "bin", "ibn", "el", "de", "abd", "van"})
_LONGEST_NAME = 4
_LONGEST_TITLE = 9
_IN_TITLE = frozenset({"the", "of", "for", "in", "and", "al", "e", "i", "ul", "ud", "un", "ur", "us"})
_HEADLINE_SHARE = 0.7
_SHORTEST_HEADLINE = 5
_IN_BAND = 4
_ARTICLES = frozenset({"the", "a", "an"})
_NO_PERSON = (
    "filler", "preposition", "adverb", "role", "armed", "band", "own-men", "anaphor", "state", "outsider", "outlet",
    "nationality", "group", "speaker", "said", "auxiliary", "modal", "pronoun", "possessor", "conjunction", "honorific",
    "enemy", "channel-x", "channel-telegram", "channel-television", "that", "relative", "subordinator", "negation",
)  # fmt: skip
_NO_BAND = ("state", "nationality", "role", "honorific", "adverb", "outlet", "outsider", "sport")


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
    """The word behind a run of at most four words with capitals that begins at `word`, one of them unknown at least."""
    end, unknown = word, False
    while line.inside(end) and end < word + _LONGEST_NAME and (end == word or line.close(end)):
        text = line.texts[end]
        particle = text in _PARTICLES and end + 1 < line.last and line.capital(end + 1)
        if not particle and not (line.capital(end) and text.isalpha() and not line.has(end, *_NO_PERSON)):
            break
        unknown = unknown or not (particle or line.known(end))
        end += 1
    return end if unknown else word


def behind_titles(line: Line, word: int) -> int:
    """The word behind what stands before a name: "Brig. Gen."."""
    while (
        line.has(word, "honorific") and line.inside(word + 1) and (line.close(word + 1) or line.marks[word + 1] == ". ")
    ):
        word += 1
    return word


def band_end(line: Line, word: int) -> int:
    """The word behind the name of an armed group that begins at `word` and tells by itself what it is.

    By its first word ("Ansar al-Wadi", "Sons of the Valley") or by its last ("the Valley Martyrs"). `word` where none
    stands.
    """
    if not line.capital(word) or line.texts[word] in _ARTICLES or line.has(word, "outsider"):
        return word
    of = line.has(word, "band-of") and line.inside(word + 1) and line.texts[word + 1] == "of"
    if of or line.has(word, "band-first"):
        end = title_end(line, word)
        return end if end > word + 1 + of else word
    return _end_by_last(line, word)


def _end_by_last(line: Line, word: int) -> int:
    at = word
    while line.inside(at) and at < word + _IN_BAND and line.capital(at) and (at == word or line.close(at)):
        if line.has(at, "group", "speaker"):
            return word
        last = max([m.end for m in line.starting.get(at, []) if m.cls == "band-last"], default=at)
        if last > at > word:
            return last
        if line.has(at, *_NO_BAND) or line.texts[at].endswith(("'s", "’s")):
            return word
        at += 1
    return word
