"""YAML read strictly, with the line of everything."""

import pytest
from pydantic import BaseModel, ConfigDict, ValidationError

from pipeline.adapters.strict_yaml import YamlError, load_strict, validation_problems


def _problems(text):
    with pytest.raises(YamlError) as caught:
        load_strict(text, "f.yml")
    return caught.value.problems


def test_every_value_knows_its_line():
    """Mappings by the line of their key, list items by their own."""
    data, lines = load_strict("# first\na: 1\nb:\n  - x\n  - c: نص\n    d: 2\n", "f.yml")
    assert data == {"a": 1, "b": ["x", {"c": "نص", "d": 2}]}
    assert [lines.of(path) for path in [(), ("a",), ("b",), ("b", 0), ("b", 1), ("b", 1, "d")]] == [1, 2, 3, 4, 5, 6]


def test_a_path_that_the_text_lacks_is_at_its_nearest_part():
    """A missing field is reported at the line of what should hold it."""
    _, lines = load_strict("a: 1\nb:\n  c: 1\n", "f.yml")
    assert (lines.of(("b", "missing")), lines.of(("b", "union-tag", "c")), lines.of(("other",))) == (2, 3, 1)


def test_a_text_without_data_is_none():
    """An empty text, or one with comments alone, has no data."""
    assert load_strict("# nothing\n", "f.yml")[0] is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: 1\nb: 2\na: 3\n", ["f.yml:3: 'a' stands a second time (first in line 1); remove one of them"]),
        ("no: 1\n", ["f.yml:1: the key 'no' is not text; put it in quotes"]),
        ("x: 1\n? [a]\n: 1\n", ["f.yml:2: the key (a list or mapping) is not text; put it in quotes"]),
        ("a: &x [1]\nb: *x\n", ["f.yml:1: is used again by an alias (*name); write the value out there"]),
        ("b: 1\na: 2024-99-99\n", ["f.yml:2: '2024-99-99' cannot be read as what it looks like; put it in quotes"]),
        ("a: !!python/name:os.system x\n", ["f.yml:1: 'x' cannot be read as what it looks like; put it in quotes"]),
        ("a: 1\nb: \x07\n", ["f.yml:2: holds a character that YAML does not allow (U+0007); remove it"]),
    ],
)
def test_what_is_ambiguous_is_refused(text, expected):
    """Each with its line and the remedy."""
    assert _problems(text) == expected


@pytest.mark.parametrize(("text", "line"), [("a: [1\nb: 2", 2), ("a: 1\n---\nb: 2\n", 2), ("a: 1\n\tb: 2\n", 2)])
def test_broken_syntax_has_a_line(text, line):
    """What is no YAML at all is one problem at its line."""
    (problem,) = _problems(text)
    assert problem.startswith(f"f.yml:{line}: no valid YAML: ")


@pytest.mark.parametrize("text", ["[" * 3_000, "\ud800: a"])
def test_a_hostile_text_is_an_error_and_no_crash(text):
    """Endless nesting and characters that UTF-8 cannot hold end as a problem."""
    assert len(_problems(text)) == 1


def test_all_problems_come_at_once():
    """A text is read to its end before it is refused."""
    assert len(_problems("a: 1\na: 2\non: 1\nb:\n  c: 1\n  c: 2\n")) == 3


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)
    name: str
    sizes: list[int]


def test_a_models_complaints_stand_at_their_lines():
    """Unknown, missing and wrong fields, in the order of the lines, with the remedy."""
    data, lines = load_strict("# c\nnmae: x\nsizes:\n  - 1\n  - b\n", "f.yml")
    with pytest.raises(ValidationError) as caught:
        _Model.model_validate(data)
    assert validation_problems(caught.value, lines, "f.yml") == [
        "f.yml:1: name: is missing; add it",
        "f.yml:2: nmae: is not a known field; remove it or correct its spelling",
        "f.yml:5: sizes.1: Input should be a valid integer",
    ]
