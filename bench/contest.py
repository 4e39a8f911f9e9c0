"""The contest with spaCy: one lexicon, the same rules with gaps, the same words, and the same matches asked of all."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Sequence
from typing import TypedDict

from pipeline.matching.forms import PackedForms, pack_forms
from pipeline.matching.lexicon import LexicalClass, Lexicon, expand
from pipeline.matching.match import by_class, find_matches
from pipeline.matching.registry import Registry
from pipeline.matching.rule import Rule, Samples, parse_pattern
from pipeline.matching.rulebook import Rulebook, compile_rulebook
from pipeline.matching.scan import scan
from pipeline.text.folding import fold
from pipeline.text.tokens import split_words

Found = set[tuple[int, int, str]]
"""Document, first word of the match, rule."""
Sentences = list[list[tuple[int, str]]]
"""For each text its sentences: the number of the first word, and the words."""
_ARABIC = re.compile("[\u0621-\u064a]{3,}")
CLASSES, FORMS, RULES = 90, 8_655, 500


class Contest(TypedDict):
    """All that a competitor is given; plain JSON."""

    classes: dict[str, list[str]]
    patterns: dict[str, list[str | int]]


def make_contest(texts: Sequence[str], rules: int = RULES) -> Contest:
    """Rules of two or three slots and gaps of 4 to 8 words over classes of words.

    The words are drawn from the vocabulary of `texts`, which should not be those that are matched; without the hundred
    most frequent, which are particles. The same seed draws the same contest.
    """
    draw = random.Random(3)
    counts = Counter(word for text in texts for word in split_words(fold(text)).texts if _ARABIC.fullmatch(word))
    vocabulary = [word for word, _ in counts.most_common()][100:]
    words = draw.sample(vocabulary, min(FORMS, len(vocabulary)))
    classes = {f"c{i}": sorted(words[i::CLASSES]) for i in range(CLASSES)}
    names = list(classes)
    patterns: dict[str, list[str | int]] = {}
    for i in range(rules):
        slots = draw.sample(names, draw.choice([2, 3]))
        pattern: list[str | int] = [slots[0]]
        for slot in slots[1:]:
            pattern += [draw.randint(4, 8), slot]
        patterns[f"r{i}"] = pattern
    return Contest(classes=classes, patterns=patterns)


def compile_contest(contest: Contest) -> Rulebook:
    """The contest as a rulebook; as English, so that no form is made of the words."""
    lexicon = Lexicon("en", {name: LexicalClass(words=tuple(words)) for name, words in contest["classes"].items()})
    registry = Registry({}, {})
    made = expand([lexicon], registry)
    return compile_rulebook(
        "contest", [_rule(*item) for item in contest["patterns"].items()], registry,
        PackedForms(pack_forms(made.kinds, made.readings)),
    )  # fmt: skip


def _rule(name: str, pattern: list[str | int]) -> Rule:
    return Rule(
        rule_id=name, label="threat", language="en", status="stable", cameo="138", description=name, voice="anybody",
        patterns=(parse_pattern(pattern),), needs=(), unless=(), samples=Samples((), ()), path=name,
    )  # fmt: skip


def ours(book: Rulebook, texts: Sequence[str]) -> Found:
    """Bayan's matcher over raw texts: folding, cutting, looking up and matching."""
    index, sieve = book.index["en"], book.sieves["en"]
    found: Found = set()
    for number, text in enumerate(texts):
        scanned = scan(text, book.forms)
        for sentence in scanned.sentences:
            if sieve.passes(scanned.codes_of(sentence)):
                here = by_class(scanned.mentions(sentence))
                found.update((number, m.trigger.start, m.rule.rule_id) for m in find_matches(index, here))
    return found


def sentences_of(book: Rulebook, texts: Sequence[str]) -> Sentences:
    """For competitors: each text as sentences, each with the number of its first word, folded and without marks.

    Numbers and Latin words become a word of no class, so that every tokenizer cuts at the spaces and nowhere else.
    """
    table = []
    for text in texts:
        words = [word if _ARABIC.fullmatch(word) else "هو" for word in split_words(fold(text)).texts]
        table.append([(s.first, " ".join(words[s.first : s.last])) for s in scan(text, book.forms).sentences])
    return table
