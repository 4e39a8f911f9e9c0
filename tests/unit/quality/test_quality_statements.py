"""The rows of statements: what the expectations look at."""

from datetime import date

import pytest

from pipeline.quality.statements import Pack, statement_rows
from tests.fakes.press import NOON, THREAT, article, statement

PACK = Pack(groups=frozenset({"harbour-brigade"}), rules={"threat-shell"}, founded={"harbour-brigade": 1950})


def row_of(found, of=None) -> dict[str, object]:
    return statement_rows([(of or article(), [found])], pack=PACK, now=NOON)[0]


def test_a_sound_statement_shows_its_measures():
    """Every column of an ordinary statement."""
    of = article()
    found = statement(of)
    assert {
        "row_key": f"{of.version_id}#0",
        "label": "threat",
        "text": found.text,
        "text_length": 60,
        "span_start": 28,
        "span_end": 88,
        "text_difference": None,
        "said_on_precision": "day",
        "said_on_basis": "text",
        "said_on_parts": 3,
        "said_on_year": 2026,
        "said_on_days_ahead": 0,
        "said_on_days_after_publication": 0,
        "unknown_group": None,
        "unknown_rule": None,
        "said_on_years_after_founding": 76,
        "confidence": 0.9,
        "act": "threat 138",
        "rules": 1,
        "repeats": 0,
    } == row_of(found, of)


@pytest.mark.parametrize(
    ("changes", "column", "expected"),
    [
        ({"text": "other words"}, "text_difference", "the body has: 'The Harbour'"),
        ({"start": -5, "end": 11}, "text_difference", "the body has: ''"),
        ({"group": "unheard-of"}, "unknown_group", "unheard-of"),
        ({"group": None}, "unknown_group", None),
        ({"rules": ("threat-forgotten",)}, "unknown_rule", "threat-forgotten"),
        ({"group": "unheard-of"}, "said_on_years_after_founding", None),
        ({"said_on": date(1949, 1, 1)}, "said_on_years_after_founding", -1),
        ({"said_on": None}, "said_on_parts", 2),
        ({"said_on": date(2026, 3, 9)}, "said_on_days_ahead", 4),
        ({"said_on": date(2026, 3, 9)}, "said_on_days_after_publication", 4),
        ({"rules": ()}, "rules", 0),
    ],
    ids=[
        "text",
        "before-text",
        "group",
        "no-group",
        "forgotten-rule",
        "no-such-founding",
        "before-founding",
        "date-in-part",
        "future",
        "after-publication",
        "no-rule",
    ],
)
def test_a_broken_statement_shows_where(changes, column, expected):
    """What an expectation can break on is visible in its own column."""
    assert expected == row_of(statement(article(), (0, 11), **changes))[column]


def test_a_repeated_span_counts_from_the_second_on():
    """The first report of a span with a label goes on; another label on the same span is no repetition."""
    of = article()
    found = [statement(of), statement(of, group=None), statement(of, THREAT, label="truce"), statement(of)]
    rows = statement_rows([(of, found)], pack=PACK, now=NOON)
    assert [0, 1, 0, 2] == [row["repeats"] for row in rows]
    assert 4 == len({row["row_key"] for row in rows})


def test_two_articles_do_not_repeat_each_other():
    """The same span in another article is another sighting."""
    found = [(of, [statement(of)]) for of in (article(1), article(2))]
    assert [0, 0] == [row["repeats"] for row in statement_rows(found, pack=PACK, now=NOON)]
