"""Words that tell a month, a year or a weekday from where one stands: last, this, next, the same."""

from __future__ import annotations

from functools import cache

from pipeline.text.dates.line import Line
from pipeline.text.dates.names import folded
from pipeline.text.dates.parts import Turn

BEFORE: dict[str, Turn] = {"last": "last", "this": "this", "next": "next", "same": "same", "that": "same"}
"""English says it before the noun."""


@cache
def behind() -> dict[str, Turn]:
    """Arabic says it behind the noun."""
    return {
        **dict.fromkeys(folded("الماضي الماضية المنصرم المنصرمة الفائت الفائتة المنقضي المنقضية"), "last"),
        **dict.fromkeys(folded("الجاري الجارية الحالي الحالية"), "this"),
        **dict.fromkeys(folded("المقبل المقبلة القادم القادمة"), "next"),
        **dict.fromkeys(folded("نفسه نفسها ذاته ذاتها"), "same"),
    }


@cache
def _before() -> dict[str, Turn]:
    return {
        **dict.fromkeys(folded("هذا هذه"), "this"),
        **dict.fromkeys(folded("نفس ذات"), "same"),
        **dict.fromkeys(folded("ذلك تلك"), "same"),
    }


def is_last_but_one(line: Line, i: int) -> bool:
    """Whether قبل الماضي stands at token `i`: the one before the last."""
    return line.word(i) == "قبل" and line.word(i + 1) in behind()


def read_turned(line: Line, i: int, nouns: frozenset[str]) -> tuple[Turn, int] | None:
    """هذا الشهر, الشهر الماضي, نفس العام, last month: the turn of one of `nouns` and the token behind."""
    word = line.word(i)
    if word in nouns and line.word(i + 1) in behind():
        return behind()[line.word(i + 1)], i + 2
    j = i + 1 if word == "the" and line.word(i + 1) == "same" else i
    turn = BEFORE.get(line.word(j)) or _before().get(word)
    if turn and line.word(j + 1) in nouns:
        return turn, j + 2
    return None
