"""Subscription files."""

import json

import jsonschema
import pytest
import yaml

from pipeline.adapters.subscriptions import read_subscriptions, subscription_schema
from pipeline.errors import SubscriptionsError
from pipeline.records import Subscription
from pipeline.settings import PROJECT

FULL = """\
id: iraq-desk
name: مكتب العراق
recipients: [desk@newsroom.example, Second@newsroom.example]
labels: [threat, truce]
groups: [harbour-brigade]
languages: [ar]
minimum_confidence: 0.5
"""
SHORT = "id: all\nname: All\nrecipients: [a@newsroom.example]\n"


def _write(folder, **files):
    for name, text in files.items():
        (folder / f"{name}.yml").write_text(text, encoding="utf-8")
    return folder


def _problems(folder):
    with pytest.raises(SubscriptionsError) as caught:
        read_subscriptions(folder)
    return [problem.removeprefix(f"{folder}/") for problem in caught.value.problems]


def test_a_folder_of_files_is_read(tmp_path):
    """One subscription a file, in the order of their names; what is left out means all."""
    (tmp_path / "README.md").write_text("no subscription")
    assert read_subscriptions(_write(tmp_path, b=SHORT, a=FULL)) == (
        Subscription(
            subscription_id="iraq-desk",
            name="مكتب العراق",
            recipients=("desk@newsroom.example", "Second@newsroom.example"),
            labels=("threat", "truce"),
            groups=("harbour-brigade",),
            languages=("ar",),
            minimum_confidence=0.5,
        ),
        Subscription(subscription_id="all", name="All", recipients=("a@newsroom.example",)),
    )


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("id: all", "id: All Desks", "f.yml:1: id: String should match pattern '^[a-z0-9][a-z0-9-]{0,62}$'"),
        ("name: All", 'name: "A\\r\\nBcc: b"', "f.yml:2: name: String should match pattern '^[^\\x00-\\x1f\\x7f]+$'"),
        ("name: All", "nmae: All", "f.yml:2: nmae: is not a known field; remove it or correct its spelling"),
        ("name: All\n", "", "f.yml:1: name: is missing; add it"),
        ("[a@newsroom.example]", "[]", "f.yml:3: recipients: List should have at least 1 item after validation, not 0"),
        (
            "[a@newsroom.example]",
            "[a@n.example, A@n.example]",
            "f.yml:3: recipients: a@n.example stands twice; remove one",
        ),
        ("[a@newsroom.example]", "a@newsroom.example", "f.yml:3: recipients: Input should be a valid list"),
        (
            "name: All",
            "name: All\nlabels: [denial]",
            "f.yml:3: labels.0: Input should be 'threat', 'admission' or 'truce'",
        ),
        (
            "name: All",
            "name: All\nminimum_confidence: 2",
            "f.yml:3: minimum_confidence: Input should be less than or equal to 1",
        ),
        (
            "name: All",
            "name: All\nname: Again",
            "f.yml:3: 'name' stands a second time (first in line 2); remove one of them",
        ),
    ],
)
def test_a_mistake_is_told_with_its_line(tmp_path, old, new, expected):
    """Path, line, field and what is wrong with it."""
    assert expected in _problems(_write(tmp_path, f=SHORT.replace(old, new)))


@pytest.mark.parametrize(
    "address",
    [
        "a",
        "a@",
        "a@localhost",
        "'A <a@n.example>'",
        "'a@n.example, b@n.example'",
        "'a@n.example\\nBcc: b'",
        "ü@n.example",
    ],
)
def test_what_is_no_address_is_refused(tmp_path, address):
    """One plain ASCII address an item: no names, no lists, no line ends."""
    (problem,) = _problems(_write(tmp_path, f=SHORT.replace("a@newsroom.example", address)))
    assert problem.startswith("f.yml:3: recipients.0: ")
    assert "is no mail address: " in problem


def test_all_mistakes_of_a_folder_come_at_once(tmp_path):
    """Every file is read before the folder is refused, and good files do not hide bad ones."""
    _write(tmp_path, a="id: [\n", b=FULL, c="- x\n", d=SHORT.replace("a@newsroom", "a@@newsroom"), e="")
    (tmp_path / "z.yml").write_bytes(b"id: \xff\n")
    problems = _problems(tmp_path)
    assert [problem.split(":")[:2] for problem in problems] == [
        ["a.yml", "2"], ["c.yml", "1"], ["d.yml", "3"], ["e.yml", "1"], ["z.yml", "1"],
    ]  # fmt: skip


def test_an_id_stands_once(tmp_path):
    """Two files with one id would send one of them nothing."""
    (problem,) = _problems(_write(tmp_path, a=SHORT, b=SHORT))
    assert problem == f"b.yml:1: id 'all' is also in {tmp_path / 'a.yml'}; choose another id"


@pytest.mark.parametrize("name", ["missing", "empty", "file"])
def test_a_folder_that_is_none_is_named(tmp_path, name):
    """A missing folder, an empty one and a file in its place: one line with the remedy."""
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").write_text("")
    with pytest.raises(SubscriptionsError, match=r"set BAYAN_SUBSCRIPTIONS|write one as") as caught:
        read_subscriptions(tmp_path / name)
    assert str(tmp_path / name) in str(caught.value)


def test_the_json_schema_is_the_models():
    """`schemas/subscription.schema.json` says what the reader holds."""
    kept = json.loads((PROJECT / "schemas" / "subscription.schema.json").read_text(encoding="utf-8"))
    assert kept == subscription_schema()


def test_the_projects_own_subscriptions_hold():
    """What `make run` sends by is read without a problem and is valid by the JSON Schema."""
    folder = PROJECT / "subscriptions"
    assert "everything" in {each.subscription_id for each in read_subscriptions(folder)}
    for path in folder.glob("*.yml"):
        jsonschema.validate(yaml.safe_load(path.read_text(encoding="utf-8")), subscription_schema())
