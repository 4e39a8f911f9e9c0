"""The board's pages as HTML and as figures: what is shown of what, and nothing of the press as markup."""

from dataclasses import replace
from datetime import date

import pytest
from lxml import html

from pipeline.board import chart, pages
from pipeline.board.filters import read_filter
from pipeline.records import Cue
from pipeline.records.browsing import Activity, Dossier, Sighting
from tests.fakes.press import BODY, CLAIM, NOON, article, statement
from tests.unit.board.test_export import ONE

SCRIPT = "<script>alert(1)</script>"
FRAME = pages.Frame(language="en", root="./", here="", query="", rulebook=None)
OF = article(title=f"News {SCRIPT}", outlet=SCRIPT, url="javascript:alert(1)")
SEEN = Sighting(
    outlet=SCRIPT, url="javascript:alert(1)", title=SCRIPT, text=f"{SCRIPT}\u202ex", condition=None, speaker=None,
    published_at=NOON, fetched_at=NOON, recorded_at=NOON, superseded_at=None, ruleset="r", is_current=True,
    body_sha256="0" * 64, archive_file="daily.warc.gz", archive_offset=7,
)  # fmt: skip
FOUND = Dossier(
    statement_id="0a", statement=statement(OF, CLAIM, label="admission", target=SCRIPT, speaker=SCRIPT), article=OF,
    fetched_at=NOON, body_sha256="1" * 64, archive_file="daily.warc.gz", archive_offset=5, first_seen_at=NOON,
    recorded_at=NOON, superseded_at=None, ruleset="rules-1", sightings=(SEEN,), events=(),
)  # fmt: skip
COUNTS = {"threat": 1, "admission": 0, "truce": 3}


def shown(language: str) -> list[str]:
    frame = replace(FRAME, language=language)
    asked = read_filter({"q": SCRIPT, "source": SCRIPT, "group": SCRIPT})
    hostile = replace(ONE, statement=FOUND.statement, title=SCRIPT, url="javascript:alert(1)", outlet=SCRIPT)
    activity = Activity(unit="day", times={date(2026, 3, 1): COUNTS}, groups={SCRIPT: COUNTS})
    return [
        pages.statements_page(frame, asked, [hostile], more=True, sources={SCRIPT: SCRIPT}),
        pages.statements_page(frame, read_filter({}), [hostile], more=True, sources={SCRIPT: SCRIPT}),
        pages.statement_page(frame, FOUND),
        pages.activity_page(frame, read_filter({}), activity, sources={SCRIPT: SCRIPT}),
        pages.message_page(frame, "away", SCRIPT),
        pages.held_page(frame, {"said": SCRIPT, "known": SCRIPT}, [], ["bad_said"]),
    ]


@pytest.mark.parametrize("language", ["en", "ar"])
def test_nothing_of_the_press_or_of_an_address_becomes_markup(language):
    """No script, no link that runs one, no character that turns a line round."""
    for page in shown(language):
        tree = html.fromstring(page)
        assert [] == tree.xpath("//script | //@href[starts-with(., 'javascript')]")
        assert "\u202e" not in page


def test_a_paragraph_is_whole_and_the_statement_a_piece_of_it():
    """The pieces joined are the paragraph; those of the statement are its words; cues are marked in all of them."""
    cues = (
        Cue(start=CLAIM[0] + 3, end=CLAIM[0] + 15, role="trigger"),
        Cue(start=CLAIM[1] + 2, end=CLAIM[1] + 11, role="object"),
    )
    of = replace(FOUND, statement=replace(FOUND.statement, cues=cues))
    before, own, behind = ("".join(piece.text for piece in part) for part in pages.in_paragraph(of))
    assert ("", FOUND.statement.text) == (before, own)
    assert BODY.splitlines()[1] == before + own + behind
    assert ["object"] == [piece.role for piece in pages.in_paragraph(of)[2] if piece.role]


def test_a_citation_names_words_day_place_and_evidence():
    """What a footnote needs, in one line."""
    line = " ".join(pages.citation(FRAME, replace(FOUND, article=article())))
    wanted = (FOUND.statement.text, "2026-03-05", "The Daily", "News 1", "<https://daily.example/1>",
              "2026-03-05 12:00 UTC", "1" * 64, "daily.warc.gz:5", "0a")  # fmt: skip
    assert [] == [part for part in wanted if part not in line]
    assert "\n" not in line


def test_days_of_a_citation_keep_their_order_in_arabic():
    """Behind Arabic letters a mark keeps 2026-03-05 from being shown as 05-03-2026."""
    line = " ".join(pages.citation(replace(FRAME, language="ar"), FOUND))
    assert (2, 2) == (line.count("2026-03-05"), line.count("\u200e2026-03-05"))


@pytest.mark.parametrize(("unit", "last", "expected"), [("day", date(2026, 3, 4), 4), ("month", date(2027, 3, 1), 13)])
def test_times_without_a_statement_have_a_column_too(unit, last, expected):
    """A quiet day is seen as quiet, and not left out."""
    counted = Activity(unit=unit, times={date(2026, 3, 1): COUNTS, last: COUNTS}, groups={})
    columns = chart.columns(counted, from_the_right=False)
    assert (expected, [0] * (expected - 2)) == (len(columns), [column.total for column in columns[1:-1]])


@pytest.mark.parametrize("from_the_right", [False, True])
def test_bars_stand_on_each_other_within_the_drawing(from_the_right):
    """The highest column is as high as the drawing; heights are in the proportion of the counts."""
    times = {date(2026, 3, 1): COUNTS, date(2026, 3, 2): {"threat": 2, "admission": 0, "truce": 0}}
    first, second = chart.columns(Activity(unit="day", times=times, groups={}), from_the_right=from_the_right)
    threat, truce = first.bars
    assert (chart.HEIGHT, 0.0, truce.y + truce.height) == (threat.y + threat.height, truce.y, threat.y)
    assert (chart.HEIGHT / 4, chart.HEIGHT / 2) == (threat.height, second.bars[0].height)
    assert from_the_right == (threat.x > second.bars[0].x)
