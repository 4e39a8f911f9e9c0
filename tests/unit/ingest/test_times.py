"""Times as feeds and pages write them."""

import time
from datetime import UTC, datetime

import pytest

from pipeline.ingest.times import read_time, utc_of


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2021-07-13T23:41:00+03:00", datetime(2021, 7, 13, 20, 41, tzinfo=UTC)),
        ("2021-07-13T20:41:00Z", datetime(2021, 7, 13, 20, 41, tzinfo=UTC)),
        ("2021-07-13T20:41:00", datetime(2021, 7, 13, 20, 41, tzinfo=UTC)),
        ("2021-07-13", datetime(2021, 7, 13, tzinfo=UTC)),
        ("Tue, 13 Jul 2021 23:41:00 +0300", datetime(2021, 7, 13, 20, 41, tzinfo=UTC)),
        ("2019-02-08T00:00:00+01:00", datetime(2019, 2, 8, tzinfo=UTC)),
    ],
)
def test_times_become_utc(written, expected):
    """ISO 8601 and RFC 5322 are read; midnight is a day without a time and stays that day."""
    assert read_time(written) == expected


@pytest.mark.parametrize("written", ["", "yesterday", "13 تموز 2021", "07/08/2021", "0001-01-01T01:00:00+14:00"])
def test_what_cannot_be_read_is_none(written):
    """A date that could be two, or none, is not guessed."""
    assert read_time(written) is None


def test_a_struct_time_is_utc():
    """Feedparser's times are UTC; a leap second does not break them."""
    assert utc_of(time.struct_time((2016, 12, 31, 23, 59, 60, 5, 366, 0))) == datetime(
        2016, 12, 31, 23, 59, 59, tzinfo=UTC
    )


@pytest.mark.parametrize("moment", [None, time.struct_time((0, 1, 1, 0, 0, 0, 0, 1, 0))])
def test_no_real_time_is_none(moment):
    """A year that does not exist is no time."""
    assert utc_of(moment) is None
