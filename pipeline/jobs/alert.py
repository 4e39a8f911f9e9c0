"""Alerting: what is new for a subscription goes into the outbox, and what is in the outbox goes out.

SMTP cannot be exactly once. An alert stands in the outbox before it is sent, and its statements are never put into
another alert of the subscription; a run that dies between the server's answer and `mark_sent` sends that one mail
again, with the same Message-ID. A subscription that is new gets one mail about everything stored that it asks for;
one that is widened gets what it now asks for and was never told.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from itertools import chain

from pipeline.alerts import Found, Registry, Renderer, alert_for, asked_for, unknown_groups
from pipeline.errors import BayanError, MailError, MailServerError
from pipeline.jobs.ports import AlertStore, Mailer, RunStore
from pipeline.records import Alert, Refusal, Subscription


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertPorts:
    """What alerting reaches the world through; the renderer is pure and comes along."""

    store: AlertStore
    mailer: Mailer
    renderer: Renderer
    runs: RunStore


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertReport:
    """What alerting did.

    Attributes:
        mails: handed over, to at least one recipient each.
        statements: told in them.
        waiting: mails that stay in the outbox for the next run.
        failed: mails refused for good; they stay in the warehouse with their problem.
        problems: one line each.
    """

    mails: int
    statements: int
    waiting: int
    failed: int
    problems: tuple[str, ...]

    @property
    def counts(self) -> dict[str, int]:
        """The figures for the log of runs."""
        return {"mails": self.mails, "statements": self.statements, "waiting": self.waiting, "failed": self.failed}


def alert(*, ports: AlertPorts, subscriptions: Sequence[Subscription], run_id: str, now: datetime) -> AlertReport:
    """Queue what is new for each subscription, then send the outbox; one mail a subscription, however much is new."""
    delivery = _Delivery(ports, {each.subscription_id: each.name for each in subscriptions}, run_id, now)
    with delivery.logged("alert"):
        delivery.problems += unknown_groups(subscriptions, ports.renderer.registry.groups)
        for new, _ in _new(ports.store, ports.renderer, subscriptions, now):
            ports.store.queue(new)
        delivery.send_all()
    return delivery.report()


def send_outbox(*, ports: AlertPorts, subscriptions: Sequence[Subscription], run_id: str, now: datetime) -> AlertReport:
    """Send what waits in the outbox and queue nothing; `subscriptions` give the names for the subjects."""
    delivery = _Delivery(ports, {each.subscription_id: each.name for each in subscriptions}, run_id, now)
    with delivery.logged("alerts send"):
        delivery.send_all()
    return delivery.report()


def preview(
    *, store: AlertStore, renderer: Renderer, subscriptions: Sequence[Subscription], now: datetime
) -> Iterator[EmailMessage]:
    """The mails that `alert` would send now to these subscriptions, those of the outbox first; changes nothing."""
    names = {each.subscription_id: each.name for each in subscriptions}
    waiting = ((alert, store.alerted(alert)) for alert in store.outbox() if alert.subscription_id in names)
    for each, found in chain(waiting, _new(store, renderer, subscriptions, now)):
        yield renderer.message(each, found, name=names[each.subscription_id], run_id="preview", now=now)


def untold(*, store: AlertStore, registry: Registry, subscriptions: Sequence[Subscription]) -> int:
    """How many statements `alert` would tell now, those that wait in the outbox included."""
    waiting = sum(len(alert.statement_ids) for alert in store.outbox())
    return waiting + sum(
        1 for each in subscriptions for _ in asked_for(each, store.unalerted(each.subscription_id), registry.groups)
    )


def _new(
    store: AlertStore, renderer: Renderer, subscriptions: Sequence[Subscription], now: datetime
) -> Iterator[tuple[Alert, Sequence[Found]]]:
    for subscription in subscriptions:
        untold = store.unalerted(subscription.subscription_id)
        found = tuple(asked_for(subscription, untold, renderer.registry.groups))
        if new := alert_for(subscription, found, domain=renderer.domain, now=now):
            yield new, found


@dataclass(slots=True)
class _Delivery:
    """One way through the outbox, and what came of it."""

    ports: AlertPorts
    names: Mapping[str, str]
    run_id: str
    now: datetime
    mails: int = 0
    statements: int = 0
    waiting: int = 0
    failed: int = 0
    problems: list[str] = field(default_factory=list)

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
        return AlertReport(
            mails=self.mails,
            statements=self.statements,
            waiting=self.waiting,
            failed=self.failed,
            problems=tuple(self.problems),
        )

    def send_all(self) -> None:
        with self.ports.store.sending():
            self._send_outbox()

    def _send_outbox(self) -> None:
        outbox = self.ports.store.outbox()
        for index, waiting in enumerate(outbox):
            try:
                self._send(waiting)
            except MailServerError as error:
                left = len(outbox) - index
                self.waiting += left
                self.problems.append(f"{error}; {left} mail(s) wait in the outbox for the next run")
                self.ports.store.mark_failed(waiting.message_id, problem=str(error), final=False)
                return
            except MailError as error:
                self._fail(waiting, str(error), final=not error.retryable)

    def _send(self, alert: Alert) -> None:
        found = self.ports.store.alerted(alert)
        if not found:
            self._fail(alert, "none of its statements stands any longer; nothing was sent", final=True)
            return
        name = self.names.get(alert.subscription_id, alert.subscription_id)
        message = self.ports.renderer.message(alert, found, name=name, run_id=self.run_id, now=self.now)
        refusals = self.ports.mailer.send(message)
        self.mails += 1
        self.statements += len(found)
        self._note(alert, refusals)

    def _note(self, alert: Alert, refusals: Sequence[Refusal]) -> None:
        """The mail is out to somebody: note to whom not yet, and say to whom never."""
        problem = "; ".join(f"{each.address} refused ({each.code} {each.reply})" for each in refusals)
        later = [each.address for each in refusals if each.code < 500]
        if later:
            self.ports.store.keep_for(alert.message_id, recipients=later, problem=problem)
            self.waiting += 1
        else:
            self.ports.store.mark_sent(alert.message_id, now=self.now)
        for each in refusals:
            remedy = "it is tried again with the next run" if each.code < 500 else "correct or remove the address"
            told = f"{each.address} was refused ({each.code} {each.reply}), the others have the mail"
            self.problems.append(f"subscription {alert.subscription_id}: {told}; {remedy}")

    def _fail(self, alert: Alert, problem: str, *, final: bool) -> None:
        self.ports.store.mark_failed(alert.message_id, problem=problem, final=final)
        self.problems.append(f"subscription {alert.subscription_id}: {problem}")
        self.failed += final
        self.waiting += not final

    def _finish(self, *, failed: bool) -> None:
        report = self.report()
        self.ports.runs.finish_run(
            self.run_id, counts=report.counts, problems=report.problems, failed=failed, now=self.now
        )
