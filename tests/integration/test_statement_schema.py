"""The contract of `bayan classify`: what it prints is what schemas/statement.schema.json says."""

import json
import subprocess
import sys
from pathlib import Path
from typing import get_args

import jsonschema

from pipeline.records.statement import LABELS, CueRole, DateBasis, DatePrecision

PROJECT = Path(__file__).parents[2]
SCHEMA = json.loads((PROJECT / "schemas" / "statement.schema.json").read_text())


def test_every_line_that_classify_prints_keeps_to_the_schema():
    """Statements in both languages, and a line that is no input."""
    corpus = (PROJECT / "tests" / "quality" / "written.jsonl").read_text(encoding="utf-8")
    command = [sys.executable, "-m", "pipeline", "classify", "-"]
    run = subprocess.run(command, input=corpus + '{"id": 1}\n', capture_output=True, text=True, timeout=120, check=True)
    lines = [json.loads(line) for line in run.stdout.splitlines()]
    checker = jsonschema.Draft202012Validator(SCHEMA, format_checker=jsonschema.FormatChecker())
    assert [] == [error.message for line in lines for error in checker.iter_errors(line)]
    assert "error" in lines[-1]
    assert sum(len(line.get("statements", [])) for line in lines) > 100


def test_the_vocabularies_of_the_schema_are_those_of_the_records():
    """A label, a precision, a basis or a role that the code gains must be in the schema."""
    fields = SCHEMA["$defs"]["statement"]["properties"]
    roles = fields["cues"]["items"]["properties"]["role"]["enum"]
    assert list(LABELS) == fields["label"]["enum"]
    assert [*get_args(DatePrecision), None] == fields["said_on_precision"]["enum"]
    assert [*get_args(DateBasis), None] == fields["said_on_basis"]["enum"]
    assert sorted(get_args(CueRole)) == sorted(roles)
