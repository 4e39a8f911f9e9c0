"""Great Expectations as it judges: every expectation of both suites breaks on the row made for it."""

import json
import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from pipeline.adapters.expectations import ExpectationsGate, read_suite
from pipeline.errors import GateError
from pipeline.quality import Pack, article_row, article_rows, statement_rows
from pipeline.quality.batches import ENOUGH, Volume, batch_rows
from pipeline.settings import PROJECT
from tests.fakes.press import NOON, article, statement

SUITES = PROJECT / "schemas" / "expectations"
PACK = Pack(groups=frozenset({"harbour-brigade"}), rules={"threat-shell"}, founded={"harbour-brigade": 1950})

ARTICLES = {
    "url-is-http": {"url": "ftp://daily.example/1"},
    "title-present": {"title": " "},
    "title-length": {"title": "word " * 101},
    "body-present": {"body": " " * 30},
    "body-length": {"body": "Read more."},
    "no-control-characters": {"title": "The \x07 bell"},
    "language-supported": {"language": None},
    "script-of-language": {"language": "ar"},
    "published-not-ahead": {"published_at": NOON + timedelta(days=2)},
    "published-plausible": {"published_at": NOON.replace(year=1970)},
    "title-one-line": {"title": "News\nWeather"},
    "url-length": {"url": "https://daily.example/" + "x" * 2000},
    "text-not-repeated": {"body": "This page needs your consent to cookies, and shows no news before."},
}

STATEMENTS = {
    "label-known": {"label": "praise"},
    "offsets-ordered": {"end": 28, "text": ""},
    "offsets-within-text": {"start": -60},
    "text-is-span": {"text": "words that the article does not have"},
    "text-length": {"end": 31, "text": "Thu"},
    "group-in-registry": {"group": "unheard-of"},
    "confidence-in-range": {"confidence": 1.01},
    "act-known": {"cameo": "015"},
    "rule-named": {"rules": ()},
    "date-complete": {"said_on_basis": None},
    "date-precision-known": {"said_on_precision": "week"},
    "date-basis-known": {"said_on_basis": "guess"},
    "date-not-ahead": {"said_on": date(2026, 3, 8)},
    "date-not-after-publication": {"said_on": date(2026, 3, 7)},
    "date-plausible": {"said_on": date(1893, 3, 5)},
    "rules-in-pack": {"rules": ("threat-forgotten",)},
    "date-not-before-group": {"said_on": date(1949, 3, 5)},
}


