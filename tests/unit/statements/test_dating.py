"""When it was said: the day of the clause of saying, never the day of the event."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from pipeline.records import Article, Statement
from pipeline.statements import Engine
from pipeline.statements.dating import publication_day

WEDNESDAY = date(2025, 3, 12)


def last(engine: Engine, text: str, published_on: date | None = WEDNESDAY) -> Statement:
    """The last statement of a text."""
    return engine.classify(text, published_on=published_on)[-1]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("في الثالث من شباط 2025، هددت كتائب حزب الله بقصف القواعد.", date(2025, 2, 3)),
        ("هددت كتائب حزب الله، أمس الثلاثاء، بقصف القواعد.", date(2025, 3, 11)),
        ("هددت حركة النجباء في بيان مؤرخ في 4 آذار 2025 بقصف القواعد.", date(2025, 3, 4)),
        ("تبنت عصبة الثائرين في 17 شباط 2025 تفجير عبوة قرب المعسكر.", date(2025, 2, 17)),
        ("أرجأت كتائب حزب الله ردها على الغارة، على ما أعلن المتحدث باسمها أبو علي البصري أمس.", date(2025, 3, 11)),
        ("Hezbollah vowed on Monday to strike the bases.", date(2025, 3, 10)),
        ("Hamas claimed responsibility on Tuesday for the bombing.", date(2025, 3, 11)),
    ],
)
def test_the_clause_of_saying_dates_it(engine: Engine, text: str, day: date) -> None:
    """Before the verb, behind its agent, behind the communiqué, or with "as X announced" at the end."""
    found = last(engine, text)
    assert (found.said_on, found.said_on_precision) == (day, "day")
    assert [text[cue.start : cue.end] for cue in found.cues if cue.role == "date"] != []


@pytest.mark.parametrize(
    "text",
    [
        "وكانت القاعدة قد تعرضت في 21 شباط 2025 لهجوم تبنته كتائب حزب الله.",
        "تبنت كتائب حزب الله الهجوم الذي وقع في 21 شباط 2025.",
        "أعلن تنظيم داعش مسؤوليته عن الهجوم الذي شهدته كابل، أمس، موضحا أنه استهدف موكبا عسكريا.",
        "أكدت حركة النجباء أن هجوم الثالث من شباط 2025 كان بداية، وأن القواعد ستقصف مجددا.",
        "وهددت كتائب حزب الله بقصف القواعد قبل يوم السبت.",
        "ويعود التفجير، الذي أعلن تنظيم داعش مسؤوليته عنه، إلى صيف عام 2022.",
        "The camp was hit in March 2024, in an attack claimed by Islamic State.",
    ],
)
def test_the_day_of_the_event_is_not_the_day_of_saying(engine: Engine, text: str) -> None:
    """Where only the event is dated, nothing is guessed."""
    assert [s.said_on for s in engine.classify(text, published_on=WEDNESDAY)] == [None]


@pytest.mark.parametrize(
    ("second", "day"),
    [
        ("وأضافت أن القواعد ستقصف كل يوم.", date(2025, 3, 11)),
        ("وقال المتحدث باسم الكتائب: «سنضرب قواعدهم. لن نتوقف قبل رحيلهم».", date(2025, 3, 11)),
        ("وكانت كتائب حزب الله قد هددت بقصف السفارة.", None),
        ("وفي وقت سابق هددت كتائب حزب الله بقصف السفارة.", None),
    ],
)
def test_an_utterance_keeps_its_day(engine: Engine, second: str, day: date | None) -> None:
    """What the same group goes on to say was said that day; what it had said before was not."""
    found = last(engine, f"هددت كتائب حزب الله، أمس، بقصف القواعد الأجنبية. {second}")
    assert found.text.startswith(second[:8])
    assert (found.said_on, found.said_on_basis) == (day, "relative-to-text" if day else None)


def test_another_speaker_breaks_the_thread(engine: Engine) -> None:
    """After words of somebody else a plain verb may tell of any day."""
    text = (
        "هددت كتائب حزب الله، أمس، بقصف القواعد. وقال وزير الداخلية إن الحكومة سترد. "
        "وتوعدت كتائب حزب الله بقصف السفارة."
    )
    assert [s.said_on for s in engine.classify(text, published_on=WEDNESDAY)] == [date(2025, 3, 11), None]


def test_one_day_earlier_counts_from_the_paragraph_before(engine: Engine) -> None:
    """Dates are read over the whole text, so a count goes on from the paragraph before."""
    text = "في 3 شباط 2025، هددت حركة النجباء بقصف القواعد.\nوقبل يوم واحد فقط، توعدت عصائب أهل الحق بقصف السفارة."
    assert [s.said_on for s in engine.classify(text, published_on=WEDNESDAY)] == [date(2025, 2, 3), date(2025, 2, 2)]


def test_two_days_in_the_paragraph_before_refuse_the_count(engine: Engine) -> None:
    """Nobody can say which of two days "a day earlier" counts from."""
    text = (
        "في 3 شباط 2025، هددت حركة النجباء بقصف القواعد. وفي 9 شباط 2025 أعيد فتح الطريق.\n"
        "وقبل ذلك بيوم، توعدت عصائب أهل الحق بقصف السفارة."
    )
    assert last(engine, text).said_on is None


def test_what_its_doers_tell_of_today_was_told_today(engine: Engine) -> None:
    """A deed of the day of publication can have been claimed on no other day."""
    found = last(engine, "كتائب القسام: استهدفنا ظهر اليوم دبابة للعدو شرقي المخيم.")
    assert (found.said_on, found.said_on_basis) == (WEDNESDAY, "relative-to-publication")


def test_the_date_line_under_a_communique_counts(engine: Engine) -> None:
    """A line with a date alone, or with the group's name, dates the words above it."""
    text = "بيان صادر عن كتائب القسام\nاستهدفنا دبابة للعدو شرقي المخيم.\nكتائب القسام\nالثلاثاء 4 آذار 2025"
    assert last(engine, text).said_on == date(2025, 3, 4)


