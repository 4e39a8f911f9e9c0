"""How values travel to and from both databases."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy.dialects import postgresql, sqlite

from pipeline.adapters.warehouse.columns import EscapedText, UtcDateTime, escaped_json

NOON = datetime(2026, 3, 5, 12, tzinfo=UTC)
CAIRO = timezone(timedelta(hours=2))


@pytest.mark.parametrize("dialect", [sqlite.dialect(), postgresql.dialect()], ids=["sqlite", "postgresql"])
def test_a_time_comes_back_as_the_same_instant_in_utc(dialect):
    """Whatever zone a time was given in, it is read in UTC."""
    stored = UtcDateTime().process_bind_param(NOON.astimezone(CAIRO), dialect)
    read = UtcDateTime().process_result_value(stored, dialect)
    assert (NOON, UTC) == (read, read.tzinfo)


@pytest.mark.parametrize("dialect", [sqlite.dialect(), postgresql.dialect()], ids=["sqlite", "postgresql"])
def test_no_time_stays_no_time(dialect):
    """Null is null both ways."""
    assert (None, None) == (
        UtcDateTime().process_bind_param(None, dialect),
        UtcDateTime().process_result_value(None, dialect),
    )


def test_a_time_without_a_zone_is_refused():
    """A naive time names no instant."""
    with pytest.raises(ValueError, match="has no time zone"):
        UtcDateTime().process_bind_param(NOON.replace(tzinfo=None), sqlite.dialect())


@pytest.mark.parametrize(
    ("given", "stored"),
    [("عربي", "عربي"), ("a\0b", r"a\x00b"), ("a\ud800b", r"a\ud800b"), (None, None)],
    ids=["arabic", "nul", "lone-surrogate", "null"],
)
def test_text_for_people_is_stored_whatever_it_holds(given, stored):
    """What no database stores becomes an escape; everything else stays as it is."""
    assert stored == EscapedText().process_bind_param(given, sqlite.dialect())


def test_json_for_people_is_stored_whatever_it_holds():
    """Strings are escaped at any depth, and numbers stay numbers."""
    assert {"a": [r"\x00", 1, {r"\ud800": None}]} == escaped_json({"a": ("\0", 1, {"\ud800": None})})