@pytest.fixture(scope="module")
def data_docs(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("docs") / "data_docs"


@pytest.fixture(scope="module")
def gate(data_docs: Path) -> ExpectationsGate:
    """The gate with the project's suites, opened once: its import takes seconds."""
    return ExpectationsGate(suites=SUITES, data_docs=data_docs)


def broken(verdicts) -> Iterator[tuple[str, list[str]]]:
    return ((verdict.expectation, sorted(verdict.failed_rows)) for verdict in verdicts if not verdict.passed)


def test_sound_rows_pass_every_expectation(gate):
    """Articles with and without dates and statements with and without groups break nothing."""
    of = article()
    undated = {"said_on": None, "said_on_precision": None, "said_on_basis": None}
    found = [statement(of), statement(of, (0, 27), group=None, **undated)]
    articles = [of, article(2, published_at=None, published_basis=None)]
    assert [] == list(broken(gate.judge("articles", [article_row(it, now=NOON) for it in articles])))
    assert [] == list(broken(gate.judge("statements", statement_rows([(of, found)], pack=PACK, now=NOON))))


def test_every_expectation_on_articles_breaks_on_its_row(gate):
    """One broken article per expectation: each is named by its own."""
    articles = {name: article(number, **wrong) for number, (name, wrong) in enumerate(ARTICLES.items(), start=1)}
    same = [article(number, body=ARTICLES["text-not-repeated"]["body"]) for number in range(50, 54)]
    verdicts = gate.judge("articles", article_rows([*articles.values(), *same], now=NOON))
    assert {one.id for one in read_suite(SUITES / "articles.json").expectations} == set(ARTICLES)
    for verdict in verdicts:
        assert articles[verdict.expectation].version_id in verdict.failed_rows


def test_every_expectation_on_statements_breaks_on_its_row(gate):
    """One broken statement per expectation: each is named by its own."""
    analysed = [
        (of := article(number), [statement(of, **wrong)]) for number, wrong in enumerate(STATEMENTS.values(), start=1)
    ]
    twice = article(99)
    rows = statement_rows([*analysed, (twice, [statement(twice)] * 2)], pack=PACK, now=NOON)
    verdicts = {verdict.expectation: verdict for verdict in gate.judge("statements", rows)}
    expected = {name: f"{of.version_id}#0" for name, (of, _) in zip(STATEMENTS, analysed, strict=True)}
    expected["once-per-span"] = f"{twice.version_id}#1"
    assert set(expected) == set(verdicts)
    for name, key in expected.items():
        assert key in verdicts[name].failed_rows, name
    assert [f"{twice.version_id}#1"] == list(verdicts["once-per-span"].failed_rows)


@pytest.mark.parametrize(
    ("expectation", "found", "volume"),
    [
        ("volume-usual", 0, Volume(today=220, usual=20.0)),
        ("statements-per-article", 4, Volume(today=20, usual=None)),
        ("speakers-known", 1, Volume(today=20, usual=20.0)),
        (None, 1, Volume(today=150, usual=20.0)),
    ],
)
def test_every_expectation_on_batches_breaks_on_the_source_that_breaks_it(gate, expectation, found, volume):
    """Ten times the volume, statements everywhere or of nobody: the source is named, and a usual one passes."""
    brought = {"daily": [article(number) for number in range(ENOUGH)], "evening": [article(999)] * ENOUGH}
    nobody = {"group": None} if expectation == "speakers-known" else {}
    statements = {it.version_id: [statement(it, **nobody)] * found for it in brought["daily"]}
    verdicts = gate.judge("batches", batch_rows(brought, statements, {"daily": volume}))
    expected = [(expectation, ["daily"])] if expectation else []
    assert expected == [it for it in broken(verdicts) if it[0] in ("volume-usual", expectation) or not expectation]


def test_a_broken_row_says_what_must_hold_and_what_was_seen(gate):
    """The sentence is for the person who reads the quarantine."""
    of = article(body="Read more.")
    verdicts = {verdict.expectation: verdict for verdict in gate.judge("articles", [article_row(of, now=NOON)])}
    assert (
        "A text has 20 to 400,000 characters; a shorter one is a teaser, a longer one a whole site. "
        "Found: body_length 10."
    ) == verdicts["body-length"].failed_rows[of.version_id]


def test_many_broken_rows_are_all_named(gate):
    """No list of failed rows is cut, as Great Expectations does by default."""
    articles = [article(number, body="Read more.") for number in range(300)]
    verdicts = {
        verdict.expectation: verdict
        for verdict in gate.judge("articles", [article_row(it, now=NOON) for it in articles])
    }
    assert 300 == len(verdicts["body-length"].failed_rows)


def test_lone_surrogates_do_not_break_the_gate(gate):
    """The text that the gate is there to find is judged like any other."""
    of = article(title="A \ud83d title", body="The text \0 has \ud800 enough letters.")
    verdicts = dict(broken(gate.judge("articles", [article_row(of, now=NOON)])))
    assert {"no-control-characters": [of.version_id]} == verdicts


def test_data_docs_lead_from_the_index_to_every_result(gate, data_docs: Path):
    """People start at index.html and find each judged batch behind a link."""
    gate.judge("articles", [article_row(article(), now=NOON)])
    gate.judge("statements", statement_rows([(article(), [statement(article())])], pack=PACK, now=NOON))
    gate.publish()
    index = (data_docs / "index.html").read_text()
    pages = {str(page.relative_to(data_docs)) for page in (data_docs / "validations").rglob("*.html")}
    assert pages
    assert pages == set(re.findall(r"validations/[^\"'\s]+?\.html", index))
    assert {"articles.html", "statements.html"} <= {page.name for page in (data_docs / "expectations").iterdir()}


def test_text_from_the_web_is_no_markup_in_data_docs(gate, data_docs: Path):
    """A hostile page cannot put a script into what the operator opens, and the quarantine has the text as it was."""
    hostile = "<script>alert(1)</script>"
    of = article(language=hostile)
    verdicts = {verdict.expectation: verdict for verdict in gate.judge("articles", [article_row(of, now=NOON)])}
    assert hostile in verdicts["language-supported"].failed_rows[of.version_id]
    gate.publish()
    assert any("&lt;script&gt;alert(1)" in page.read_text() for page in data_docs.rglob("*.html"))
    assert [] == [page for page in data_docs.rglob("*.html") if hostile in page.read_text()]


def test_old_results_make_room_for_new_ones(monkeypatch, tmp_path: Path):
    """Data Docs keep the newest pages of a suite, so that publishing stays fast; quality_results keep all."""
    monkeypatch.setattr("pipeline.adapters.expectations._PAGES", 2)
    gate = ExpectationsGate(suites=SUITES, data_docs=tmp_path)
    for _ in range(4):
        gate.judge("articles", [article_row(article(), now=NOON)])
        gate.publish()
    assert (
        2 == len(list((tmp_path / "validations").rglob("*.html"))) == len(list((tmp_path / "results").rglob("*.json")))
    )


def test_a_run_has_a_page_for_each_batch_that_broke_something_and_for_its_last(tmp_path: Path):
    """A long run over sound batches does not bury the one page that people look for."""
    gate = ExpectationsGate(suites=SUITES, data_docs=tmp_path)
    for judged in (article(), article(language="xx"), article(), article()):
        gate.judge("articles", [article_row(judged, now=NOON)])
    assert not (tmp_path / "index.html").exists()
    gate.publish()
    pages = list((tmp_path / "validations").rglob("*.html"))
    assert [True, False] == sorted((_succeeded(page, tmp_path) for page in pages), reverse=True)
    assert len(pages) == len(list((tmp_path / "results").rglob("*.json")))


def test_the_pages_of_a_run_that_was_killed_are_written_by_the_next(tmp_path: Path):
    """What it judged stands in the folder; another process shows it."""
    ExpectationsGate(suites=SUITES, data_docs=tmp_path).judge(
        "articles", [article_row(article(language="xx"), now=NOON)]
    )
    gate = ExpectationsGate(suites=SUITES, data_docs=tmp_path)
    gate.judge("articles", [article_row(article(), now=NOON)])
    gate.publish()
    assert 2 == len(list((tmp_path / "validations").rglob("*.html")))


def test_pages_that_cannot_be_written_are_told_with_the_remedy(tmp_path: Path):
    """The verdicts stand in the warehouse: nothing is lost but the view of it."""
    gate = ExpectationsGate(suites=SUITES, data_docs=tmp_path)
    gate.judge("articles", [article_row(article(), now=NOON)])
    (tmp_path / "validations").write_text("in the way")
    with pytest.raises(GateError, match=r"Data Docs cannot be written .*; free space or give write permission"):
        gate.publish()


def _succeeded(page: Path, data_docs: Path) -> bool:
    result = (data_docs / "results" / page.relative_to(data_docs / "validations")).with_suffix(".json")
    return json.loads(result.read_bytes())["success"]


def test_a_result_that_a_killed_run_left_half_written_is_dropped(tmp_path: Path):
    """The next run judges and publishes as if nothing had happened."""
    half = tmp_path / "results" / "articles" / "__none__" / "20260305T120000.000000Z" / "articles-rows.json"
    half.parent.mkdir(parents=True)
    half.write_text('{"success": tr')
    verdicts = ExpectationsGate(suites=SUITES, data_docs=tmp_path).judge("articles", [article_row(article(), now=NOON)])
    assert all(verdict.passed for verdict in verdicts)
    assert not half.exists()


def test_an_expectation_that_cannot_be_judged_stops_the_batch(tmp_path: Path):
    """A column that no row has is a fault of the suite, not a row that failed, and nothing may be loaded."""
    (tmp_path / "articles.json").write_text(
        '{"name": "articles", "expectations": [{"id": "x", "type": "expect_column_values_to_not_be_null",'
        ' "description": "d", "kwargs": {"column": "nowhere"}}]}'
    )
    gate = ExpectationsGate(suites=tmp_path, data_docs=tmp_path / "docs")
    with pytest.raises(GateError, match="expectation x: cannot be judged"):
        gate.judge("articles", [article_row(article(), now=NOON)])


def test_an_expectation_on_the_batch_names_no_rows(tmp_path: Path):
    """A broken expectation with the scope batch says what it observed of the batch."""
    (tmp_path / "articles.json").write_text(
        '{"name": "articles", "expectations": [{"id": "volume", "type": "expect_table_row_count_to_be_between",'
        ' "description": "Two or more.", "kwargs": {"min_value": 2}, "scope": "batch"}]}'
    )
    gate = ExpectationsGate(suites=tmp_path, data_docs=tmp_path / "docs")
    (verdict,) = gate.judge("articles", [article_row(article(), now=NOON)])
    assert (False, False, {}, "Two or more. Found: 1.") == (
        verdict.passed,
        verdict.row_level,
        verdict.failed_rows,
        verdict.observed,
    )


def test_results_that_cannot_be_kept_stop_the_batch(tmp_path: Path):
    """What people could not read must not be loaded behind their back."""
    (tmp_path / "docs").write_text("in the way")
    gate = ExpectationsGate(suites=SUITES, data_docs=tmp_path / "docs")
    with pytest.raises(GateError, match="the gate broke: FileExistsError"):
        gate.judge("articles", [article_row(article(), now=NOON)])
