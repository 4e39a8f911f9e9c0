"""The row of an article: what the expectations look at."""

from datetime import timedelta

import pytest

from pipeline.quality.articles import article_row, script_share
from tests.fakes.press import BODY, NOON, article


def test_a_sound_article_shows_its_measures():
    """Every column of an ordinary article."""
    of = article()
    assert {
        "row_key": of.version_id,
        "url": "https://daily.example/1",
        "url_length": 23,
        "title_lines": 1,
        "copies": 0,
        "title": "News 1",
        "title_length": 6,
        "body": BODY[:120].replace("\n", " "),
        "body_length": len(BODY),
        "language": "en",
        "script_share": 1.0,
        "control_character": None,
        "published_days_ahead": -0.5,
        "published_year": 2026,
    } == article_row(of, now=NOON + timedelta(hours=12))


@pytest.mark.parametrize(
    ("changes", "column", "expected"),
    [
        ({"title": "  "}, "title", None),
        ({"body": "\n"}, "body", None),
        ({"language": None}, "language", "unknown"),
        ({"title": "a\x07"}, "control_character", "U+0007 at 1"),
        ({"body": "a\ud800"}, "control_character", "U+D800 at 1"),
        ({"published_at": None, "published_basis": None}, "published_days_ahead", None),
        ({"published_at": NOON + timedelta(days=3)}, "published_days_ahead", 3.0),
    ],
    ids=["blank-title", "blank-body", "no-language", "bell", "surrogate", "no-date", "future"],
)
def test_a_broken_article_shows_where(changes, column, expected):
    """What an expectation can break on is visible in its own column."""
    assert expected == article_row(article(**changes), now=NOON)[column]


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("هدد الفصيل بالرد", "ar", 1.0),
        ("هدد الفصيل بالرد", "en", 0.0),
        ("AFP قال", "ar", 0.5),
        ("١٢ — 34", "ar", None),
        ("texte", "fr", None),
        ("text", None, None),
    ],
    ids=["arabic", "arabic-called-english", "half", "no-letters", "another-language", "unknown"],
)
def test_the_share_of_a_script_counts_letters(text, language, expected):
    """Digits and marks are of no script, and a language without a script here has no share."""
    assert expected == script_share(text, language)
