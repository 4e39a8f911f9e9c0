"""The edges of alerting in memory: the outbox, a mail server that answers as told, and the log of runs."""

from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from datetime import datetime

from pipeline.adapters.templates import read_templates
from pipeline.alerts import Found, Renderer
from pipeline.records import Alert, Refusal


@dataclass(frozen=True)
class FakeGroup:
    name_en: str
    names_ar: tuple[str, ...] = ()
    parent: str | None = None


@dataclass(frozen=True)
class FakeSpeaker:
    names_en: tuple[str, ...] = ()
    names_ar: tuple[str, ...] = ()


@dataclass(frozen=True)
class FakeRegistry:
    groups: Mapping[str, FakeGroup]
    speakers: Mapping[str, FakeSpeaker] = field(default_factory=dict)


REGISTRY = FakeRegistry(
    groups={
        "harbour-brigade": FakeGroup("Harbour Brigade", ("لواء الميناء",)),
        "dock-wing": FakeGroup("Dock Wing", ("جناح الأرصفة",), parent="harbour-brigade"),
        "night-facade": FakeGroup("Night Façade", ("أصحاب الليل",), parent="dock-wing"),
        "hill-front": FakeGroup("Hill Front", ("جبهة التل",)),
    },
    speakers={"salem": FakeSpeaker(("Abu Salem",), ("أبو سالم",))},
)


def renderer(sender="Bayan <bayan@bayan.example>") -> Renderer:
    return Renderer(templates=read_templates(), registry=REGISTRY, sender=sender)


class FakeAlertStore:
    """An outbox over a fixed set of statements."""

    def __init__(self, *found: Found) -> None:
        self.found = {item[0]: item for item in found}
        self.alerts: dict[str, Alert] = {}
        self.failed: dict[str, str] = {}
        self.problems: dict[str, str] = {}

    def unalerted(self, subscription_id: str) -> tuple[Found, ...]:
        told = {
            statement_id
            for alert in self.alerts.values()
            if alert.subscription_id == subscription_id
            for statement_id in alert.statement_ids
        }
        return tuple(item for statement_id, item in self.found.items() if statement_id not in told)

    def queue(self, alert: Alert) -> None:
        self.alerts.setdefault(alert.message_id, alert)

    def sending(self):
        return nullcontext()

    def outbox(self) -> tuple[Alert, ...]:
        return tuple(a for a in self.alerts.values() if a.sent_at is None and a.message_id not in self.failed)

    def alerted(self, alert: Alert) -> tuple[Found, ...]:
        return tuple(self.found[statement_id] for statement_id in alert.statement_ids if statement_id in self.found)

    def mark_sent(self, message_id: str, *, now: datetime) -> None:
        self.alerts[message_id] = replace(self.alerts[message_id], sent_at=now)

    def keep_for(self, message_id: str, *, recipients, problem: str) -> None:
        self.alerts[message_id] = replace(self.alerts[message_id], recipients=tuple(recipients))
        self.problems[message_id] = problem

    def mark_failed(self, message_id: str, *, problem: str, final: bool) -> None:
        self.problems[message_id] = problem
        if final:
            self.failed[message_id] = problem


class FakeMailer:
    """Answers each mail with the next of `answers`: an error to raise or refusals to return; then accepts all."""

    def __init__(self, *answers: Exception | tuple[Refusal, ...]) -> None:
        self.sent = []
        self._answers = list(answers)

    def send(self, message) -> tuple[Refusal, ...]:
        answer = self._answers.pop(0) if self._answers else ()
        if isinstance(answer, Exception):
            raise answer
        self.sent.append(message)
        return answer


class FakeRuns:
    """Remembers how each run ended."""

    def __init__(self) -> None:
        self.open: list[tuple[str, str]] = []
        self.ended: list[tuple[str, dict[str, int], tuple[str, ...], bool]] = []

    def start_run(self, run_id, *, job, now) -> None:
        self.open.append((run_id, job))

    def finish_run(self, run_id, *, counts, problems, failed, now) -> None:
        self.ended.append((run_id, dict(counts), tuple(problems), failed))
