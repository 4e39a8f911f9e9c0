"""One statement as a mail shows it."""

from dataclasses import replace

import pytest

from pipeline.alerts.card import card
from pipeline.records import Cue
from tests.fakes.alert_store import REGISTRY
from tests.fakes.press import BODY, THREAT, article, statement


def _card(*, of=None, **fields):
    of = of or article()
    return card(("id", statement(of, **fields), of), REGISTRY)


@pytest.mark.parametrize(
    ("language", "group", "speaker", "shown"),
    [
        ("ar", "harbour-brigade", "salem", ("لواء الميناء", "أبو سالم", "rtl")),
        ("en", "harbour-brigade", "salem", ("Harbour Brigade", "Abu Salem", "ltr")),
        (None, "harbour-brigade", "Col. Nimr", ("لواء الميناء", "Col. Nimr", "rtl")),
        ("ar", None, "salem", ("جماعة لم تُسمَّ", "أبو سالم", "rtl")),
        ("ar", "gone-from-registry", "salem", ("gone-from-registry", "أبو سالم", "rtl")),
    ],
)
def test_names_stand_in_the_language_of_the_statement(language, group, speaker, shown):
    """Arabic names for Arabic, English names for English, and what the registry does not know as it is."""
    made = _card(of=article(language=language), group=group, speaker=speaker)
    assert (made.group, dict(made.facts)["المتحدث"], made.direction) == shown


def test_the_summary_is_english_and_translates_nothing():
    """Label, group and date, and no word of the statement."""
    made = _card(of=article(language="ar"), label="admission")
    assert made.summary_en == "Claim of responsibility · Harbour Brigade · 5 March 2026"


def test_facts_that_the_record_has_not_are_left_out():
    """Only the date is said to be missing; an absent speaker, channel, target or condition has no line."""
    made = _card(said_on=None)
    assert made.facts == (("تاريخ القول", "لم يذكر النص متى قيل"), ("درجة الثقة", "90%"))


def test_facts_stand_in_their_order():
    """Speaker, date, channel in words, target, condition, confidence."""
    made = _card(speaker="salem", channel="telegram", target="the port", condition="if the blockade stays")
    assert [value for _, value in made.facts] == [
        "Abu Salem", "5 آذار/مارس 2026 (محدد باليوم، مذكور في النص)", "تلغرام", "the port",
        "if the blockade stays", "90%",
    ]  # fmt: skip


def test_evidence_outside_of_the_quote_is_shown_with_its_words():
    """Who speaks may stand before the quote: the words come from the article."""
    group = Cue(start=BODY.index("Harbour"), end=BODY.index("Harbour") + 7, role="group")
    trigger = Cue(start=BODY.index("shell"), end=BODY.index("shell") + 5, role="trigger")
    made = _card(cues=(group, trigger))
    assert made.context == (("who", "Harbour"),)
    assert made.evidence == (("الفعل", "shell"), ("الجماعة", "Harbour"))
    assert made.marks == ("act", "who")
    assert ("shell", "act") in made.quote
    assert made.words == BODY[slice(*THREAT)]


def test_context_is_never_cut_from_another_text():
    """When the article is not the text that the offsets belong to, no words are taken from it."""
    of = article()
    found = statement(of, cues=(Cue(start=0, end=5, role="group"),))
    made = card(("id", found, replace(of, body="Another text altogether, longer than before.")), REGISTRY)
    assert made.context == ()


def test_a_very_long_statement_is_cut_and_says_by_how_much():
    """The mail shows the first 3,000 characters and counts the rest."""
    of = article(body="x" * 5000)
    made = _card(of=of, span=(0, 5000))
    assert (len(made.words), made.omitted) == (3000, 2000)


def test_an_article_without_a_web_address_has_no_link():
    """The address is shown as text, the outlet falls back to the source."""
    made = _card(of=article(url="javascript:alert(1)", outlet=None, published_at=None, published_basis=None))
    assert (made.link, made.host, made.address, made.outlet, made.published) == (
        None, None, "javascript:alert(1)", "daily", None,
    )  # fmt: skip
