"""What makes one mail."""

from pipeline.alerts.group import alert_for, notice_for
from pipeline.alerts.plan import Planned
from pipeline.records import Item, Subscription
from tests.fakes.press import NOON

DESK = Subscription(subscription_id="desk", name="Desk", recipients=("a@newsroom.example", "b@newsroom.example"))


def _items(*keys, **fields):
    return tuple(Item(statement_id=key, matched_at=NOON, label="threat", group=None, **fields) for key in keys)


def _alert(items, subscription=DESK, kind="alert"):
    return alert_for(subscription, Planned(kind=kind, items=items), domain="bayan.example", now=NOON)


def test_what_is_planned_together_is_one_alert():
    """Ids sorted, to the subscription's recipients and its webhook."""
    hooked = Subscription(
        subscription_id="desk", name="Desk", recipients=("a@n.example",), webhook="https://h.example/"
    )
    alert = _alert(_items("s2", "s1", "s3"), hooked)
    assert (("s1", "s2", "s3"), ("a@n.example", "https://h.example/"), NOON, None) == (
        alert.statement_ids,
        alert.recipients,
        alert.created_at,
        alert.sent_at,
    )


def test_the_message_id_depends_on_subscription_and_statements_alone():
    """The same statements in another order give the same Message-ID; others, or another subscription, do not."""
    other = Subscription(subscription_id="other", name="Desk", recipients=DESK.recipients)
    message_id = _alert(_items("s2", "s1", "s3")).message_id
    assert message_id == _alert(_items("s3", "s1", "s2")).message_id
    assert (
        len({message_id, _alert(_items("s1", "s2")).message_id, _alert(_items("s1", "s2", "s3"), other).message_id})
        == 3
    )
    assert message_id.startswith("<")
    assert message_id.endswith("@bayan.example>")


def test_each_follow_up_has_a_message_id_of_its_own():
    """A statement, its correction and the next correction are three mails."""
    first = _alert(_items("s1")).message_id
    follow_ups = [
        _alert(_items("s1", sequence=n, kind=kind), kind="correction").message_id
        for n, kind in ((1, "superseded"), (2, "restored"), (3, "superseded"))
    ]
    assert len({first, *follow_ups}) == 4


def test_a_notice_has_one_message_id_an_hour():
    """Made again within the hour it is the same mail, so that one notice is sent."""
    times = [NOON.replace(hour=hour, minute=minute) for hour, minute in ((9, 1), (9, 59), (10, 0))]
    at = [notice_for(DESK, domain="bayan.example", now=time) for time in times]
    assert (at[0].message_id == at[1].message_id, at[1].message_id == at[2].message_id) == (True, False)
