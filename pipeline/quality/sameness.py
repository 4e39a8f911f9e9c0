"""When two outlets carry the same statement: by label, group, day and words, strict enough to be believed.

What one outlet leaves out (the condition, the speaker, half a sentence) does not make another statement; a word in the
place of another does, since it may be another town, ship or deed: the words of one are all words of the other. Which
rows are compared is the warehouse's business.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache

from rapidfuzz import process
from rapidfuzz.distance import Indel

from pipeline.text.folding import fold_word

DAYS_APART = 1
"""Two outlets may date one statement to neighbouring days, where the day is counted from the publication."""

_SHORTEST = 5
"""Words that carry meaning, below which only the very same words are the same statement."""
ALIKE = 0.79
"""Similarity of two written forms of one word: قاعدة and قواعد (0.8), drone and drones; حيفا and يافا are at 0.75."""
SHORTEST_FORM = 4
"""Letters of a word, below which no other written form is like it."""
_IMPERFECT = "يتن"
"""What the imperfect has before the letters of its verb; alef is left out, since أحمد is not حمد."""

_WORD = re.compile(r"\w+")
_PREFIXES = ("وال", "بال", "فال", "كال", "ال", "لل", "و", "ف", "ب", "ل")
_REPORTING = """
قال قالت أعلن أعلنت إعلان أكد أكدت هدد هددت تهديد توعد توعدت تبنى تبنت أضاف أضافت ذكر ذكرت أوضح أوضحت شدد
نقل نقلت  حذر حذرت تعهد تعهدت كشف كشفت بيان بيانها بيانه البيان المتحدث الناطق باسم الرسمي العسكري
القيادي الأمين العام  مسؤول مسؤولية مسؤوليتها عن تصريح صحفي قناة قناتها تلغرام تليغرام منصة عبر وفق بحسب
حسب نشر نشرته صادر اليوم أمس  مساء صباح فجر الليلة في من على إلى أن إن أنه أنها إنه إنها ما لم لن لا قد
كان كانت سوف هذا هذه ذلك التي الذي مع  بعد قبل عند كل أي هو هي هم بين ضد خلال حول ثم أو كما كتائب كتيبة
حركة جماعة حزب فصيل الفصيل المقاومة الإسلامية  said says saying told stated statement announced announces
claimed claims claim warned warns warning vowed vows  threatened threatens threatens spokesman
spokesperson group movement the a an of in on at to by for with and or  that it its their they he his
would will was were is are be been has had have from as via telegram channel  responsibility today
yesterday thursday friday saturday sunday monday tuesday wednesday if unless until after
"""
"""What reports say around a statement, and what sentences are held together by: these words tell nothing apart."""

_EMPTY = frozenset(fold_word(word) for word in _REPORTING.split())
_NUMBERS = {
    fold_word(word): number
    for number, words in enumerate(
        (
            "واحد واحدة one",
            "اثنين اثنان اثنتين two",
            "ثلاث ثلاثة three",
            "أربع أربعة four",
            "خمس خمسة five",
            "ست ستة six",
            "سبع سبعة seven",
            "ثمان ثماني ثمانية eight",
            "تسع تسعة nine",
            "عشر عشرة ten",
        ),
        start=1,
    )
    for word in words.split()
}


@dataclass(frozen=True)
class Reported:
    """A statement as one article reports it.

    Attributes:
        key: what the caller knows it by.
        label: `threat`, `admission` or `truce`.
        group: id of the registry; statements of unnamed groups are never merged.
        said_on: the day, or None when it is not known to the day; then it is never merged.
        counted: whether the day is counted from a publication, and may be a neighbouring one.
        speaker: as named, or None.
        text: the words.
    """

    key: str
    label: str
    group: str | None
    said_on: date | None
    counted: bool
    speaker: str | None
    text: str

    @cached_property
    def folded(self) -> str:
        """The words as they are compared and searched."""
        return fold_word(self.text)

    @cached_property
    def content(self) -> frozenset[str]:
        """The folded words that carry meaning, without articles and particles; numbers as digits."""
        return frozenset(_content(self.folded))

    @cached_property
    def numbers(self) -> frozenset[str]:
        """Those of `content` that are numbers."""
        return frozenset(filter(str.isdecimal, self.content))


def same(one: Reported, other: Reported) -> bool:
    """Whether both report one statement; symmetric, and false where it is not sure."""
    return _comparable(one, other) and _same_words(one, other)


def _comparable(one: Reported, other: Reported) -> bool:
    if (one.label, one.group) != (other.label, other.group) or one.group is None:
        return False
    if one.said_on is None or other.said_on is None:
        return False
    apart = abs((one.said_on - other.said_on).days)
    return apart <= (DAYS_APART if one.counted or other.counted else 0) and _one_speaker(one.speaker, other.speaker)


def _one_speaker(one: str | None, other: str | None) -> bool:
    if one is None or other is None:
        return True
    first, second = set(fold_word(one).split()), set(fold_word(other).split())
    return first <= second or second <= first


def _same_words(one: Reported, other: Reported) -> bool:
    if one.content == other.content:
        return len(one.content) >= _SHORTEST or one.folded.split() == other.folded.split()
    short, long = sorted((one.content, other.content), key=len)
    # A number is like no other word, so that two numbers tell reports apart before any forms are compared.
    if len(short) < _SHORTEST or not (one.numbers <= other.numbers or other.numbers <= one.numbers):
        return False
    missing, more = short - long, long - short
    return _all_among(missing, more) or _all_among(more, missing)


def _all_among(words: Set[str], others: Set[str]) -> bool:
    """Whether each word is one of the others in some form."""
    long = [other for other in others if _has_forms(other)]
    return all(
        not others.isdisjoint(near_forms(word)) or bool(long and _has_forms(word) and _is_among(word, long))
        for word in words
    )


def near_forms(word: str) -> Iterator[str]:
    """The word with a letter of the imperfect before it, and without it: قصف and تقصف, which are too short to tell by
    their letters alone.
    """
    if len(word) >= SHORTEST_FORM and word[0] in _IMPERFECT:
        yield word[1:]
    if len(word) >= SHORTEST_FORM - 1 and not word.isdecimal():
        yield from (letter + word for letter in _IMPERFECT)


def _has_forms(word: str) -> bool:
    return len(word) >= SHORTEST_FORM and not word.isdecimal()


def _is_among(word: str, forms: Sequence[str]) -> bool:
    return process.extractOne(word, forms, scorer=Indel.normalized_similarity, score_cutoff=ALIKE) is not None


def _content(folded: str) -> Iterator[str]:
    return filter(None, map(_meaning, _WORD.findall(folded)))


@lru_cache(maxsize=1 << 16)
def _meaning(word: str) -> str:
    """The folded word without what is written onto it, a number as digits; empty where it tells nothing apart."""
    bare = _bare(word)
    if word in _EMPTY or bare in _EMPTY:
        return ""
    return str(_NUMBERS.get(word, _NUMBERS.get(bare, bare)))


def _bare(word: str) -> str:
    for prefix in _PREFIXES:
        if word.startswith(prefix) and len(word) - len(prefix) >= 3:
            return word[len(prefix) :]
    return word
