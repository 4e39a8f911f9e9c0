"""Who is told what: which statements a subscription asks for, what makes one mail, and how the mail reads.

Here belong choice, grouping and wording, all pure: statements and articles in, `Alert` and `EmailMessage` out, the time
and the templates' text as parameters. Sending, the outbox and the reading of subscription files stay outside.
"""

from pipeline.alerts.group import alert_for
from pipeline.alerts.registry import Found, Group, Registry, Speaker
from pipeline.alerts.render import Renderer
from pipeline.alerts.select import asked_for, unknown_groups

__all__ = ["Found", "Group", "Registry", "Renderer", "Speaker", "alert_for", "asked_for", "unknown_groups"]
