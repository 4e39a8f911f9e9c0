"""Lines of an export: cells that no spreadsheet runs, rows that read back as they were."""

import csv
import io
import json
from dataclasses import replace

import pytest

from pipeline.board.export import BOM, COLUMNS, csv_lines, json_lines
from pipeline.records.browsing import ListedStatement
from tests.fakes.press import BODY, NOON, THREAT, article, statement

ONE = ListedStatement(
    statement_id="0a", statement=statement(article()), title="News", outlet="The Daily", url="https://daily.example/1",
    language="en", published_at=NOON, first_seen_at=NOON, recorded_at=NOON, outlets=2,
)  # fmt: skip


def cells(*found: ListedStatement) -> list[dict[str, str]]:
    text = "".join(csv_lines(found, group_name=lambda group_id: f"the {group_id}"))
    return list(csv.DictReader(io.StringIO(text.removeprefix(BOM))))


@pytest.mark.parametrize("first", ["=", "+", "-", "@", "\t", "\r"])
@pytest.mark.parametrize("field", ["target", "title", "speaker"])
def test_a_cell_that_would_be_a_formula_begins_with_an_apostrophe(first, field):
    """Whatever an outlet or a group writes, a spreadsheet shows it and runs nothing."""
    said = f"{first}HYPERLINK(1)"
    one = (
        replace(ONE, title=said)
        if field == "title"
        else replace(ONE, statement=replace(ONE.statement, **{field: said}))
    )
    assert f"'{said}" == cells(one)[0][field]


def test_a_cell_in_the_midst_of_which_such_a_character_stands_is_left_alone():
    """Only the first character makes a formula."""
    assert "a=1" == cells(replace(ONE, title="a=1"))[0]["title"]


def test_a_row_reads_back_as_the_statement():
    """Commas, quotes and line ends stay in their cell; days and times are ISO 8601; what is unknown is empty."""
    words = 'one, "two"\nthree'
    (row,) = cells(replace(ONE, statement=replace(ONE.statement, text=words, rules=("a", "b"))))
    assert ("0a", "2", "en") == (row["statement_id"], row["outlets"], row["language"])
    assert tuple(row) == COLUMNS
    assert (words, "2026-03-05", "2026-03-05T12:00:00Z", "", "a b", "false", "the harbour-brigade") == (
        row["text"], row["said_on"], row["published_at"], row["target"], row["rule_ids"], row["quoted"],
        row["group_name"],
    )  # fmt: skip


def test_the_first_line_tells_the_encoding_and_the_columns():
    """An export without a row is a header, not an empty file."""
    assert BOM + ",".join(COLUMNS) + "\r\n" == "".join(csv_lines([], group_name=str))


def test_a_line_of_json_has_the_statement_and_where_it_was_seen():
    """One object a line, Arabic and line ends inside it."""
    (line,) = json_lines([replace(ONE, title="سطر\nآخر")])
    assert 1 == line.count("\n")
    told = json.loads(line)
    assert (BODY[slice(*THREAT)], "سطر\nآخر", 2) == (
        told["statement"]["text"],
        told["article"]["title"],
        told["outlets"],
    )
