"""YAML as people write it by hand, read strictly: every value knows its line, and what is ambiguous is refused.

Here belong the reading of a YAML text and the wording of a model's complaints about it. What a file means (rules,
sources, subscriptions) stays with the adapter that reads it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import yaml
from pydantic import ValidationError

from pipeline.errors import BayanError

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml's loader where PyYAML was built with it: a rule pack is hundreds of files."""

_REMEDIES = {
    "missing": "is missing; add it",
    "extra_forbidden": "is not a known field; remove it or correct its spelling",
    "string_type": "is not text; put it in quotes",
}
_TRUTH = "tag:yaml.org,2002:bool"
_TEXT = "tag:yaml.org,2002:str"


class YamlError(BayanError):
    """A YAML text that cannot be taken.

    Attributes:
        problems: one line a problem, `path:line: what is wrong; remedy`, all of a text at once.
    """

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("; ".join(problems))


class Lines:
    """The line of every value in a YAML text, by its path: `("rules", 0, "id")`; a mapping's value is at its key."""

    def __init__(self) -> None:
        self._lines: dict[tuple[str | int, ...], int] = {(): 1}

    def note(self, path: tuple[str | int, ...], line: int) -> None:
        """Remember that the value at `path` stands on `line`, counted from 1."""
        self._lines[path] = line

    def of(self, path: Sequence[str | int]) -> int:
        """The line of the value at `path`; parts that the text does not have (a missing field) are passed over."""
        known: tuple[str | int, ...] = ()
        for part in path:
            if (*known, part) in self._lines:
                known = (*known, part)
        return self._lines[known]


def load_strict(text: str, path: str, *, bare_words: bool = False) -> tuple[Any, Lines]:
    """The data of a YAML text with the lines of its values; None for a text without data.

    Refused are duplicate keys, keys that are not text (an unquoted `no` or `on` is a truth value in YAML), anchors
    used a second time (`*name`) and several documents. `path` is how messages name the text. With `bare_words` the
    values no, on, yes and off are text, as in YAML 1.2: lists of English words hold them.

    Raises:
        YamlError: with every problem of the text.
    """
    try:
        loader = _Loader(text)
        node = loader.get_single_node()
        if node is None:
            return None, Lines()
        reading = _Reading(loader, bare_words=bare_words)
        reading.walk(node, ())
        if reading.problems:
            raise YamlError([f"{path}:{line}: {what}" for line, what in reading.problems])
        return loader.construct_document(node), reading.lines
    except yaml.YAMLError as error:
        raise YamlError([f"{path}:{_where(error, text)}"]) from error
    except (RecursionError, UnicodeEncodeError) as error:
        raise YamlError([f"{path}:1: cannot be read as YAML ({error}); correct it"]) from error


def validation_problems(
    error: ValidationError, lines: Lines, path: str, *, at: tuple[str | int, ...] = ()
) -> list[str]:
    """What a model found wrong with the data of a text: `path:line: field: message`, in the order of the lines.

    `at` is where in the text the data stands, () for all of it.
    """
    found = sorted(
        (
            lines.of((*at, *detail["loc"])),
            _field(detail["loc"]),
            _REMEDIES.get(detail["type"]) or detail["msg"].removeprefix("Value error, "),
        )
        for detail in error.errors(include_url=False, include_input=False, include_context=False)
    )
    return [f"{path}:{line}: {field}: {message}" for line, field, message in found]


class _Reading:
    """One walk over the nodes of a text: notes where each stands and what is wrong with it."""

    def __init__(self, loader: yaml.SafeLoader, *, bare_words: bool) -> None:
        self.lines = Lines()
        self._bare_words = bare_words
        self.problems: list[tuple[int, str]] = []
        self._loader = loader
        self._seen: set[int] = set()

    def walk(self, node: yaml.Node, at: tuple[str | int, ...]) -> None:
        line = node.start_mark.line + 1
        if id(node) in self._seen:
            self.problems.append((line, "is used again by an alias (*name); write the value out there"))
            return
        self._seen.add(id(node))
        if isinstance(node, yaml.MappingNode):
            self._mapping(node, at)
        elif isinstance(node, yaml.SequenceNode):
            for index, item in enumerate(node.value):
                self.lines.note((*at, index), item.start_mark.line + 1)
                self.walk(item, (*at, index))
        else:
            self._scalar(node, line)

    def _mapping(self, node: yaml.MappingNode, at: tuple[str | int, ...]) -> None:
        first: dict[str, int] = {}
        for key, value in node.value:
            line = key.start_mark.line + 1
            if key.tag != _TEXT:
                self.problems.append((line, f"the key {_shown(key)} is not text; put it in quotes"))
            elif key.value in first:
                what = f"{key.value!r} stands a second time (first in line {first[key.value]}); remove one of them"
                self.problems.append((line, what))
            else:
                first[key.value] = line
                self.lines.note((*at, key.value), line)
                self.walk(value, (*at, key.value))

    def _scalar(self, node: yaml.Node, line: int) -> None:
        if self._bare_words and node.tag == _TRUTH and node.value.lower() not in ("true", "false"):
            node.tag = _TEXT
        # Tried here, where the line is known: PyYAML reads 2024-99-99 as a date and fails without a place.
        try:
            self._loader.construct_object(node)
        except (ValueError, yaml.YAMLError):
            self.problems.append((line, f"{_shown(node)} cannot be read as what it looks like; put it in quotes"))


def _shown(node: yaml.Node) -> str:
    return repr(node.value) if isinstance(node, yaml.ScalarNode) else "(a list or mapping)"


def _where(error: yaml.YAMLError, text: str) -> str:
    """`line: what is wrong; remedy` of an error of the YAML library."""
    if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark:
        return f"{error.problem_mark.line + 1}: no valid YAML: {error.problem}; correct this line or the one before"
    if isinstance(error, yaml.reader.ReaderError):
        code = error.character if isinstance(error.character, int) else ord(error.character)
        line = text.count("\n", 0, max(text.find(chr(code)), 0)) + 1
        return f"{line}: holds a character that YAML does not allow (U+{code:04X}); remove it"
    return f"1: no valid YAML: {' '.join(str(error).split())}; correct it"


def _field(location: Sequence[str | int]) -> str:
    return ".".join(str(part) for part in location) or "file"
