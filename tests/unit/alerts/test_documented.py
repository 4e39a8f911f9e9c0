"""What docs/alerts.md shows does what it says."""

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pipeline.adapters.http.webhook import signature, subscription_key
from pipeline.adapters.subscriptions import definition_of, read_subscription

PROJECT = Path(__file__).parents[3]
PAGE = (PROJECT / "docs" / "alerts.md").read_text(encoding="utf-8")


def _blocks(language):
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


def test_the_subscriptions_of_the_page_are_taken(tmp_path):
    """Each example is read, and none of its fields is without effect."""
    read = []
    for number, block in enumerate(_blocks("yaml")):
        path = tmp_path / f"{number}.yml"
        path.write_text(block, encoding="utf-8")
        read.append(read_subscription(path))
    assert [each.subscription_id for each in read] == ["ports", "daily"]
    named = [set(re.findall(r"^(\w+):", block, re.MULTILINE)) for block in _blocks("yaml")]
    assert [set(definition_of(each)) | {"at"} for each in read] == [fields | {"at"} for fields in named]


def test_every_field_of_a_subscription_is_explained():
    """The table and the examples name each field of the schema."""
    schema = json.loads((PROJECT / "schemas" / "subscription.schema.json").read_text(encoding="utf-8"))
    assert [name for name in schema["properties"] if not re.search(rf"\b{name}\b", PAGE)] == []


@pytest.mark.parametrize(
    ("change", "expected"), [({}, True), ({"body": b"{}x"}, False), ({"key": "other"}, False), ({"minutes": 6}, False)]
)
def test_the_receiver_of_the_page_knows_what_is_genuine(change, expected):
    """It takes what was signed just now with the subscription's key; another body, key or an old time it refuses."""
    scope = {}
    exec(_blocks("python")[0], scope)
    key = subscription_key("installation", "daily")
    at = datetime.now(UTC) - timedelta(minutes=change.get("minutes", 0))
    header = signature(b"{}", key=key, at=at)
    assert scope["genuine"](change.get("body", b"{}"), header, change.get("key", key)) is expected


def test_pictures_and_pages_that_it_leads_to_are_there():
    """No dead link within the project."""
    targets = re.findall(r"\]\(((?!https?:)[^)]+)\)", PAGE)
    assert [target for target in targets if not (PROJECT / "docs" / target).exists()] == []
