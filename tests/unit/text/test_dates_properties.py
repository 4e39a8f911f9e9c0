"""What holds of dates in any text: no crash, spans that can be cut out, order, and a written day is read back."""

from __future__ import annotations

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.text.dates import find_dates

PIECES_OF_DATES = (
    "3 April 2021 أبريل نيسان / ( ) - . , ، و من في قبل وقبل بعد ذلك يوم يومين أيام ثلاثة فقط واحد اليوم أمس أول الأول "
    "الثالث والعشرين عشر كانون الثاني الإثنين Monday may May last this next month year day week ago earlier the "
    "that same التالي نفسه الماضي الجاري المقبل الشهر العام عام سنة شهر هذا رمضان 1442 هـ م الموافق "
    "2021/04/03 03-04-2021 31 "
    '12 99 2000 29 فبراير st rd \u200f \u064b ـ « » " “ ” \n غداً twenty - third of in'
)
PIECES = PIECES_OF_DATES.split(" ")
PUBLISHED = st.one_of(st.none(), st.dates())
DATED_TEXT = st.lists(st.sampled_from([*PIECES, ""]), max_size=40).map(" ".join)
SOME_TEXT = st.one_of(DATED_TEXT, st.lists(st.sampled_from(PIECES), max_size=25).map("".join), st.text(max_size=80))


@settings(max_examples=100, deadline=None)
@given(text=SOME_TEXT, published_on=PUBLISHED, previous=PUBLISHED)
def test_mentions_are_spans_of_the_text(text, published_on, previous):
    """Mentions come in order, do not overlap, hold words, and are rounded to their precision."""
    behind = 0
    for mention in find_dates(text, published_on=published_on, previous=previous):
        assert behind <= mention.start < mention.end <= len(text)
        assert text[mention.start : mention.end].strip() == text[mention.start : mention.end] != ""
        assert mention.precision == "day" or mention.on.day == 1
        assert mention.precision != "year" or mention.on.month == 1
        behind = mention.end


@settings(max_examples=50, deadline=None)
@given(text=DATED_TEXT)
def test_without_publication_nothing_counts_from_it(text):
    """Where the day of publication is unknown, no date is relative to it."""
    found = find_dates(text, published_on=None, previous=None)

    assert [mention for mention in found if mention.basis == "relative-to-publication"] == []


@settings(max_examples=50, deadline=None)
@given(day=st.dates(date(1900, 1, 1), date(2099, 12, 31)), published_on=PUBLISHED)
def test_a_written_day_is_read_back(day, published_on):
    """Every day of two centuries is read from its Arabic, English and numeric form, whenever it was published."""
    months = "يناير شباط مارس نيسان ماي حزيران يوليو آب أيلول أكتوبر نونبر ديسمبر".split()  # noqa: SIM905
    forms = (f"في {day.day} {months[day.month - 1]} {day.year} قال", f"on {day:%B} {day.day}, {day.year} it", f"{day}")

    read = [[m.on for m in find_dates(form, published_on=published_on, previous=None)] for form in forms]

    assert [[day], [day], [day]] == read
