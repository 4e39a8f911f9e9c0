"""What the page says, in English and Arabic. Only words: what is shown where stands in the template."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

Language = Literal["en", "ar"]

WORDS: Mapping[Language, Mapping[str, str]] = {
    "en": {
        "title": "Bayan: the house",
        "other": "العربية",
        "at": "as of",
        "sources": "Sources",
        "source": "source",
        "state": "state",
        "articles": "articles",
        "last_success": "last success",
        "problem": "last problem",
        "healthy": "healthy",
        "empty": "empty",
        "failing": "failing",
        "silent": "silent",
        "disabled": "disabled",
        "new": "not asked yet",
        "statements": "Last statements",
        "threat": "threat",
        "admission": "admission",
        "truce": "truce",
        "unnamed": "(unnamed group)",
        "said_on": "said on",
        "whole_page": "the whole page",
        "no_statement": "No statement stands in the warehouse yet.",
        "chosen": "The statement that you asked for",
        "not_there": "The warehouse has no such statement.",
        "rule": "Rule",
        "matches": "Written samples that it must find",
        "leaves": "Written samples that it must leave alone",
        "home": "to the page of the house",
        "quarantine": "Quarantine",
        "stage": "stage",
        "reason": "reason",
        "detail": "what was seen",
        "held_at": "held",
        "act": "act",
        "retry": "retry",
        "retrying": "asked for",
        "refused": "refused",
        "look_only": "You may look; operators may retry.",
        "nothing_held": "Nothing is held.",
        "more": "and more; see the warehouse's table quarantine",
        "waiting": "mails waiting",
        "held": "held",
        "lag": "from publication to row, median",
        "minutes": "min",
        "hours": "h",
        "days": "days",
        "docs": "Data Docs",
        "no_docs": "The gate has written no Data Docs yet.",
        "metrics": "figures for Prometheus",
        "login": "Log in to Airflow first.",
        "legend": "Evidence",
    },
    "ar": {
        "title": "بيان: أحوال النظام",
        "other": "English",
        "at": "حتى",
        "sources": "المصادر",
        "source": "المصدر",
        "state": "الحالة",
        "articles": "المقالات",
        "last_success": "آخر نجاح",
        "problem": "آخر عطل",
        "healthy": "سليم",
        "empty": "فارغ",
        "failing": "متعثّر",
        "silent": "صامت",
        "disabled": "موقوف",
        "new": "لم يُسأل بعد",
        "statements": "آخر التصريحات",
        "threat": "تهديد",
        "admission": "تبنٍّ",
        "truce": "هدنة",
        "unnamed": "(جماعة لم تُسمَّ)",
        "said_on": "قيل في",
        "whole_page": "الصفحة كاملة",
        "no_statement": "لا تصريح في المستودع بعد.",
        "chosen": "التصريح المطلوب",
        "not_there": "لا تصريح كهذا في المستودع.",
        "rule": "القاعدة",
        "matches": "أمثلة مكتوبة يجب أن تجدها",
        "leaves": "أمثلة مكتوبة يجب أن تتركها",
        "home": "إلى صفحة الدار",
        "quarantine": "الحجر",
        "stage": "المرحلة",
        "reason": "السبب",
        "detail": "ما لوحظ",
        "held_at": "حُجز",
        "act": "إجراء",
        "retry": "أعد المحاولة",
        "retrying": "طُلبت الإعادة",
        "refused": "رُفض الطلب",
        "look_only": "لك أن تطّلع، وللمشغّلين أن يعيدوا المحاولة.",
        "nothing_held": "لا شيء محجوز.",
        "more": "وغيرها، انظر جدول quarantine في المستودع",
        "waiting": "رسائل تنتظر",
        "held": "محجوز",
        "lag": "من النشر إلى السجلّ، الوسيط",
        "minutes": "دقيقة",
        "hours": "ساعة",
        "days": "يوم",
        "docs": "صفحات الجودة",
        "no_docs": "لم تُكتب صفحات الجودة بعد.",
        "metrics": "أرقام Prometheus",
        "login": "سجّل الدخول إلى Airflow أولاً.",
        "legend": "الشواهد",
    },
}

ROLES: Mapping[Language, Mapping[str, str]] = {
    "en": {
        "trigger": "act", "condition": "condition", "target": "target", "object": "object", "speaker": "speaker",
        "group": "group", "channel": "channel", "date": "date", "reporting": "reporting",
    },
    "ar": {
        "trigger": "الفعل", "condition": "الشرط", "target": "المستهدف", "object": "المفعول", "speaker": "المتحدث",
        "group": "الجماعة", "channel": "القناة", "date": "التاريخ", "reporting": "النقل",
    },
}  # fmt: skip


def language_of(asked: str | None, accepted: str | None) -> Language:
    """The language asked for in the address, else the first of the browser's that the page has, else English."""
    if asked in WORDS:
        return asked  # type: ignore[return-value]  # it is one of the keys
    for part in (accepted or "").lower().split(","):
        code = part.split(";")[0].strip()[:2]
        if code in WORDS:
            return code  # type: ignore[return-value]
    return "en"
