"""Sources files."""

import json
from pathlib import Path

import jsonschema
import pytest
import yaml

from pipeline.adapters.sources import read_sources, sources_schema
from pipeline.errors import SourcesError
from pipeline.records import Source

PROJECT = Path(__file__).parents[3]
ROW = "- {id: daily, kind: feed, url: 'https://daily.example/feed.xml', name: The Daily}"


def written(tmp_path, text):
    path = tmp_path / "sources.yml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_becomes_records(tmp_path):
    """Every field finds its place; what is left out has its default."""
    path = written(
        tmp_path,
        """
sources:
  - id: daily
    kind: feed
    url: https://daily.example/feed.xml
    name: The Daily
    outlet: Daily Press
    language: en
    country: IQ
    enabled: false
  - {id: bridge, kind: page, url: "https://daily.example/bridge", name: الجسر}
""",
    )
    assert read_sources(path) == (
        Source(
            source_id="daily", kind="feed", url="https://daily.example/feed.xml", name="The Daily",
            outlet="Daily Press", language="en", country="IQ", enabled=False,
        ),
        Source(source_id="bridge", kind="page", url="https://daily.example/bridge", name="الجسر"),
    )  # fmt: skip


def test_all_mistakes_are_told_at_once(tmp_path):
    """Each with its line: an unknown field, a wrong kind, no address, a missing name, an id used twice."""
    path = written(
        tmp_path,
        f"""sources:
  {ROW}
  - id: daily
    kind: blog
    url: ftp://daily.example/
    colour: red
""",
    )
    with pytest.raises(SourcesError) as caught:
        read_sources(path)
    told = [
        problem.removeprefix(f"{path}:").split(":")[0]
        for problem in str(caught.value).split("; ")
        if str(path) in problem
    ]
    assert told == ["3", "3", "4", "5", "6"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "holds no sources"),
        ("sources: []", "at least 1 item"),
        ("feeds: []", "feeds: is not a known field"),
        ("sources: [\n", "no valid YAML"),
        (f"sources:\n{ROW}\nsources:\n{ROW}", "stands a second time"),
        (f"sources:\n{ROW[:-1]}, enabled: 1}}", "enabled"),
    ],
)
def test_a_broken_file_is_refused(tmp_path, text, said):
    """One line names the file, the line and what to do."""
    path = written(tmp_path, text)
    with pytest.raises(SourcesError, match=said) as caught:
        read_sources(path)
    assert str(caught.value).startswith(f"{path}:")


def test_a_missing_file_is_named(tmp_path):
    """The error names the file and the setting."""
    with pytest.raises(SourcesError, match="no such file; write one, or name another in BAYAN_SOURCES"):
        read_sources(tmp_path / "none.yml")


def test_a_file_that_is_not_utf8_is_named(tmp_path):
    """Another charset is said, not guessed."""
    path = tmp_path / "sources.yml"
    path.write_bytes("sources: # الجسر".encode("windows-1256"))
    with pytest.raises(SourcesError, match="is not UTF-8"):
        read_sources(path)


def test_the_schema_in_the_repository_is_the_model():
    """Editors check against the same rules as the program."""
    stored = json.loads((PROJECT / "schemas" / "sources.schema.json").read_text(encoding="utf-8"))
    assert stored == sources_schema()


@pytest.mark.parametrize("path", sorted((PROJECT / "sources").glob("*.yml")), ids=lambda path: path.name)
def test_the_files_of_the_repository_are_valid(path):
    """Every sources file that comes with the project is read, and satisfies the JSON Schema."""
    jsonschema.validate(yaml.safe_load(path.read_text(encoding="utf-8")), sources_schema())
    assert len(read_sources(path)) >= 25
