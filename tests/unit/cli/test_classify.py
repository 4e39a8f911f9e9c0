"""The line protocol of `bayan classify`: one answer a line, whatever the line is."""

import io
import json

import pytest

from pipeline.cli.classify import _LONGEST_LINE, _lines, answer
from pipeline.records import Statement
from pipeline.statements import Engine


class FakeEngine:
    """Answers with nothing and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, object]]] = []

    def classify(self, text: str, **given: object) -> tuple[Statement, ...]:
        self.asked.append((text, given))
        return ()


def ask(line: bytes) -> dict[str, object]:
    """The answer to one line."""
    engine: Engine = FakeEngine()  # type: ignore[assignment]
    return json.loads(answer((1, line), engine))


def test_a_good_line_is_answered_with_its_statements() -> None:
    """The id comes back with a list."""
    assert ask(b'{"id": "a", "text": "x", "lang": "ar", "published_at": "2021-07-13T20:41:00Z"}') == {
        "id": "a",
        "statements": [],
    }


@pytest.mark.parametrize(
    ("line", "item_id", "problem"),
    [
        (b"{broken", None, "no JSON"),
        (b"\xff\xfe", None, "no JSON"),
        (b"[1, 2]", None, "not an object"),
        (b'{"text": "x"}', None, "no id"),
        (b'{"id": 7}', 7, "text is missing"),
        (b'{"id": "a", "text": 5}', "a", "text is missing"),
        (b'{"id": "a", "text": "x", "lang": 5}', "a", "lang is no string"),
        (b'{"id": "a", "text": "x", "published_at": "soon"}', "a", "published_at"),
        (b"[" * 100_000, None, "no JSON"),
    ],
)
def test_a_bad_line_is_answered_with_its_error(line: bytes, item_id: object, problem: str) -> None:
    """The error names the line and the remedy; the id is kept where there is one."""
    found = ask(line)
    assert found["id"] == item_id
    assert problem in str(found["error"])


def test_lone_surrogates_come_back_as_escapes() -> None:
    """What cannot be written as UTF-8 is answered in ASCII."""
    engine: Engine = FakeEngine()  # type: ignore[assignment]
    assert answer((1, b'{"id": "\\ud800", "text": "x"}'), engine).isascii()


def test_a_line_too_long_is_skipped_and_numbered() -> None:
    """Its bytes are not kept, the next line keeps its number."""
    stream = io.BytesIO(b"x" * (2 * _LONGEST_LINE + 5) + b'\n\n{"id": 1}\n')
    assert list(_lines(stream)) == [(1, None), (3, b'{"id": 1}\n')]