@pytest.mark.parametrize(
    ("lead", "basis"),
    [
        ("انفجرت عبوة، صباح الأربعاء، قرب رتل للشاحنات جنوبي المدينة.", "publication"),
        ("انفجرت عبوة، مساء الاثنين، قرب رتل للشاحنات جنوبي المدينة.", None),
        ("انفجرت عبوة قرب رتل للشاحنات جنوبي المدينة.", None),
    ],
)
def test_the_day_of_publication_counts_in_news_of_that_day(engine: Engine, lead: str, basis: str | None) -> None:
    """Only where the text opens with that day and names no other."""
    found = last(engine, f"{lead}\nوتبنت جماعة أصحاب الكهف العملية.")
    assert (found.said_on, found.said_on_basis) == (WEDNESDAY if basis else None, basis)


@pytest.mark.parametrize(
    ("at", "day"),
    [
        (datetime(2025, 3, 11, 21, 30, tzinfo=UTC), date(2025, 3, 12)),
        (datetime(2025, 3, 12, 0, 30, tzinfo=timezone(timedelta(hours=3))), date(2025, 3, 12)),
        (datetime(2025, 3, 11, 20, 59, tzinfo=UTC), date(2025, 3, 11)),
        (datetime.fromisoformat("2025-03-12T00:30"), date(2025, 3, 12)),
        (datetime.max.replace(tzinfo=UTC), date.max),
    ],
)
def test_the_day_of_publication_is_by_the_outlets_clock(at: datetime, day: date) -> None:
    """Half past midnight in Baghdad is of the new day, whichever offset the feed writes."""
    assert publication_day(at) == day


def test_yesterday_counts_from_the_outlets_day(engine: Engine) -> None:
    """An article of half past midnight says yesterday of the day that has just ended."""
    article = Article(
        url="https://outlet.example/1", title="بيان", body="هددت كتائب حزب الله، أمس، بقصف القواعد الأجنبية.",
        language="ar", published_at=datetime(2025, 3, 11, 21, 30, tzinfo=UTC), published_basis="feed", author=None,
        outlet="Outlet", source_id="outlet", capture_id="c",
    )  # fmt: skip
    assert [s.said_on for s in engine.statements(article)] == [date(2025, 3, 11)]
