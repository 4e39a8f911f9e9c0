"""The page as HTML: what is shown of what, and nothing of it as markup."""

from dataclasses import replace
from datetime import timedelta

import pytest
from lxml import html

from pipeline.control.page import Seen, render, span
from pipeline.control.words import ROLES, WORDS, language_of
from pipeline.records import SOURCE_STATES, Cue
from pipeline.records.figures import Figures, HeldFigure, SourceFigure, StatementFigure
from pipeline.records.statement import LABELS
from tests.fakes.press import NOON, article, statement

SCRIPT = "<script>alert(1)</script>"
SOURCE = SourceFigure(
    source_id="daily", name=f"Daily {SCRIPT}", url="https://daily.example/feed", articles=3, state="failing",
    state_since=NOON, last_success_at=NOON - timedelta(days=2), problem=f"503 {SCRIPT}",
)  # fmt: skip
FIGURES = Figures(
    at=NOON, sources=(SOURCE,), statements={"threat": 1}, held={"pages": 1}, held_last_day=0, held_week_before=0,
    batches_held=(), verdicts={}, waiting=0, waiting_since=None, given_up=0, runs={}, lags=(120.0,),
)  # fmt: skip
TOLD = StatementFigure(
    statement=replace(statement(article()), cues=(Cue(start=28, end=33, role="trigger"),)),
    title=f"Title {SCRIPT}", outlet="The Daily", url="https://daily.example/1", published_at=NOON,
)  # fmt: skip
HELD = HeldFigure(
    quarantine_id="0123abcd", stage="pages", reason="status-404", detail=f"gone {SCRIPT}", source_id="daily",
    held_at=NOON,
)  # fmt: skip
SEEN = Seen(figures=FIGURES, latest=[TOLD], held=[HELD], docs=True)


def _page(language="en", *, may_act=True, seen=SEEN):
    return html.fromstring(render(seen, language=language, may_act=may_act))


@pytest.mark.parametrize("language", ["en", "ar"])
def test_nothing_of_the_press_becomes_markup(language):
    """What outlets and servers wrote is shown as text: the one script of the page is its own."""
    scripts = _page(language).xpath("//script")
    assert ["board.js"] == [each.get("src") for each in scripts]


def test_a_statement_is_whole_and_its_evidence_is_marked():
    """The pieces joined are the words; the piece that the decision stands on is marked by its role."""
    (quote,) = _page().xpath("//blockquote")
    assert TOLD.statement.text == quote.text_content()
    assert [TOLD.statement.text[:5]] == [mark.text for mark in quote.xpath(".//mark[@class='trigger']")]


@pytest.mark.parametrize("may_act", [True, False])
def test_only_who_may_act_gets_a_button(may_act):
    """The others are told who may."""
    page = _page(may_act=may_act)
    assert (["0123abcd"] if may_act else []) == [each.get("data-retry") for each in page.xpath("//button")]
    assert may_act != bool(page.xpath("//*[@id='look-only']"))


def test_a_mail_leads_to_its_statement_alone():
    """Asked for one statement, the page shows that one, in either language, and nothing of the house's tables."""
    page = _page(seen=replace(SEEN, asked_for="a&b", chosen=SEEN.latest))
    assert (1, 0) == (len(page.xpath("//article")), len(page.xpath("//table")))
    assert ["?lang=ar&statement=a%26b"] == page.xpath("//a[@lang='ar']/@href")
    gone = _page(seen=replace(SEEN, asked_for="a")).text_content()
    assert WORDS["en"]["not_there"] in gone


def test_an_empty_house_says_so():
    """No source polled, no statement, nothing held, no document: words, not an empty page."""
    figures = replace(FIGURES, sources=(), statements={}, held={}, lags=())
    text = _page(seen=Seen(figures=figures, latest=[], held=[], docs=False)).text_content()
    told = (WORDS["en"][name] for name in ("no_statement", "nothing_held", "no_docs"))
    assert [] == [words for words in told if words not in text]


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (20, (0, "minutes")), (120, (2, "minutes")), (7199, (120, "minutes")), (7200, (2, "hours")),
        (172_799, (48, "hours")), (172_800, (2, "days")), (3 * 365 * 86_400, (1095, "days")),
    ],
)  # fmt: skip
def test_a_long_lag_is_told_in_days(seconds, shown):
    """Nobody reads years in minutes."""
    assert shown == span(seconds)
    page = _page(seen=replace(SEEN, figures=replace(FIGURES, lags=(float(seconds),))))
    assert f"{shown[0]} {WORDS['en'][shown[1]]} from publication" in " ".join(page.text_content().split())


def test_both_languages_have_every_word():
    """No label, state or role is missing in one of them."""
    assert set(WORDS["en"]) == set(WORDS["ar"])
    assert set(ROLES["en"]) == set(ROLES["ar"])
    assert set() == {*SOURCE_STATES, *LABELS, "new"} - set(WORDS["en"])


@pytest.mark.parametrize(
    ("asked", "accepted", "expected"),
    [
        ("ar", "en", "ar"), ("xx", "ar-IQ,en;q=0.8", "ar"), (None, "fr,en;q=0.5", "en"), (None, None, "en"),
        (None, "fr, ar;q=0.3", "ar"),
    ],
)  # fmt: skip
def test_the_language_is_the_one_asked_for_or_the_browsers(asked, accepted, expected):
    """English where neither says anything that the page has."""
    assert expected == language_of(asked, accepted)
