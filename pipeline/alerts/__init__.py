"""Who is told what: which statements a subscription asks for, what makes one mail and when, and how the mail reads.

Here belong choice, grouping, schedules and wording, all pure: statements and articles in, `Alert` and `EmailMessage`
out, the time and the templates' text as parameters. Sending, the outbox and the reading of subscription files stay
outside.
"""

from pipeline.alerts.group import alert_for
from pipeline.alerts.plan import Plan, Planned, Recent, Surroundings, plan, thread_of
from pipeline.alerts.registry import Found, Group, Registry, Speaker
from pipeline.alerts.render import Renderer
from pipeline.alerts.select import Seen, Wish, asked_for, unknown_groups
from pipeline.alerts.telling import SHOWN, Links, Telling, shown

__all__ = [
    "SHOWN",
    "Found",
    "Group",
    "Links",
    "Plan",
    "Planned",
    "Recent",
    "Registry",
    "Renderer",
    "Seen",
    "Speaker",
    "Surroundings",
    "Telling",
    "Wish",
    "alert_for",
    "asked_for",
    "plan",
    "shown",
    "thread_of",
    "unknown_groups",
]
