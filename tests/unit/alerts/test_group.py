"""What makes one mail."""

from pipeline.alerts.group import alert_for
from pipeline.records import Subscription
from tests.fakes.press import NOON, article, statement

DESK = Subscription(subscription_id="desk", name="Desk", recipients=("a@newsroom.example", "b@newsroom.example"))
FOUND = [(key, statement(article()), article()) for key in ("s2", "s1", "s3")]


def _alert(found, subscription=DESK):
    return alert_for(subscription, found, domain="bayan.example", now=NOON)


def test_a_burst_is_one_alert():
    """Whatever is new for a subscription goes into one alert, ids sorted, to its recipients."""
    alert = _alert(FOUND)
    assert (("s1", "s2", "s3"), DESK.recipients, NOON, None) == (
        alert.statement_ids,
        alert.recipients,
        alert.created_at,
        alert.sent_at,
    )


def test_nothing_new_is_no_alert():
    """No statements, no mail."""
    assert _alert([]) is None


def test_the_message_id_depends_on_subscription_and_statements_alone():
    """The same statements in another order give the same Message-ID; others, or another subscription, do not."""
    other = Subscription(subscription_id="other", name="Desk", recipients=DESK.recipients)
    same, fewer, elsewhere = _alert(FOUND[::-1]), _alert(FOUND[:2]), _alert(FOUND, other)
    message_id = _alert(FOUND).message_id
    assert message_id == same.message_id
    assert len({message_id, fewer.message_id, elsewhere.message_id}) == 3
    assert message_id.startswith("<")
    assert message_id.endswith("@bayan.example>")
