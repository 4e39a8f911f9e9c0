"""The way of the outbox to its recipients: claim, hand over, note what the server said.

SMTP cannot be exactly once: a mail that the server took just before the line died is sent again, with the same
Message-ID. A mail is claimed before the first word to the server, so that it is known which may come twice.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from pipeline.alerts import SHOWN, Renderer, Telling
from pipeline.alerts.schedule import period_before
from pipeline.errors import BayanError, MailError, MailServerError
from pipeline.jobs.ports import AlertStore, Feeds, Mailer, RunStore, Webhooks
from pipeline.records import Alert, Failed, Label, Refusal, Settled, Subscription

GIVE_UP_AFTER = timedelta(days=5)
"""As mail servers do: a mail that is put off for so long is told as failed."""

_LONGEST_REST = 60
"""Minutes between two tries."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertPorts:
    """What alerting reaches the world through; the renderer is pure and comes along.

    Attributes:
        webhooks, feeds: None where no subscription may have any.
    """

    store: AlertStore
    mailer: Mailer
    renderer: Renderer
    runs: RunStore
    webhooks: Webhooks | None = None
    feeds: Feeds | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertReport:
    """What alerting did.

    Attributes:
        mails: handed over, to at least one recipient each.
        statements: told in them.
        waiting: mails that stay in the outbox for the next run.
        failed: mails refused for good; they stay in the warehouse with their problem.
        problems: one line each.
        more: figures that are told only where they are not nought: `corrections` among the mails; mails sent
            `again` of which an earlier sender may have handed over a copy; statements that `rest` for a digest, quiet
            hours, the repeat interval or the cap; statements kept `quiet` by a silence.
    """

    mails: int
    statements: int
    waiting: int
    failed: int
    problems: tuple[str, ...]
    more: Mapping[str, int] = field(default_factory=dict)

    @property
    def counts(self) -> dict[str, int]:
        """The figures for the log of runs."""
        counts = {"mails": self.mails, "statements": self.statements, "waiting": self.waiting, "failed": self.failed}
        return counts | {name: count for name, count in self.more.items() if count}


