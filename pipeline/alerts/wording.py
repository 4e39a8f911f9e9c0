"""The words of a mail, Arabic and English: labels, dates with their precision, counts, channels, roles of evidence.

Months stand in both Arabic calendars' names (آذار/مارس), as pan-Arab outlets write them. Nothing that a statement says
is translated here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime

from pipeline.records import LABELS, Label, Statement
from pipeline.records.alert import ItemKind
from pipeline.records.statement import CueRole, DateBasis, DatePrecision

LABEL_AR: Mapping[Label, str] = {"threat": "تهديد", "admission": "إعلان مسؤولية", "truce": "هدنة"}
LABEL_EN: Mapping[Label, str] = {"threat": "Threat", "admission": "Claim of responsibility", "truce": "Truce"}

UNNAMED_AR = "جماعة لم تُسمَّ"
UNNAMED_EN = "unnamed group"

CHANNEL_AR: Mapping[str, str] = {
    "statement": "بيان",
    "telegram": "تلغرام",
    "x": "منصة إكس",
    "television": "التلفزيون",
    "radio": "الإذاعة",
    "agency": "وكالة أنباء",
    "newspaper": "صحيفة",
    "website": "موقع إلكتروني",
    "video": "تسجيل مصور",
    "speech": "كلمة",
}
"""A channel that is not here is shown as the record has it."""

ROLE_AR: Mapping[CueRole, str] = {
    "trigger": "الفعل",
    "speaker": "المتحدث",
    "group": "الجماعة",
    "channel": "وسيلة النشر",
    "target": "المستهدَف",
    "condition": "الشرط",
    "date": "التاريخ",
    "object": "موضوع الفعل",
    "reporting": "فعل القول",
}

MARK_OF: Mapping[CueRole, str] = {
    "trigger": "act",
    "speaker": "who",
    "group": "who",
    "target": "whom",
    "object": "whom",
    "condition": "whom",
    "channel": "how",
    "date": "how",
    "reporting": "how",
}
"""Nine roles, four kinds of highlight: more than four are not told apart at a glance."""

LEGEND_AR: Mapping[str, str] = {
    "act": "الفعل",
    "who": "مَن قال",
    "whom": "المستهدَف أو الشرط",
    "how": "متى وكيف",
}

FOLLOW_UP_AR: Mapping[ItemKind, str] = {
    "superseded": "لم يعد هذا التصريح قائمًا: عُدّل نص المقال أو تغيّرت قراءته",
    "retracted": "سُحب المقال الذي نُقل عنه هذا التصريح",
    "restored": "عاد هذا التصريح قائمًا كما أُبلغ عنه",
}
FOLLOW_UP_EN: Mapping[ItemKind, str] = {
    "superseded": "Correction: no longer stands, the text or its reading changed",
    "retracted": "Correction: the article was withdrawn",
    "restored": "Correction: stands again",
}
CORRECTION_AR = "تصحيح"
DIGEST_AR = "موجز"
NOTICE_AR = "بلغ عدد الرسائل حدّه"
NOTICE_EN = "The cap on mails per hour is reached"

_MONTHS_AR = (
    "كانون الثاني/يناير", "شباط/فبراير", "آذار/مارس", "نيسان/أبريل", "أيار/مايو", "حزيران/يونيو",
    "تموز/يوليو", "آب/أغسطس", "أيلول/سبتمبر", "تشرين الأول/أكتوبر", "تشرين الثاني/نوفمبر", "كانون الأول/ديسمبر",
)  # fmt: skip
_MONTHS_EN = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_PRECISION_AR: Mapping[DatePrecision, str] = {
    "day": "محدد باليوم",
    "month": "محدد بالشهر فقط",
    "year": "محدد بالسنة فقط",
}
_BASIS_AR: Mapping[DateBasis, str] = {
    "text": "مذكور في النص",
    "relative-to-text": "محسوب من تاريخ مذكور في النص",
    "relative-to-publication": "محسوب من تاريخ النشر",
    "publication": "هو تاريخ النشر",
}


def said_on_ar(statement: Statement) -> str:
    """When it was said, how exactly that is known and from what: «12 آذار/مارس 2026 (محدد باليوم، مذكور في النص)»."""
    if statement.said_on is None:
        return "لم يذكر النص متى قيل"
    known = [
        _PRECISION_AR[statement.said_on_precision or "day"],
        *([_BASIS_AR[statement.said_on_basis]] if statement.said_on_basis else []),
    ]
    return f"{_in_words(statement.said_on, statement.said_on_precision, _MONTHS_AR)} ({'، '.join(known)})"


def said_on_en(statement: Statement) -> str:
    """`12 March 2026`, `March 2026`, `2026`, or `date not stated`."""
    if statement.said_on is None:
        return "date not stated"
    return _in_words(statement.said_on, statement.said_on_precision, _MONTHS_EN)


def moment_ar(moment: datetime) -> str:
    """An aware time in UTC: «12 آذار/مارس 2026، 14:05 بالتوقيت العالمي»."""
    moment = moment.astimezone(UTC)
    return f"{_in_words(moment.date(), 'day', _MONTHS_AR)}، {moment:%H:%M} بالتوقيت العالمي"


def count_ar(number: int) -> str:
    """`number` statements with the noun in the form that Arabic grammar asks for."""
    if number == 1:
        return "تصريح واحد"
    if number == 2:
        return "تصريحان"
    if 3 <= number % 100 <= 10:
        return f"{number} تصريحات"
    return f"{number} تصريحًا" if number % 100 > 10 else f"{number} تصريح"


def moment_en(moment: datetime) -> str:
    """An aware time in UTC: `12 March 2026, 14:05 UTC`."""
    moment = moment.astimezone(UTC)
    return f"{_in_words(moment.date(), 'day', _MONTHS_EN)}, {moment:%H:%M} UTC"


def change_ar(now: int, before: int) -> str:
    """How a count compares with the one before: `+3`, `-2`, `=`."""
    return "=" if now == before else f"{now - before:+d}"


def tally(labels: Sequence[Label]) -> tuple[tuple[Label, int], ...]:
    """How often each label occurs, those that occur, in the order of the codebook."""
    return tuple((label, labels.count(label)) for label in LABELS if label in labels)


def _in_words(on: date, precision: DatePrecision | None, months: Sequence[str]) -> str:
    if precision == "year":
        return str(on.year)
    month = f"{months[on.month - 1]} {on.year}"
    return month if precision == "month" else f"{on.day} {month}"
