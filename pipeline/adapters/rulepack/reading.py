"""From folder to `Rulebook`: the cache first, the YAML otherwise."""

from __future__ import annotations

import gc
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pipeline
from pipeline.adapters.rulepack.cache import read_cache, write_cache
from pipeline.errors import RulesError
from pipeline.matching.forms import PackedForms, pack_forms
from pipeline.matching.lexicon import LexicalClass, Lexicon, expand
from pipeline.matching.registry import Group, Registry, Speaker
from pipeline.matching.rule import Condition, Rule, Samples, parse_choices, parse_pattern
from pipeline.matching.rulebook import Rulebook, compile_rulebook

Packed = Mapping[str, Any]

_COMPILES = ("adapters/rulepack", "matching", "text")
"""Code that the written forms depend on; another pack or other code, and the cache is made anew."""
_READS = (*_COMPILES, "statements")
"""Code that the statements depend on: a fix there, like one of a rule, has the articles read again."""
_DIGITS = 12


def read_rulepack(folder: Path, *, cache: Path | None = None) -> Rulebook:
    """The pack in `folder`, compiled; with `cache` (a folder) its forms are kept there until the content changes.

    Raises:
        RulesError: all problems of the pack at once.
    """
    rules = _rules_hash(folder)
    code = _code_hashes()
    kept = cache / f"rulepack-{_combined(rules, *(code[part] for part in _COMPILES))}" if cache else None
    compiled = read_cache(kept) if kept else None
    if compiled is None:
        compiled = _compile(folder)
        if kept:
            write_cache(kept, *compiled)
    return _rulebook(_combined(rules, *code.values()), *compiled)


def read_ruleset(folder: Path) -> str:
    """The identity that `read_rulepack` gives the pack in `folder`, without compiling or loading it.

    Raises:
        RulesError: there is no such folder.
    """
    return _combined(_rules_hash(folder), *_code_hashes().values())


def _rules_hash(folder: Path) -> str:
    if not folder.is_dir():
        raise RulesError([f"{folder}:1: no such folder; name one that holds groups.yml"])
    return _content_hash(folder, "*.yml")


def read_lexicons(folder: Path) -> list[Lexicon]:
    """The lexicons of a pack as written, one a language.

    Raises:
        RulesError: all problems of the pack at once.
    """
    from pipeline.adapters.rulepack.checking import PackReader

    return _lexicons(PackReader(folder).read()["lexicons"])


def _code_hashes() -> dict[str, str]:
    home = Path(pipeline.__file__).parent
    return {part: _content_hash(home / part, "*.py") for part in _READS}


def _combined(*hashes: str) -> str:
    return hashlib.sha256("".join(hashes).encode()).hexdigest()[:_DIGITS]


def _content_hash(folder: Path, pattern: str) -> str:
    digest = hashlib.sha256()
    for path in sorted(folder.rglob(pattern)):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(folder).as_posix()}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def _compile(folder: Path) -> tuple[Packed, bytes]:
    # Checking needs pydantic, which costs a third of a second: not wanted when the cache is warm.
    from pipeline.adapters.rulepack.checking import PackReader

    pack = PackReader(folder).read()
    try:
        with _no_collection():
            forms = expand(_lexicons(pack.pop("lexicons")), _registry(pack))
            return pack, pack_forms(forms.kinds, forms.readings)
    except ValueError as error:
        raise RulesError([f"{folder.name}: {error}"]) from error


@contextmanager
def _no_collection() -> Iterator[None]:
    """Half a million small tuples without a cycle: looking for cycles among them takes as long as making them."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _lexicons(parts: Iterable[Packed]) -> list[Lexicon]:
    """One lexicon a language: its files merged."""
    merged: dict[str, Lexicon] = {}
    for part in parts:
        known = merged.get(part["language"]) or Lexicon(part["language"], {})
        classes = {name: _lexical_class(cls) for name, cls in part["classes"].items()}
        merged[part["language"]] = Lexicon(
            part["language"],
            {**known.classes, **classes},
            known.short_stems | frozenset(part["short_stems"]),
            known.words | frozenset(part["words"]),
        )
    return list(merged.values())


def _lexical_class(packed: Packed) -> LexicalClass:
    return LexicalClass(tuple(packed["verbs"]), tuple(packed["nouns"]), tuple(packed["words"]))


def _registry(pack: Packed) -> Registry:
    groups = [
        Group(
            group_id=g["id"], name_en=g["name_en"], names_ar=tuple(g["names_ar"]), names_en=tuple(g["names_en"]),
            kind=g["kind"], parent=g["parent"], country=g["country"], quoted_names_ar=tuple(g["quoted_names_ar"]),
            contextual_names_ar=tuple(g["contextual_names_ar"]), context_ar=tuple(g["context_ar"]),
        )
        for g in pack["groups"]
    ]  # fmt: skip
    speakers = [
        Speaker(
            speaker_id=s["id"], group=s["group"], names_ar=tuple(s["names_ar"]), names_en=tuple(s["names_en"]),
            surnames=tuple(s["surnames"]),
        )
        for s in pack["speakers"]
    ]  # fmt: skip
    return Registry({g.group_id: g for g in groups}, {s.speaker_id: s for s in speakers})


def _rulebook(ruleset: str, packed: Packed, packed_forms: bytes) -> Rulebook:
    forms = PackedForms(packed_forms)
    classes = set(forms.weights)
    problems: list[str] = []
    rules = [_rule(rule, packed["conditions"], classes, problems) for rule in packed["rules"]]
    if problems:
        raise RulesError(problems)
    return compile_rulebook(ruleset, [rule for rule in rules if rule], _registry(packed), forms)


def _rule(packed: Packed, shared: Packed, classes: set[str], problems: list[str]) -> Rule | None:
    place = f"rules/{packed['path']}:{packed['line']}: {packed['id']}"
    named = shared.get(packed["language"], {})
    try:
        conditions = {key: _conditions(packed[key], named) for key in ("needs", "unless")}
        rule = Rule(
            rule_id=packed["id"], label=packed["label"], language=packed["language"], status=packed["status"],
            cameo=packed["cameo"], description=packed["description"], voice=packed["voice"],
            patterns=tuple(parse_pattern(items) for items in packed["patterns"]),
            needs=conditions["needs"], unless=conditions["unless"],
            samples=Samples(*(tuple(packed["samples"][key]) for key in ("match", "no_match", "todo"))),
            path=packed["path"],
        )  # fmt: skip
    except ValueError as error:
        problems.append(f"{place}: {error}")
        return None
    problems.extend(
        f"{place}: no lexicon has the class {cls!r}; add it or correct the name" for cls in _unknown(rule, classes)
    )
    return rule


def _conditions(items: Iterable[str | Packed], named: Packed) -> tuple[Condition, ...]:
    conditions: list[Condition] = []
    for item in items:
        if isinstance(item, str) and item not in named:
            raise ValueError(f"no condition is named {item!r}; known: {', '.join(sorted(named))}")
        packed = named[item] if isinstance(item, str) else item
        conditions.append(Condition(packed["name"], parse_choices(packed["class"]), packed["where"], packed["within"]))
    return tuple(conditions)


def _unknown(rule: Rule, classes: set[str]) -> set[str]:
    used = {c.cls for pattern in rule.patterns for slot in pattern.slots for c in slot.choices}
    used.update(c.cls for condition in (*rule.needs, *rule.unless) for c in condition.choices)
    return {cls for cls in used if not cls.startswith("@") and cls not in classes}
