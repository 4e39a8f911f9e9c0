"""YAML as rule authors write it: duplicate keys are errors, and every key knows its line."""

from __future__ import annotations

from pathlib import Path

import yaml

from pipeline.errors import RulesError

Lines = dict[tuple[str | int, ...], int]
"""Line of each value by its way from the root: `("unless", 0, "class")`."""


def read_yaml(path: Path, shown: str) -> tuple[object, Lines]:
    """The document of `path` and the lines of its values.

    Raises:
        RulesError: no YAML, or a key given twice.
    """
    try:
        node = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        problem = getattr(error, "problem", None) or str(error).splitlines()[0]
        raise RulesError([f"{shown}:{line}: not readable as YAML: {problem}; check indentation and quotes"]) from error
    lines: Lines = {}
    problems: list[str] = []
    if node is None:
        raise RulesError([f"{shown}:1: empty file; write a document or delete it"])
    value = _construct(node, (), lines, problems)
    if problems:
        raise RulesError([f"{shown}:{problem}" for problem in problems])
    return value, lines


def _construct(node: yaml.Node, way: tuple[str | int, ...], lines: Lines, problems: list[str]) -> object:
    lines[way] = node.start_mark.line + 1
    if isinstance(node, yaml.SequenceNode):
        return [_construct(item, (*way, i), lines, problems) for i, item in enumerate(node.value)]
    if isinstance(node, yaml.MappingNode):
        return _construct_mapping(node, way, lines, problems)
    if node.tag == "tag:yaml.org,2002:bool" and node.value.lower() not in ("true", "false"):
        return node.value  # on, no, yes are words of English before they are anything else
    return yaml.SafeLoader("").construct_object(node)


def _construct_mapping(
    node: yaml.MappingNode, way: tuple[str | int, ...], lines: Lines, problems: list[str]
) -> dict[str, object]:
    mapping: dict[str, object] = {}
    for key_node, value_node in node.value:
        key = str(key_node.value)
        if key in mapping:
            problems.append(f"{key_node.start_mark.line + 1}: key {key!r} stands twice; keep one")
        mapping[key] = _construct(value_node, (*way, key), lines, problems)
    return mapping
