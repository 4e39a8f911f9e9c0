"""The words of dates: months, weekdays, ordinals, counts, as newspapers write them, folded on first use.

Words only; which words may stand together is the readers' matter.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from pipeline.text.folding import fold_word

_ARABIC_MONTHS = (
    "يناير|كانون الثاني|كانون ثاني|جانفي",
    "فبراير|شباط|فيفري",
    "مارس|آذار",
    "أبريل|نيسان|أفريل",
    "مايو|أيار|ماي|مايس",
    "يونيو|حزيران|جوان|يونيه",
    "يوليو|تموز|جويلية|يوليه|يوليوز",
    "أغسطس|آب|أوت|غشت",
    "سبتمبر|أيلول|شتنبر",
    "أكتوبر|تشرين الأول|تشرين أول",
    "نوفمبر|تشرين الثاني|تشرين ثاني|نونبر",
    "ديسمبر|كانون الأول|كانون أول|دجنبر",
)
_HIJRI_MONTHS = (
    "محرم|المحرم|Muharram",
    "صفر|Safar",
    "ربيع الأول|ربيع أول",
    "ربيع الثاني|ربيع الآخر|ربيع ثاني",
    "جمادى الأولى|جمادى الأول",
    "جمادى الآخرة|جمادى الثانية|جمادى الآخر|جمادى الثاني",
    "رجب|Rajab",
    "شعبان|Shaaban|Shaban",
    "رمضان|Ramadan",
    "شوال|Shawwal",
    "ذو القعدة|ذي القعدة|ذا القعدة",
    "ذو الحجة|ذي الحجة|ذا الحجة",
)
_ENGLISH_MONTHS = (
    "January|Jan",
    "February|Feb",
    "March|Mar",
    "April|Apr",
    "May",
    "June|Jun",
    "July|Jul",
    "August|Aug",
    "September|Sept|Sep",
    "October|Oct",
    "November|Nov",
    "December|Dec",
)
_NEVER_ALONE = frozenset(["مارس", "ماي", "آب", "جوان", "أوت", "غشت"])
"""Months that are also other words (practised, father, a girl's name): no month without day, year, شهر or الماضي."""

_WEEKDAYS = (
    "الاثنين Monday",
    "الثلاثاء الثلثاء Tuesday",
    "الأربعاء Wednesday",
    "الخميس Thursday",
    "الجمعة Friday",
    "السبت Saturday",
    "الأحد Sunday",
)
_SHORT_WEEKDAYS = ("mon", "tue tues", "wed", "thu thur thurs", "fri", "sat", "sun")
_UNITS = ("الأول", "الثاني", "الثالث", "الرابع", "الخامس", "السادس", "السابع", "الثامن", "التاسع", "العاشر")
_ENGLISH_UNITS = (
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth",
    "eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth",
    "sixteenth", "seventeenth", "eighteenth", "nineteenth", "twentieth",
)  # fmt: skip
_FEMININE = ("ثلاث", "أربع", "خمس", "ست", "سبع", "ثمان", "تسع", "عشر")
_MASCULINE = ("ثلاثة", "أربعة", "خمسة", "ستة", "سبعة", "ثمانية", "تسعة", "عشرة")
_ENGLISH_COUNTS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")

AD = frozenset(["م", "ميلادي", "ميلاديه", "للميلاد"])
AH = frozenset(["ه", "هجري", "هجريه", "للهجره", "ah"])
"""Folded words behind a year that name its calendar; هـ loses its tatweel."""


class Month(NamedTuple):
    """A month's name.

    Attributes:
        number: 1 to 12.
        hijri: of the Hijri year; else of the Gregorian one.
        alone: may be a month with neither day nor year beside it.
    """

    number: int
    hijri: bool
    alone: bool


@dataclass(frozen=True, slots=True)
class Names:
    """Folded words, clitics included, and what they mean.

    Attributes:
        months: names of one word.
        month_pairs: names of two words, by the first and then the second.
        weekdays: 0 is Monday.
        short_weekdays: English abbreviations, which mean a weekday only before a written date.
        units: ordinals 1 to 10; `الحادي` and `الواحد` (1) only before tens.
        tens: ordinals 20 and 30 that stand alone.
        and_tens: 20 and 30 behind a unit.
        english_ordinals: 1 to 20, 30.
        counts: cardinals 1 to 10 of both languages.
    """

    months: Mapping[str, Month]
    month_pairs: Mapping[str, Mapping[str, Month]]
    weekdays: Mapping[str, int]
    short_weekdays: Mapping[str, int]
    units: Mapping[str, int]
    tens: Mapping[str, int]
    and_tens: Mapping[str, int]
    english_ordinals: Mapping[str, int]
    counts: Mapping[str, int]


@cache
def names() -> Names:
    """The tables, folded once."""
    months, pairs = _months()
    tens = {"العشرين": 20, "العشرون": 20, "الثلاثين": 30, "الثلاثون": 30}
    units = {word: i for i, word in enumerate(_UNITS, 1)} | {"الحادي": 1, "الواحد": 1, "الفاتح": 1}
    return Names(
        months=months,
        month_pairs=pairs,
        weekdays=_numbered(_WEEKDAYS, ("", "و", "ف")),
        short_weekdays=_numbered(_SHORT_WEEKDAYS, ("",)),
        units=_definite(units),
        tens=_definite(tens),
        and_tens={"و" + fold_word(word): value for word, value in tens.items()},
        english_ordinals={word: i for i, word in enumerate(_ENGLISH_UNITS, 1)} | {"thirtieth": 30},
        counts=_counts(),
    )


def folded(*words: str) -> frozenset[str]:
    """A set of words as the readers meet them."""
    return frozenset(fold_word(word) for line in words for word in line.split())


def _months() -> tuple[dict[str, Month], dict[str, dict[str, Month]]]:
    single: dict[str, Month] = {}
    double: dict[str, dict[str, Month]] = {}
    for table, hijri in ((_ARABIC_MONTHS, False), (_HIJRI_MONTHS, True), (_ENGLISH_MONTHS, False)):
        for number, spellings in enumerate(table, 1):
            for name in spellings.split("|"):
                month = Month(number, hijri, alone=not hijri and len(name) > 3 and name not in _NEVER_ALONE)
                first, _, second = fold_word(name).partition(" ")
                for clitic in _clitics(name, hijri=hijri):
                    if second:
                        double.setdefault(clitic + first, {})[second] = month
                    else:
                        single[clitic + first] = month
    single["may"] = Month(5, hijri=False, alone=True)
    return single, double


def _clitics(name: str, *, hijri: bool) -> tuple[str, ...]:
    """What may be written onto a month: باب is a door, so short and ambiguous names take و alone."""
    if name.isascii():
        return ("",)
    return ("", "و") if hijri or name in _NEVER_ALONE else ("", "و", "ف", "ب", "ل")


def _numbered(lines: Iterable[str], clitics: tuple[str, ...]) -> dict[str, int]:
    return {
        clitic + fold_word(word): number
        for number, line in enumerate(lines)
        for word in line.split()
        for clitic in (("",) if word.isascii() else clitics)
    }


def _definite(words: Mapping[str, int]) -> dict[str, int]:
    """Definite words with the clitics that come before the article; ل swallows its alef."""
    forms: dict[str, int] = {}
    for word, value in words.items():
        plain = fold_word(word)
        forms |= dict.fromkeys((plain, "و" + plain, "ف" + plain, "ب" + plain, "لل" + plain[2:]), value)
    return forms


def _counts() -> dict[str, int]:
    arabic = {fold_word(word): 3 + i for table in (_FEMININE, _MASCULINE) for i, word in enumerate(table)}
    return arabic | {word: i for i, word in enumerate(_ENGLISH_COUNTS, 1)} | {"ثماني": 8, "a": 1, "an": 1}
