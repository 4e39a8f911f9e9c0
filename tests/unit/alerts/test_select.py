"""Which statements a subscription asks for."""

import pytest

from pipeline.alerts.select import asked_for, unknown_groups
from pipeline.records import Subscription
from tests.fakes.alert_store import REGISTRY, FakeGroup
from tests.fakes.press import article, statement


def _wish(**fields):
    return Subscription(subscription_id="desk", name="Desk", recipients=("a@newsroom.example",), **fields)


def _found(*, group="harbour-brigade", label="threat", language="en", confidence=0.9):
    of = article(language=language)
    return ("id", statement(of, group=group, label=label, confidence=confidence), of)


def _asks(wish, found, groups=REGISTRY.groups):
    return list(asked_for(wish, [found], groups)) == [found]


def test_an_empty_wish_asks_for_all():
    """A subscription without filters takes statements of every kind, of unnamed groups too."""
    items = [_found(), _found(group=None, label="truce", language="ar", confidence=0.0)]
    assert list(asked_for(_wish(), items, REGISTRY.groups)) == items


@pytest.mark.parametrize(
    ("wish", "found", "expected"),
    [
        ({"labels": ("threat",)}, {"label": "threat"}, True),
        ({"labels": ("truce", "admission")}, {"label": "threat"}, False),
        ({"languages": ("en",)}, {"language": "en"}, True),
        ({"languages": ("ar",)}, {"language": "en"}, False),
        ({"languages": ("ar",)}, {"language": None}, False),
        ({"minimum_confidence": 0.9}, {"confidence": 0.9}, True),
        ({"minimum_confidence": 0.9}, {"confidence": 0.89}, False),
        ({"labels": ("threat",), "languages": ("ar",)}, {"label": "threat", "language": "en"}, False),
    ],
)
def test_every_filter_must_hold(wish, found, expected):
    """Labels, languages and confidence are each a condition; values inside one are alternatives."""
    assert _asks(_wish(**wish), _found(**found)) == expected


@pytest.mark.parametrize(
    ("group", "expected"),
    [
        ("harbour-brigade", True),
        ("dock-wing", True),
        ("night-facade", True),
        ("hill-front", False),
        ("not-in-registry", False),
        (None, False),
    ],
)
def test_a_group_includes_what_stands_under_it(group, expected):
    """Asking for a group takes its wings and the façades under them, and no unnamed speaker."""
    assert _asks(_wish(groups=("harbour-brigade",)), _found(group=group)) == expected


def test_a_wing_does_not_include_its_parent():
    """Asking for a wing leaves the group above it out."""
    assert not _asks(_wish(groups=("dock-wing",)), _found(group="harbour-brigade"))


def test_a_circle_of_parents_ends():
    """Two groups that name each other as parent are walked once."""
    groups = {"a": FakeGroup("A", parent="b"), "b": FakeGroup("B", parent="a")}
    assert _asks(_wish(groups=("b",)), _found(group="a"), groups)
    assert not _asks(_wish(groups=("c",)), _found(group="a"), groups)


def test_an_unknown_group_is_named():
    """A wish that can never match is told with the subscription and the id."""
    told = list(unknown_groups([_wish(groups=("harbour-brigade", "harbor-brigade"))], REGISTRY.groups))
    assert told == [
        "subscription desk: the registry has no group 'harbor-brigade', nothing can match it; "
        "correct the id or remove it"
    ]
