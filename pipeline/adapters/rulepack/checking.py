"""All files of a pack, checked: every mistake of every file at once, each with file, line and remedy."""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from pipeline.adapters.rulepack import documents
from pipeline.adapters.strict_yaml import Lines, YamlError, load_strict, validation_problems
from pipeline.errors import RulesError

Checked = TypeVar("Checked", bound=documents.Document)
LABEL_FOLDERS = ("threat", "admission", "truce")


class PackReader:
    """Reads the files of one pack and gathers what is wrong with them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.problems: list[str] = []

    def read(self) -> dict[str, Any]:
        """The pack as plain data, ready for JSON.

        Raises:
            RulesError: with all problems.
        """
        pack: dict[str, Any] = {"lexicons": [], "conditions": {}, "rules": []}
        pack["groups"] = self._one("groups.yml", documents.GroupsFile).get("groups", [])
        pack["speakers"] = self._one("speakers.yml", documents.SpeakersFile).get("speakers", [])
        for language in sorted(path.name for path in self.folder.iterdir() if path.is_dir()):
            self._language(language, pack)
        self._references(pack)
        if self.problems:
            raise RulesError(self.problems)
        return pack

    def _language(self, language: str, pack: dict[str, Any]) -> None:
        for path in sorted((self.folder / language / "lexicon").glob("*.yml")):
            pack["lexicons"].append(self._one(str(path.relative_to(self.folder)), documents.LexiconFile))
        if (self.folder / language / "conditions.yml").exists():
            conditions = self._one(f"{language}/conditions.yml", documents.ConditionsFile)
            pack["conditions"][language] = {c["name"]: c for c in conditions.get("conditions", [])}
        for label in LABEL_FOLDERS:
            for path in sorted((self.folder / language / label).glob("*.yml")):
                pack["rules"].extend(self._rules(path))

    def _one(self, name: str, model: type[Checked]) -> dict[str, Any]:
        read = self._load(self.folder / name)
        return self._check(name, (), *read, model) if read else {}

    def _load(self, path: Path) -> tuple[object, Lines] | None:
        shown = f"{self.folder.name}/{path.relative_to(self.folder)}"
        try:
            data, lines = load_strict(path.read_text(encoding="utf-8"), shown, bare_words=True)
        except FileNotFoundError:
            self.problems.append(f"{shown}:1: missing; a rule pack needs this file")
        except UnicodeDecodeError:
            self.problems.append(f"{shown}:1: not in UTF-8; save it in that encoding")
        except YamlError as error:
            self.problems.extend(error.problems)
        else:
            if data is not None:
                return data, lines
            self.problems.append(f"{shown}:1: empty file; write a document or delete it")
        return None

    def _rules(self, path: Path) -> list[dict[str, Any]]:
        read = self._load(path)
        if read is None:
            return []
        value, lines = read
        name = str(path.relative_to(self.folder))
        many = value if isinstance(value, list) else [value]
        ways: list[tuple[str | int, ...]] = [(i,) if isinstance(value, list) else () for i in range(len(many))]
        checked = [
            self._check(name, way, one, lines, documents.RuleDocument) for way, one in zip(ways, many, strict=True)
        ]
        return [{**rule, "path": name, "line": lines.of(way)} for way, rule in zip(ways, checked, strict=True) if rule]

    def _check(
        self, name: str, way: tuple[str | int, ...], value: object, lines: Lines, model: type[Checked]
    ) -> dict[str, Any]:
        try:
            return model.model_validate(value).model_dump(by_alias=True)
        except ValidationError as error:
            self.problems.extend(validation_problems(error, lines, f"{self.folder.name}/{name}", at=way))
            return {}

    def _references(self, pack: dict[str, Any]) -> None:
        groups = {group["id"] for group in pack["groups"]}
        for group in pack["groups"]:
            if group["parent"] and group["parent"] not in groups:
                self._note("groups.yml:1", f"{group['id']}: parent {group['parent']} is no group; add it")
        for speaker in pack["speakers"]:
            if speaker["group"] not in groups:
                self._note("speakers.yml:1", f"{speaker['id']}: {speaker['group']} is no group; add it")
        seen: dict[str, str] = {}
        for rule in pack["rules"]:
            place, known = f"{rule['path']}:{rule['line']}", seen.setdefault(rule["id"], rule["path"])
            if known != rule["path"]:
                self._note(place, f"id {rule['id']} stands in {known} too; rename one")

    def _note(self, place: str, problem: str) -> None:
        self.problems.append(f"{self.folder.name}/{place}: {problem}")
