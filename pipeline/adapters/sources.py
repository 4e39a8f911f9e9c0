"""Sources files: YAML with a `sources:` list, read strictly, every mistake of a file told at once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from pipeline.adapters.strict_yaml import Lines, YamlError, load_strict, validation_problems
from pipeline.errors import SourcesError
from pipeline.records import Source
from pipeline.records.source import LOCAL_KINDS, SourceKind


def _http_address(value: str) -> str:
    try:
        parts = urlsplit(value)
        usable = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:
        usable = False
    if not usable or any(character.isspace() for character in value):
        raise ValueError(f"{value!r} is no http or https address; write one such as https://outlet.example/feed.xml")
    return value


_Address = Annotated[str, AfterValidator(_http_address), Field(json_schema_extra={"format": "uri"})]
_Name = Annotated[str, Field(min_length=1, max_length=200)]


class SourceRow(BaseModel):
    """One place that is collected."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$", description="Lower-case name, unique in the file; it stays.")
    kind: SourceKind = Field(
        description="feed: RSS, RDF, Atom or JSON Feed. sitemap: news sitemap, or an index of such. channel: web "
        "preview of a Telegram channel (https://t.me/s/NAME). page: one article. folder: a local file or folder of "
        "HTML, text and JSON Lines. warc: a local WARC file or a folder of them."
    )
    url: _Address | None = Field(default=None, description="Where it is; of all kinds but folder and warc.")
    path: str | None = Field(
        default=None,
        min_length=1,
        description="Of folder and warc: the file or folder, relative to the folder of the sources file.",
    )
    name: _Name = Field(description="What people call it.")
    outlet: _Name | None = Field(default=None, description="The publisher, where it differs from the name.")
    language: str | None = Field(default=None, pattern=r"^[a-z]{2}$", description="ISO 639-1; none when mixed.")
    country: str | None = Field(default=None, pattern=r"^[A-Z]{2}$", description="ISO 3166 alpha-2 of the outlet.")
    enabled: bool = Field(default=True, description="Whether it is collected.")

    @model_validator(mode="after")
    def _has_its_place(self) -> Self:
        """A local kind has a path, every other an address."""
        wanted, other = ("path", "url") if self.kind in LOCAL_KINDS else ("url", "path")
        if getattr(self, wanted) is None or getattr(self, other) is not None:
            raise ValueError(f"a source of kind {self.kind} has `{wanted}` and no `{other}`")
        return self

    def source(self, folder: Path) -> Source:
        """The record; a local path counts from `folder`."""
        fields = self.model_dump()
        path = fields.pop("path")
        if path is not None:
            fields["url"] = (folder / path).absolute().as_uri()
        return Source(source_id=fields.pop("id"), **fields)


class SourcesFile(BaseModel):
    """Where articles come from."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, title="Sources")

    sources: list[SourceRow] = Field(min_length=1, description="Places that are collected, in any order.")


def read_sources(path: Path) -> tuple[Source, ...]:
    """The sources of a file, disabled ones included, in the file's order.

    Raises:
        SourcesError: naming every problem of the file, `path:line: what; remedy`.
    """
    try:
        data, lines = load_strict(_text(path), str(path))
    except YamlError as error:
        raise SourcesError("; ".join(error.problems)) from error
    if not isinstance(data, dict):
        raise SourcesError(f"{path}:1: holds no sources; write a list under `sources:`")
    problems = _twice(data, lines, path)
    try:
        read = SourcesFile.model_validate(data)
    except ValidationError as error:
        problems += validation_problems(error, lines, str(path))
    if problems:
        raise SourcesError("; ".join(problems))
    return tuple(row.source(path.parent) for row in read.sources)


def sources_schema() -> dict[str, Any]:
    """The JSON Schema of a sources file, for editors; `schemas/sources.schema.json` holds the same."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **SourcesFile.model_json_schema()}


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise SourcesError(f"{path}: no such file; write one, or name another in BAYAN_SOURCES") from error
    except UnicodeDecodeError as error:
        raise SourcesError(f"{path}: is not UTF-8 (byte {error.start}); save it as UTF-8") from error
    except OSError as error:
        raise SourcesError(
            f"{path}: cannot be read ({error.strerror}); name a sources file in BAYAN_SOURCES"
        ) from error


def _twice(data: dict[str, Any], lines: Lines, path: Path) -> list[str]:
    """Ids that stand more than once, whatever else is wrong with their rows."""
    rows = data.get("sources")
    first: dict[str, int] = {}
    problems = []
    for index, row in enumerate(rows if isinstance(rows, list) else ()):
        name = row.get("id") if isinstance(row, dict) else None
        if not isinstance(name, str):
            continue
        line = lines.of(("sources", index, "id"))
        if name in first:
            problems.append(f"{path}:{line}: the id {name!r} stands also in line {first[name]}; choose another")
        first.setdefault(name, line)
    return problems
