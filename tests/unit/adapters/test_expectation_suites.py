"""The suite files, and that the gate costs nothing before it has something to judge."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.adapters.expectations import ExpectationsGate, read_suite
from pipeline.errors import GateError
from pipeline.quality import Pack, article_row, statement_rows
from pipeline.records import LABELS
from pipeline.settings import PROJECT
from tests.fakes.press import NOON, article, statement

SUITES = PROJECT / "schemas" / "expectations"


def columns(suite: str) -> set[str]:
    of = article()
    rows = {
        "articles": [article_row(of, now=NOON)],
        "statements": statement_rows([(of, [statement(of)])], pack=Pack(groups=frozenset()), now=NOON),
    }
    return set(rows[suite][0])


@pytest.mark.parametrize("suite", ["articles", "statements"])
def test_every_expectation_has_an_id_of_its_own_and_a_column_that_exists(suite):
    """An expectation on a column that no row has would break every run."""
    expected = read_suite(SUITES / f"{suite}.json").expectations
    named = {value for one in expected for name, value in one.kwargs.items() if name.startswith("column")}
    assert len(expected) == len({one.id for one in expected})
    assert set() == named - columns(suite)


def test_the_labels_of_the_suite_are_the_labels_of_the_records():
    """The vocabulary stands in two places because one is data; this holds them together."""
    expected = {one.id: one.kwargs for one in read_suite(SUITES / "statements.json").expectations}
    assert list(LABELS) == expected["label-known"]["value_set"]


@pytest.mark.parametrize(
    ("contents", "said"),
    [
        ("{", "is no suite of expectations"),
        (json.dumps({"name": "articles", "expectations": []}), "expectations: List should have at least 1 item"),
        (
            json.dumps({"name": "a", "expectations": [{"id": "x", "type": "t", "description": "d"}]}),
            "expectations.0.kwargs: Field required",
        ),
    ],
    ids=["no-json", "empty", "no-arguments"],
)
def test_a_broken_suite_is_named_with_what_is_wrong(tmp_path: Path, contents, said):
    """The line has the file and the field."""
    path = tmp_path / "articles.json"
    path.write_text(contents)
    with pytest.raises(GateError) as refused:
        read_suite(path)
    assert str(refused.value).startswith(str(path))
    assert said in str(refused.value)


def test_a_missing_suite_is_named(tmp_path: Path):
    """A suite that is not there is no reason to let everything pass."""
    with pytest.raises(GateError, match=r"articles\.json: cannot be read"):
        ExpectationsGate(suites=tmp_path, data_docs=tmp_path).judge("articles", [{"row_key": "a"}])


def test_without_rows_nothing_heavy_is_imported(tmp_path: Path):
    """Neither the module nor a judgement of no rows pays for Great Expectations or pandas."""
    program = (
        "import sys; from pathlib import Path; from pipeline.adapters.expectations import ExpectationsGate;"
        "gate = ExpectationsGate(suites=Path(sys.argv[1]), data_docs=Path(sys.argv[1]));"
        "assert gate.judge('articles', []) == ();"
        "print({'great_expectations', 'pandas'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", program, str(tmp_path)], capture_output=True, check=True, text=True)
    assert "set()\n" == done.stdout
