"""The arithmetic Hijri calendar, against days that are known, and how much of a Hijri date may be believed."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest

from pipeline.text.dates import find_dates
from pipeline.text.dates.hijri import DOUBT, YEARS, span_of, tabular

KNOWN = [
    ((1318, 1, 1), date(1900, 5, 1)),
    ((1400, 1, 1), date(1979, 11, 21)),
    ((1421, 1, 1), date(2000, 4, 6)),
    ((1442, 9, 1), date(2021, 4, 13)),
    ((1443, 1, 1), date(2021, 8, 10)),
    ((1445, 9, 1), date(2024, 3, 11)),
]


@pytest.mark.parametrize(("hijri", "gregorian"), KNOWN)
def test_known_days_lie_inside_the_span(hijri, gregorian):
    """The day on which a month is known to have begun is inside the span that is given for it."""
    first, last = span_of(*hijri)

    assert first <= gregorian <= last


def test_months_follow_each_other():
    """Every month of every year read begins 29 or 30 days behind the one before."""
    starts = [tabular(year, month, 1) for year in YEARS for month in range(1, 13)]
    lengths = {(second - first).days for first, second in pairwise(starts)}

    assert {29, 30} == lengths


@pytest.mark.parametrize("shift", range(-DOUBT.days, DOUBT.days + 1))
def test_a_weekday_makes_a_hijri_date_one_day(shift):
    """Each weekday inside the span names one day of it."""
    names = "الإثنين الثلاثاء الأربعاء الخميس الجمعة السبت الأحد".split()  # noqa: SIM905
    day = date.fromordinal(tabular(1442, 9, 12).toordinal() + shift)
    text = f"يوم {names[day.weekday()]} 12 رمضان 1442"

    (found,) = find_dates(text, published_on=None, previous=None)

    assert (day, "day", "text") == (found.on, found.precision, found.basis)


def test_a_weekday_outside_the_span_refuses_a_hijri_date():
    """A weekday that none of the possible days has contradicts the date."""
    text = "يوم الثلاثاء 12 رمضان 1442"

    assert () == find_dates(text, published_on=None, previous=None)
