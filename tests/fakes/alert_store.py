"""The edges of alerting in memory: the outbox, a mail server that answers as told, and the log of runs."""

from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from datetime import datetime

from pipeline.adapters.templates import read_templates
from pipeline.alerts import Found, Renderer
from pipeline.records import Alert, Item, Refusal, Silence


@dataclass(frozen=True)
class FakeGroup:
    name_en: str
    names_ar: tuple[str, ...] = ()
    parent: str | None = None
    country: str | None = None


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
        "harbour-brigade": FakeGroup("Harbour Brigade", ("لواء الميناء",), country="IQ"),
        "dock-wing": FakeGroup("Dock Wing", ("جناح الأرصفة",), parent="harbour-brigade"),
        "night-facade": FakeGroup("Night Façade", ("أصحاب الليل",), parent="dock-wing"),
        "hill-front": FakeGroup("Hill Front", ("جبهة التل",), country="LB"),
    },
    speakers={"salem": FakeSpeaker(("Abu Salem",), ("أبو سالم",))},
)


def renderer(sender="Bayan <bayan@bayan.example>", **changes) -> Renderer:
    return Renderer(templates=read_templates(), registry=REGISTRY, sender=sender, **changes)


class FakeAlertStore:
    """Alerting's part of the warehouse over statements in memory; what is not in `found` any more has fallen."""

    def __init__(self, *found: Found) -> None:
        self.found = {item[0]: item for item in found}
        self.alerts: dict[str, Alert] = {}
        self.failed: dict[str, str] = {}
        self.problems: dict[str, str] = {}
        self.next_tries: dict[str, datetime | None] = {}
        self.results: dict[tuple[str, str], int] = {}
        self.rows: dict[tuple[str, str, int], Item] = {}
        self.told_by: dict[tuple[str, str, int], str] = {}
        self.quiet: dict[tuple[str, str, int], str] = {}
        self.in_force: list[Silence] = []
        self.filters: dict[str, str] = {}

    def unregistered(self, served):
        return tuple(
            each.subscription_id for each in served if self.filters.get(each.subscription_id) != each.filter_id
        )

    def register(self, served, *, now):
        return self.unregistered(served)

    def gone_through(self, subscription):
        self.filters[subscription.subscription_id] = subscription.filter_id

    def route_stored(self, match, *, now):
        self._add(self.found.values(), match, now)

    def route(self, match, *, served, now):
        self._add(self.found.values(), match, now)
        for own, statement_id in {key[:2] for key in self.rows if key[0] in served}:
            last = max(n for *key, n in self.rows if key == [own, statement_id])
            row, stands = self.rows[own, statement_id, last], statement_id in self.found
            if (row.kind in {"stated", "restored"}) == stands:
                continue
            if not self._is_out(self.told_by.get((own, statement_id, last))):
                self._take_back((own, statement_id, last))
            else:
                kind = "restored" if stands else "superseded"
                changes = {"sequence": last + 1, "kind": kind, "follows": self.told_by[own, statement_id, 0]}
                self.rows[own, statement_id, last + 1] = replace(row, **changes)
        return 0

    def _is_out(self, message_id):
        alert = self.alerts.get(message_id)
        accepted = any(key == message_id and code < 300 for (key, _), code in self.results.items())
        return alert is not None and (alert.sent_at or alert.claimed_at or accepted)

    def _take_back(self, key):
        del self.rows[key]
        message_id = self.told_by.pop(key, None)
        if message_id and message_id not in self.told_by.values():
            del self.alerts[message_id]

    def _add(self, found, match, now):
        for each in found:
            for own, thread in match(each):
                item = Item(
                    statement_id=each[0], thread=thread, matched_at=now, label=each[1].label, group=each[1].group
                )
                self.rows.setdefault((own, each[0], 0), item)

    def changes_waiting(self):
        return tuple(self.found.values())

    def known(self, subscription_id, statement_ids):
        return {it for it in statement_ids if (subscription_id, it, 0) in self.rows}

    def unalerted(self, subscription_id: str) -> tuple[Found, ...]:
        return tuple(item for key, item in self.found.items() if (subscription_id, key, 0) not in self.told_by)

    def silences(self, *, now=None):
        return tuple(self.in_force)

    def due(self, subscription_id):
        settled = self.told_by.keys() | self.quiet.keys()
        return tuple(item for key, item in self.rows.items() if key[0] == subscription_id and key not in settled)

    def recent(self, subscription_id, *, since):
        alerts = (a for a in self.alerts.values() if a.subscription_id == subscription_id and a.created_at >= since)
        return tuple((a.created_at, a.kind, self._thread(a)) for a in alerts)

    def _thread(self, alert):
        threads = {self.rows[key].thread for key, by in self.told_by.items() if by == alert.message_id}
        return threads.pop() if len(threads) == 1 else ""

    def thread(self, subscription_id, thread):
        return tuple(a.message_id for a in self.alerts.values() if self._thread(a) == thread)

    def references_of(self, message_id):
        return (*self.alerts[message_id].references, message_id)

    def queue(self, alert: Alert, *, follow_ups=(), thread="") -> None:
        if alert.message_id in self.alerts:
            return
        self.alerts[alert.message_id] = alert
        items = [(item.statement_id, item.sequence) for item in follow_ups] or [(it, 0) for it in alert.statement_ids]
        for statement_id, sequence in items:
            self.told_by.setdefault((alert.subscription_id, statement_id, sequence), alert.message_id)

    def keep_quiet(self, subscription_id, silenced):
        self.quiet |= {(subscription_id, item.statement_id, item.sequence): by for item, by in silenced}

    def sending(self):
        return nullcontext()

    def outbox(self, *, due_at=None) -> tuple[Alert, ...]:
        waiting = [a for a in self.alerts.values() if a.sent_at is None and a.message_id not in self.failed]
        rests = {key for key, at in self.next_tries.items() if due_at and at and at > due_at}
        return tuple(a for a in waiting if a.message_id not in rests)

    def outbox_size(self):
        return len(self.outbox())

    def still_waiting(self, message_ids):
        return {each.message_id for each in self.outbox()} & set(message_ids)

    def alerted(self, alert: Alert, *, at_most=None) -> tuple[Found, ...]:
        known = self.found | getattr(self, "fallen", {})
        return tuple(known[statement_id] for statement_id in alert.statement_ids if statement_id in known)

    def told(self, statement_ids):
        return tuple(self.found[it] for it in statement_ids)

    def follow_ups(self, message_id):
        return {key[1]: self.rows[key].kind for key, by in self.told_by.items() if by == message_id}

    def provenance(self, statement_ids):
        return {}

    def tally_of_groups(self, message_id):
        keys = [(item[1].label, item[1].group) for item in self.alerted(self.alerts[message_id])]
        return {key: keys.count(key) for key in keys}

    def tally_between(self, subscription_id, start, end):
        rows = [row for key, row in self.rows.items() if key[0] == subscription_id and start <= row.matched_at < end]
        return {row.label: sum(1 for each in rows if each.label == row.label) for row in rows}

    def latest(self, subscription_id):
        return tuple(
            (self.found[key[1]], row.matched_at) for key, row in self.rows.items() if key[0] == subscription_id
        )

    def claim(self, message_id, *, now):
        self._replace(message_id, claimed_at=now)

    def settle(self, message_id, settled, *, now):
        self.results |= {(message_id, address): 250 for address in settled.accepted}
        self.results |= {(message_id, each.address): each.code for each in settled.refusals}
        if settled.left:
            tries = self.alerts[message_id].tries + 1
            self._replace(message_id, recipients=settled.left, tries=tries, claimed_at=None)
            self.problems[message_id] = settled.problem
            self.next_tries[message_id] = settled.next_try_at
        else:
            self._replace(message_id, sent_at=now, claimed_at=None)

    def mark_failed(self, message_id, failed, *, now):
        claimed_at = self.alerts[message_id].claimed_at if failed.name == "line-lost" else None
        self._replace(message_id, tries=self.alerts[message_id].tries + 1, claimed_at=claimed_at)
        self.results |= {(message_id, each.address): each.code for each in failed.refusals}
        self.problems[message_id] = failed.problem
        self.next_tries[message_id] = failed.next_try_at
        if failed.final:
            self.failed[message_id] = failed.problem

    def _replace(self, message_id, **changes):
        self.alerts[message_id] = replace(self.alerts[message_id], **changes)


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
