"""One mail to the operators about sources that went silent or were disabled since they were last told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from email.message import EmailMessage
from typing import Protocol

from pipeline.errors import MailError
from pipeline.jobs.ports import Mailer
from pipeline.records import SourceHealth
from pipeline.records.identity import content_id


class Troubled(Protocol):
    """A source that is silent or disabled."""

    @property
    def name(self) -> str: ...
    @property
    def url(self) -> str: ...
    @property
    def health(self) -> SourceHealth: ...


class HealthStore(Protocol):
    """What this job needs of the warehouse."""

    def untold_health(self) -> Sequence[Troubled]: ...
    def mark_told(self, source_ids: Sequence[str], *, now: datetime) -> None: ...


def tell_operators(
    store: HealthStore, mailer: Mailer, *, sender: str, operators: Sequence[str], now: datetime
) -> str | None:
    """Send the mail if there is anything to tell; a line that says why it could not be sent, or None.

    What could not be told is told by the next run.
    """
    troubled = store.untold_health() if operators else ()
    if not troubled:
        return None
    try:
        mailer.send(_mail(troubled, sender, operators))
    except MailError as error:
        return f"operators: not told of {len(troubled)} sources: {error}"
    store.mark_told([one.health.source_id for one in troubled], now=now)
    return None


def _mail(troubled: Sequence[Troubled], sender: str, operators: Sequence[str]) -> EmailMessage:
    states = [f"{one.health.source_id} {one.health.state} {one.health.state_since.isoformat()}" for one in troubled]
    count = len(troubled)
    mail = EmailMessage()
    mail["From"], mail["To"] = sender, ", ".join(operators)
    mail["Subject"] = f"Bayan: {count} source{'s' * (count > 1)} silent or disabled"
    mail["Message-ID"] = f"<operators.{content_id(*states)}@bayan>"
    lines = [
        f"{one.health.source_id} ({' '.join(one.name.split())}) is {one.health.state} since "
        f"{one.health.state_since:%Y-%m-%d %H:%M} UTC\n  {one.url}\n  "
        + (one.health.problem or f"nothing new since {one.health.newest_at or 'it is known'}")
        for one in troubled
    ]
    mail.set_content("\n\n".join(lines) + "\n\nTry one: bayan sources check ID\nSee all: bayan sources health\n")
    return mail
