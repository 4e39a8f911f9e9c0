"""The mail to those who run the house: what needs them, why, and what to do. Plain text; nothing of an article."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime

from pipeline.alerts.untrusted import header_text, one_line
from pipeline.records.identity import content_id
from pipeline.records.notice import Notice

LONGEST_LINE = 500


def notices_mail(
    notices: Sequence[Notice], *, sender: str, recipients: Sequence[str], repeat_hours: int, now: datetime
) -> EmailMessage:
    """One mail about all of them."""
    mail = EmailMessage()
    first, more = notices[0], len(notices) - 1
    mail["From"] = sender
    mail["To"] = ", ".join(recipients)
    mail["Date"] = format_datetime(now)
    mail["Subject"] = f"Bayan needs you: {header_text(first.title)}" + (f" and {more} more" if more else "")
    mail["Message-ID"] = f"<{content_id(now.isoformat(), *(each.key for each in notices))}@operators.bayan>"
    mail["Auto-Submitted"] = "auto-generated"
    foot = f"Each of these is told at most every {repeat_hours} hours for as long as it lasts."
    mail.set_content("\n\n".join([*(_told(each) for each in notices), foot]) + "\n", cte="quoted-printable")
    return mail


def _told(notice: Notice) -> str:
    lines = [_line(notice.title), f"  reason: {_line(notice.reason)}", f"  remedy: {_line(notice.remedy)}"]
    return "\n".join(lines + ([f"  look at: {notice.link}"] if notice.link else []))


def _line(text: str) -> str:
    return one_line(text, at_most=LONGEST_LINE)
