"""What stands where in an English sentence: classes of words, commas, capitals. Phrases are built elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from pipeline.matching.lexicon import GROUP, SPEAKER
from pipeline.matching.scan import Mention
from pipeline.statements.reading import VERBAL, Reading
from pipeline.text.sentences import Sentence

QUOTES = frozenset('"“”„«»')
STOPS = frozenset(";:()[]|\n") | QUOTES
DASHES = frozenset("–—")
_DETERMINERS = frozenset({"the", "a", "an", "its", "their", "his", "her"})
_PLAIN = frozenset({"base", "present"})
_NO_PREPOSITION = frozenset({"to", "about", "off"})
_SPEAK_OF = frozenset({"speak", "speaks", "talk", "talks", "tell", "tells", "warn", "warns", "boast", "boasts", "hear"})
_MODALS = frozenset({"will", "would", "shall", "could", "might", "can", "cannot"})
_NAMES = frozenset({GROUP, SPEAKER})
_SAYING = frozenset({"said", "warn", "vow", "threaten", "claim"})


def meant(mentions: Iterable[Mention], texts: Sequence[str]) -> list[Mention]:
    """Mentions without what their words cannot mean where they stand.

    The everyday words inside names: Islamic Jihad is no violence, Islamic State no state; and nouns behind "would".
    """
    every = list(mentions)
    names = {word: name.start for name in every if name.cls in _NAMES for word in range(name.start, name.end)}
    return [m for m in every if m.cls in _NAMES or not (_is_verb(m, texts) or _is_of_name(m, names))]


def _is_verb(mention: Mention, texts: Sequence[str]) -> bool:
    return "noun" in mention.tags and mention.start > 0 and texts[mention.start - 1] in _MODALS


def _is_of_name(mention: Mention, names: Mapping[int, int]) -> bool:
    """Whether a mention lies in a name, or, as "the movement", ends in it; `names`: word → first word of its name."""
    start = names.get(mention.end - 1)
    return start is not None and (start <= mention.start or mention.cls == "anaphor")


class Line:
    """One sentence, asked word by word."""

    def __init__(self, reading: Reading, sentence: Sentence, mentions: Iterable[Mention]) -> None:
        self.reading = reading
        self.first, self.last = sentence.first, sentence.last
        self.texts, self.marks = reading.words.texts, reading.words.marks
        self.starting: dict[int, list[Mention]] = {}
        self._classes: dict[int, set[str]] = {}
        self._verbs: dict[int, set[str]] = {}
        for mention in mentions:
            self.starting.setdefault(mention.start, []).append(mention)
            for word in range(mention.start, mention.end):
                self._classes.setdefault(word, set()).add(mention.cls)
            if not VERBAL.isdisjoint(mention.tags) and not self.is_noun(mention):
                self._verbs.setdefault(mention.start, set()).update(mention.tags)

    def is_noun(self, mention: Mention) -> bool:
        """Whether what could be a verb is a noun by its neighbours: "a claim", "of attacks", "a warning"."""
        before, tags = mention.start - 1, mention.tags
        plain = not VERBAL.isdisjoint(tags) and tags <= _PLAIN
        if not plain and not (mention.cls in _SAYING and tags == {"ing"}):
            return False
        if plain and self._has_of(mention):
            return True
        if before < self.first or not self.close(mention.start):
            return False
        governed = self.has(before, "preposition") and self.texts[before] not in _NO_PREPOSITION
        owned = self.texts[before].endswith(("'s", "’s"))
        return self.texts[before] in _DETERMINERS or (plain and (governed or owned))

    def _has_of(self, mention: Mention) -> bool:
        """Whether "of" follows, which few verbs take."""
        behind = mention.end
        of = behind < self.last and self.texts[behind] == "of" and self.close(behind)
        return of and self.texts[mention.end - 1] not in _SPEAK_OF

    def inside(self, word: int) -> bool:
        """Whether a word belongs to the sentence."""
        return self.first <= word < self.last

    def has(self, word: int, *classes: str) -> bool:
        """Whether a word was taken for one of `classes`."""
        return not self._classes.get(word, _NONE).isdisjoint(classes)

    def known(self, word: int) -> bool:
        """Whether a word is in any class."""
        return word in self._classes

    def verb(self, word: int) -> bool:
        """Whether a full verb may begin at a word."""
        return word in self._verbs and not self.has(word, "auxiliary")

    def verb_tags(self, word: int) -> set[str]:
        """The verbal tags of the forms that begin at a word."""
        return self._verbs.get(word, _NONE)

    def parted(self, word: int, marks: frozenset[str]) -> bool:
        """Whether one of `marks` stands before a word."""
        return not marks.isdisjoint(self.marks[word])

    def comma(self, word: int) -> bool:
        """Whether a comma or a dash stands before a word."""
        return "," in self.marks[word] or not DASHES.isdisjoint(self.marks[word]) or " - " in self.marks[word]

    def close(self, word: int) -> bool:
        """Whether nothing but a space or a hyphen stands before a word."""
        mark = self.marks[word]
        return mark.strip(" #@-'’") == "" and "\n" not in mark and " -" not in mark

    def capital(self, word: int) -> bool:
        """Whether a word is written with a capital letter."""
        start, _ = self.reading.words.span(word, word + 1)
        return self.reading.text[start].isupper()

    def written(self, first: int, last: int) -> str:
        """Words as they stand in the text."""
        start, end = self.reading.words.span(first, last)
        return self.reading.text[start:end]


_NONE: set[str] = set()
