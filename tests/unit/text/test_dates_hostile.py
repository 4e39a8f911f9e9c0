"""Hostile input costs no more than its length: each of these would hang were any reader quadratic."""

from __future__ import annotations

from datetime import date

import pytest

from pipeline.text.dates import find_dates

PUBLISHED_ON = date(2021, 7, 13)
NOTHING = {
    "digits": "1" * 1_000_000,
    "slashes": "/" * 100_000,
    "a chain of numbers": "1/" * 20_000,
    "month names": "أبريل/" * 5_000,
    "ordinals": "الثالث " * 50_000,
    "before": "قبل " * 20_000,
    "weekdays": "الإثنين، " * 5_000,
    "one word": "ا" * 500_000,
    "dots": "." * 300_000,
    "open quotes": '"' * 50_001,
    "lone surrogates and NUL": "\ud800\x00" * 1_000,
}


@pytest.mark.parametrize("text", NOTHING.values(), ids=NOTHING.keys())
def test_hostile_text_holds_no_date(text):
    """Long runs of what dates are made of are read through and give nothing."""
    assert find_dates(text, published_on=PUBLISHED_ON, previous=None) == ()


def test_a_date_is_found_behind_hostile_text():
    """A date stands where it stands, whatever was before it in the same line."""
    before = "1/" * 20_000 + " . " + "كلمة " * 20_000
    text = before + "في 3 أبريل 2021 قال"

    found = find_dates(text, published_on=PUBLISHED_ON, previous=None)

    assert [(len(before) + 3, date(2021, 4, 3))] == [(mention.start, mention.on) for mention in found]


def test_many_dates_of_one_line_are_all_found():
    """Cutting a long line loses no date that stands in a sentence."""
    text = "في 3 أبريل 2021 قال المتحدث. " * 1_500

    found = find_dates(text, published_on=PUBLISHED_ON, previous=None)

    assert 1_500 == len(found)


def test_an_invisible_run_inside_a_date():
    """Bidi marks and tatweel between the parts of a date do not hide it."""
    text = "3 أبريل" + "\u200f" * 10_000 + " 2021"

    (found,) = find_dates(text, published_on=None, previous=None)

    assert (0, len(text), date(2021, 4, 3)) == (found.start, found.end, found.on)
