"""The filter of an address: what is read of it, and that writing it gives the same again."""

from datetime import UTC, date, datetime
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.board.filters import LONGEST_WORDS, read_filter, write_filter
from pipeline.board.words import WORDS
from pipeline.records import LABELS
from pipeline.records.browsing import Place, StatementFilter

FULL = StatementFilter(
    words="القوات الأميركية", label="threat", group="kataib-hezbollah", said_from=date(2026, 1, 1),
    said_to=date(2026, 3, 1), channel="telegram", conditional=False, language="ar", source_id="newsroom",
)  # fmt: skip
DAYS = st.dates(min_value=date(1, 1, 1))
PLACES = st.builds(
    Place,
    on=DAYS | st.datetimes(min_value=datetime(1900, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001  (the zone follows)
    statement_id=st.text("0123456789abcdef", min_size=1, max_size=32),
)


def read(query: str):
    return read_filter(dict(parse_qsl(query)))


@pytest.mark.parametrize("wanted", [FULL, StatementFilter(), StatementFilter(group="-", conditional=True)])
def test_a_filter_is_read_as_it_was_written(wanted):
    """An address that the board makes asks for exactly what it was made of."""
    asked = read(write_filter(wanted))
    assert (wanted, None, ()) == (asked.filter, asked.after, asked.problems)


@given(after=PLACES)
def test_a_place_is_read_as_it_was_written(after):
    """The next page begins behind the very statement that the last one ended with."""
    assert after == read(write_filter(StatementFilter(), after=after)).after


NAMES = ("q", "label", "group", "from", "to", "channel", "condition", "language", "source", "after", "lang", "x")


@given(parameters=st.dictionaries(st.sampled_from(NAMES), st.text()))
def test_whatever_is_given_is_read_or_named_as_a_problem(parameters):
    """No text breaks it; each problem has its sentence in both languages; words keep no control character."""
    asked = read_filter(parameters)
    assert [] == [each for each in asked.problems if each not in WORDS["en"] or each not in WORDS["ar"]]
    assert "\x00" not in asked.filter.words
    assert asked.filter.label in {None, *LABELS}


def test_words_are_of_a_length():
    """As many characters as the form takes, and not one more."""
    longest = "a" * LONGEST_WORDS
    assert longest == read_filter({"q": longest}).filter.words
    assert ("bad_words",) == read_filter({"q": longest + "a"}).problems


@pytest.mark.parametrize("said", ["2026-3-1", "20260301", "2026-W01-1", "٢٠٢٦-٠٣-٠١", "2026-02-30", "2026-03-01T00:00"])
def test_a_day_is_written_one_way(said):
    """Spellings that others take for a day are refused rather than guessed."""
    assert ("bad_from",) == read_filter({"from": said}).problems


def test_both_languages_have_the_same_words():
    """No page lacks a word in one of them."""
    assert WORDS["en"].keys() == WORDS["ar"].keys()
