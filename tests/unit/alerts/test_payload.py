"""What a webhook gets is what its schema says, whatever the web wrote into it."""

import json
from pathlib import Path

import jsonschema
import pytest

from pipeline.alerts.payload import payload_of
from pipeline.alerts.telling import Links, Telling
from pipeline.records import Alert, Provenance
from tests.fakes.alert_store import renderer
from tests.fakes.press import NOON, article, statement

SCHEMA = json.loads((Path(__file__).parents[3] / "schemas" / "webhook.schema.json").read_text(encoding="utf-8"))
REGISTRY = renderer().registry
FROM = Provenance(
    first_seen_at=NOON,
    outlets=(("جريدة", "https://a.example/1"), ("b", "javascript:x")),
    body_sha256="00" * 32,
    archive="a.warc.gz@0",
)


def _payload(**changes):
    alert = Alert(
        subscription_id="desk", statement_ids=("s1",), message_id="<a@b.example>", recipients=("a@b.example",),
        created_at=NOON,
    )  # fmt: skip
    found = (("s1", statement(article(), **changes), article()),)
    links = Links(board="https://board.example/{statement_id}")
    return payload_of(alert, Telling(found=found, provenance={"s1": FROM}), REGISTRY, links, name="desk")


@pytest.mark.parametrize(
    "changes",
    [
        {"label": "threat"},
        {"label": "truce", "group": None},
        {"label": "admission", "speaker": "x\r\ny\u202e", "condition": "<b>\ud800</b>"},
    ],
)
def test_a_payload_keeps_to_its_schema(changes):
    """A known group, an unnamed one, and hostile text; what is read back from its bytes is the same."""
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    payload = _payload(**changes)
    checker = jsonschema.Draft202012Validator(SCHEMA, format_checker=jsonschema.FormatChecker())
    assert [error.message for error in checker.iter_errors(payload)] == []
    assert json.loads(json.dumps(payload, ensure_ascii=False).encode("utf-8")) == payload


def test_only_web_addresses_stand_in_a_payload():
    """A script in the place of an outlet's address is left out."""
    (told,) = _payload(label="threat")["statements"]
    assert [outlet["url"] for outlet in told["evidence"]["outlets"]] == ["https://a.example/1", None]
