"""The words of a mail."""

from datetime import UTC, date, datetime, timedelta, timezone
from typing import get_args

import pytest

from pipeline.alerts import wording
from pipeline.records import LABELS
from pipeline.records.statement import CueRole
from tests.fakes.press import article, statement


def _said(on, precision=None, basis=None):
    return statement(article(), said_on=on, said_on_precision=precision, said_on_basis=basis)


@pytest.mark.parametrize(
    ("said", "arabic", "english"),
    [
        (
            _said(date(2026, 3, 12), "day", "relative-to-publication"),
            "12 آذار/مارس 2026 (محدد باليوم، محسوب من تاريخ النشر)",
            "12 March 2026",
        ),
        (
            _said(date(2025, 10, 1), "month", "text"),
            "تشرين الأول/أكتوبر 2025 (محدد بالشهر فقط، مذكور في النص)",
            "October 2025",
        ),
        (
            _said(date(2024, 1, 1), "year", "relative-to-text"),
            "2024 (محدد بالسنة فقط، محسوب من تاريخ مذكور في النص)",
            "2024",
        ),
        (
            _said(date(2026, 8, 4), "day", "publication"),
            "4 آب/أغسطس 2026 (محدد باليوم، هو تاريخ النشر)",
            "4 August 2026",
        ),
        (_said(None), "لم يذكر النص متى قيل", "date not stated"),
    ],
)
def test_a_date_says_how_exact_it_is(said, arabic, english):
    """A month is never shown as its first day, and a missing date is said to be missing."""
    assert (wording.said_on_ar(said), wording.said_on_en(said)) == (arabic, english)


def test_a_moment_is_shown_in_utc():
    """Whatever zone it came in."""
    moment = datetime(2026, 3, 12, 1, 5, tzinfo=timezone(timedelta(hours=3)))
    assert wording.moment_ar(moment) == "11 آذار/مارس 2026، 22:05 بالتوقيت العالمي"
    assert wording.moment_ar(moment.astimezone(UTC)) == wording.moment_ar(moment)


@pytest.mark.parametrize(
    ("number", "expected"),
    [(1, "تصريح واحد"), (2, "تصريحان"), (3, "3 تصريحات"), (10, "10 تصريحات"), (11, "11 تصريحًا"), (99, "99 تصريحًا"),
     (100, "100 تصريح"), (103, "103 تصريحات"), (111, "111 تصريحًا")],
)  # fmt: skip
def test_counts_follow_arabic_grammar(number, expected):
    """Singular, dual, plural and the accusative singular from eleven on."""
    assert wording.count_ar(number) == expected


def test_every_label_and_role_has_words():
    """No label and no kind of evidence can reach a mail without its words and its highlight."""
    assert set(LABELS) == set(wording.LABEL_AR) == set(wording.LABEL_EN)
    assert set(get_args(CueRole)) == set(wording.ROLE_AR) == set(wording.MARK_OF)
    assert set(wording.LEGEND_AR) == set(wording.MARK_OF.values())