@dataclass(slots=True)
class Delivery:
    """One way through the outbox, and what came of it."""

    ports: AlertPorts
    subscriptions: Mapping[str, Subscription]
    run_id: str
    now: datetime
    mails: int = 0
    statements: int = 0
    waiting: int = 0
    failed: int = 0
    problems: list[str] = field(default_factory=list)
    more: dict[str, int] = field(default_factory=dict)

    @contextmanager
    def logged(self, job: str) -> Iterator[None]:
        """Keep the run in the log of runs, as failed too when it breaks off."""
        self.ports.runs.start_run(self.run_id, job=job, now=self.now)
        try:
            yield
        except BayanError as error:
            self.problems.append(str(error))
            self._finish(failed=True)
            raise
        self._finish(failed=bool(self.waiting or self.failed))

    def report(self) -> AlertReport:
        """What came of it."""
        return AlertReport(
            mails=self.mails,
            statements=self.statements,
            waiting=self.waiting,
            failed=self.failed,
            problems=tuple(self.problems),
            more=dict(self.more),
        )

    def send_outbox(self) -> None:
        """Send what waits and whose time has come."""
        outbox = self.ports.store.outbox(due_at=self.now)
        self.waiting += self.ports.store.outbox_size() - len(outbox)
        for index, waiting in enumerate(outbox):
            # Nobody is to read that a statement fell before he reads that it was made.
            if waiting.kind == "correction" and self.ports.store.still_waiting(waiting.references):
                self.waiting += 1
                continue
            try:
                self._send(waiting)
            except MailServerError as error:
                left = len(outbox) - index
                self.waiting += left
                self.problems.append(f"{error}; {left} mail(s) wait in the outbox for the next run")
                away = Failed(name="server-away", problem=str(error), final=False)
                self.ports.store.mark_failed(waiting.message_id, away, now=self.now)
                return
            except MailError as error:
                self._fail(waiting, _failed(waiting, error))

    def _send(self, alert: Alert) -> None:
        telling = telling_of(self.ports.store, alert, self.subscriptions.get(alert.subscription_id))
        if not telling.found and alert.kind != "notice":
            problem = "none of its statements stands any longer; nothing was sent"
            self._fail(alert, Failed(name="withdrawn", problem=problem, final=True))
            return
        self.ports.store.claim(alert.message_id, now=self.now)
        self._count("again", alert.claimed_at is not None)
        posted = self._post(alert, telling)
        mailed = tuple(address for address in alert.recipients if not is_webhook(address))
        refusals = [each for each in posted.values() if each]
        if mailed:
            try:
                refusals += self._mail(replace(alert, recipients=mailed), telling)
            except MailError as error:
                self._note_posts(alert, posted, str(error), mailed)
                raise
        self.mails += 1
        self.statements += sum(telling.tally.values()) or len(telling.found)
        self._count("corrections", alert.kind == "correction")
        self._note(alert, refusals)

    def _mail(self, alert: Alert, telling: Telling) -> Sequence[Refusal]:
        message = self.ports.renderer.message(alert, telling, name=self._name(alert), run_id=self.run_id, now=self.now)
        return self.ports.mailer.send(message)

    def _post(self, alert: Alert, telling: Telling) -> dict[str, Refusal | None]:
        """By webhook of the alert: None, or why it was not taken."""
        results: dict[str, Refusal | None] = {}
        for url in filter(is_webhook, alert.recipients):
            try:
                self._hand_over(url, alert, telling)
                results[url] = None
            except MailError as error:
                results[url] = Refusal(address=url, code=451 if error.retryable else 554, reply=str(error))
        return results

    def _hand_over(self, url: str, alert: Alert, telling: Telling) -> None:
        if self.ports.webhooks is None:
            raise MailError("webhook: there is no key to sign with; set BAYAN_WEBHOOK_KEY")
        payload = self.ports.renderer.payload(alert, telling, name=self._name(alert))
        self.ports.webhooks.post(url, payload, subscription_id=alert.subscription_id, now=self.now)

    def _note_posts(
        self, alert: Alert, posted: Mapping[str, Refusal | None], problem: str, mailed: Sequence[str]
    ) -> None:
        """A webhook that took the alert does not get it again because the mail failed."""
        if accepted := [url for url, refusal in posted.items() if refusal is None]:
            later = [url for url, refusal in posted.items() if refusal and refusal.code < 500]
            settled = Settled(accepted=tuple(accepted), left=(*mailed, *later), problem=problem)
            self.ports.store.settle(alert.message_id, settled, now=self.now)

    def _note(self, alert: Alert, refusals: Sequence[Refusal]) -> None:
        """The mail is out to somebody: note to whom not yet, and say to whom never."""
        refused = {each.address for each in refusals}
        later = tuple(each.address for each in refusals if each.code < 500)
        settled = Settled(
            accepted=tuple(address for address in alert.recipients if address not in refused),
            refusals=tuple(refusals),
            left=later,
            problem="; ".join(f"{each.address} refused ({each.code} {each.reply})" for each in refusals),
            next_try_at=self._next_try(alert) if later else None,
        )
        self.ports.store.settle(alert.message_id, settled, now=self.now)
        self.waiting += bool(later)
        for each in refusals:
            remedy = "it is tried again with the next run" if each.code < 500 else "correct or remove the address"
            told = f"{each.address} was refused ({each.code} {each.reply}), the others have the mail"
            self.problems.append(f"subscription {alert.subscription_id}: {told}; {remedy}")

    def _fail(self, alert: Alert, failed: Failed) -> None:
        if not failed.final and self.now - alert.created_at >= GIVE_UP_AFTER:
            problem = f"{failed.problem}; given up after {GIVE_UP_AFTER.days} days"
            failed = replace(failed, name="put-off-too-long", problem=problem, final=True)
        if not failed.final:
            failed = replace(failed, next_try_at=self._next_try(alert))
        self.ports.store.mark_failed(alert.message_id, failed, now=self.now)
        self.problems.append(f"subscription {alert.subscription_id}: {failed.problem}")
        self.failed += failed.final
        self.waiting += not failed.final

    def _next_try(self, alert: Alert) -> datetime | None:
        """After the first failure the next run, then a rest that doubles from a minute to an hour."""
        if not alert.tries:
            return None
        return self.now + timedelta(minutes=min(2 ** min(alert.tries - 1, 10), _LONGEST_REST))

    def _name(self, alert: Alert) -> str:
        known = self.subscriptions.get(alert.subscription_id)
        return known.name if known else alert.subscription_id

    def _count(self, name: str, so: bool) -> None:  # noqa: FBT001 - a condition that is counted
        self.more[name] = self.more.get(name, 0) + so

    def _finish(self, *, failed: bool) -> None:
        report = self.report()
        self.ports.runs.finish_run(
            self.run_id, counts=report.counts, problems=report.problems, failed=failed, now=self.now
        )


def telling_of(store: AlertStore, alert: Alert, subscription: Subscription | None) -> Telling:
    """What an alert of the outbox tells."""
    if alert.kind == "notice":
        return Telling(found=(), waiting=len(store.due(alert.subscription_id)))
    found = store.alerted(alert, at_most=SHOWN)
    before = None
    if alert.kind == "digest" and alert.period and subscription and subscription.schedule.pace != "immediate":
        before = store.tally_between(alert.subscription_id, *period_before(subscription.schedule, alert.period))
    groups = store.tally_of_groups(alert.message_id)
    tally: Counter[Label] = Counter()
    for (label, _), count in groups.items():
        tally[label] += count
    return Telling(
        found=found,
        tally=tally,
        groups=groups if len(found) == SHOWN else {},
        provenance=store.provenance([statement_id for statement_id, _, _ in found]),
        follow_ups=store.follow_ups(alert.message_id) if alert.kind == "correction" else {},
        before=before,
    )


def _failed(alert: Alert, error: MailError) -> Failed:
    """The failure of a mail that nobody has; a refusal of the mail itself is one of each recipient."""
    refused = error.refusals
    if error.code and not refused:
        refused = tuple((each, error.code, str(error)) for each in alert.recipients if not is_webhook(each))
    return Failed(
        name=f"smtp-{error.code}" if error.code else "line-lost",
        problem=str(error),
        final=not error.retryable,
        refusals=tuple(Refusal(address=address, code=code, reply=reply) for address, code, reply in refused),
    )


def is_webhook(address: str) -> bool:
    """Whether a recipient is a webhook: no mail address begins like that and holds a colon."""
    return address.startswith(("https://", "http://"))
