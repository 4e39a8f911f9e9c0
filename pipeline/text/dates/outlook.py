"""What the words around a date do to it.

Where a sentence looks ahead, a weekday or a date without a year may be one to come. Only what stands before the date
counts (سيعقد الإثنين); a verb behind it (قال الإثنين إنها سترد) does not move it. A date without a year may also be a
name: حركة 14 آذار, the September 11 attacks.
"""

from __future__ import annotations

import re

from pipeline.text.dates.line import Line
from pipeline.text.dates.names import folded

_REACH = 12
_AHEAD = folded(
    "سوف لن المقرر المزمع المرتقب المنتظر يتوقع المتوقع مقرر مقررة المقررة",
    "will shall scheduled due expected planned plans going",
)
_NAMED_BEFORE = folded(
    "حركة وحركة قوى وقوى لقوى ثورة وثورة ثورتي تحالف فريق انتفاضة هجمات أحداث اعتداءات تيار انقلاب ذكرى",
    "شارع ميدان جسر ساحة كوبري مدينة ملعب جامعة كتيبة لواء",
)
_NAMED_BEHIND = folded("attacks attack movement revolution uprising coalition alliance bombings square")
_FUTURE_VERB = re.compile("[وف]?س[اينت](?!اس|ار|طر|د|ف|ن|ول|ل|ره|وات|ق|بق|هم)[^\\W\\d_]{3,}")


def looks_ahead(line: Line, i: int) -> bool:
    """Whether a word of the future stands shortly before token `i` in its sentence."""
    return any(word in _AHEAD or _FUTURE_VERB.fullmatch(word) for word in line.before(i, _REACH))


def is_a_name(line: Line, first: int, end: int) -> bool:
    """Whether the day and month of tokens `first` to `end` name a movement, an event or a place."""
    return line.word(first - 1) in _NAMED_BEFORE or line.word(end) in _NAMED_BEHIND
