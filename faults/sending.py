"""SIGKILL at random moments of a sender whose mail server puts off, refuses and drops the line: nothing lost.

SMTP cannot be exactly once. A mail may come twice where the server has taken it and the line died before its answer
was noted: because the server dropped it, or because the sender was killed with the answer in hand. Both are counted,
and every other second copy is a loss, as is a second Message-ID for the same statement.
"""

from __future__ import annotations

import multiprocessing
import random
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from faults.loading import postgresql
from faults.moody_server import MOODS, MoodyServer, serving
from pipeline.adapters.mail import SmtpMailer
from pipeline.adapters.templates import read_templates
from pipeline.adapters.warehouse import Warehouse, migrate
from pipeline.adapters.warehouse.alert_schema import alerts
from pipeline.alerts import Group, Renderer, Speaker
from pipeline.jobs.alert import AlertPorts, alert
from pipeline.records import AnalysedBatch, Article, Capture, CollectedPage, Source, Statement, Subscription
from pipeline.records.alert import Schedule

KILLS = 200

_NOW = datetime(2026, 3, 5, 12, tzinfo=UTC)
_STEP = timedelta(minutes=1)
_FALLING = 0.3
"""Share of the runs before which statements fall."""

_LONGEST_REST = timedelta(hours=1)
"""Between two tries: so much time passes before each of the last runs, which nothing disturbs."""

DESKS = tuple(
    Subscription(
        subscription_id=f"desk-{number}",
        name=f"Desk {number}",
        recipients=(f"day-{number}@desk.example", f"night-{number}@desk.example"),
        schedule=Schedule(grouping="group" if number % 2 else "all", mails_per_hour=1000),
    )
    for number in range(4)
)
HALF_GONE = Subscription(
    subscription_id="half-gone",
    name="Half gone",
    recipients=("day@desk.example", "gone@desk.example"),
    schedule=Schedule(mails_per_hour=1000),
)
GONE = Subscription(
    subscription_id="gone",
    name="Gone",
    recipients=("gone-too@desk.example",),
    schedule=Schedule(mails_per_hour=1000),
)
"""Whose only address the server refuses for good: a failure with a name, and never a mail."""

SUBSCRIPTIONS = (*DESKS, HALF_GONE, GONE)


@dataclass(frozen=True, slots=True)
class _NoRegistry:
    groups: Mapping[str, Group] = field(default_factory=dict)
    speakers: Mapping[str, Speaker] = field(default_factory=dict)


def send(url: str, port: int, number: int, now: datetime) -> None:
    """One run of the job, in a process of its own."""
    mailer = SmtpMailer(host="127.0.0.1", port=port, user=None, password=None, tls=False)
    renderer = Renderer(templates=read_templates(), registry=_NoRegistry(), sender="Bayan <bayan@desk.example>")
    with closing(Warehouse(url)) as warehouse:
        ports = AlertPorts(store=warehouse, mailer=mailer, renderer=renderer, runs=warehouse)
        alert(ports=ports, subscriptions=SUBSCRIPTIONS, run_id=f"alert-{number}", now=now)


@dataclass(slots=True)
class Trial:
    """Runs that are killed, over one warehouse and one server.

    Attributes:
        now: of the run.
        killed: numbers of the runs that were.
        fallen: numbers of the runs whose statements new rules did not find again.
        waiting: behind each run, by Message-ID the recipients who are still to get it.
    """

    url: str
    server: MoodyServer
    port: int
    now: datetime = _NOW
    killed: set[int] = field(default_factory=set)
    fallen: set[int] = field(default_factory=set)
    waiting: list[Mapping[str, tuple[str, ...]]] = field(default_factory=list)

    def run(self, warehouse: Warehouse, *, within: float | None) -> float:
        """Load two statements, let two others fall now and then, let a sender run, kill it `within` so many seconds.

        Returns how long it ran.
        """
        number = self.server.run = len(self.waiting)
        self.now += _STEP
        _load(warehouse, number, now=self.now)
        if within is not None and self.server.draw.random() < _FALLING:
            falls = self.server.draw.choice([it for it in range(number) if it not in self.fallen])
            self.fallen.add(falls)
            _load(warehouse, falls, now=self.now, again=True)
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["faults.sending"])
        process = context.Process(target=send, args=(self.url, self.port, number, self.now))
        began = time.monotonic()
        process.start()
        process.join(within)
        if process.exitcode is None:
            process.kill()
            process.join()
        if process.exitcode:
            self.killed.add(number)
        self.waiting.append({each.message_id: each.recipients for each in warehouse.outbox()})
        return time.monotonic() - began

    def in_hand(self) -> Mapping[int, set[tuple[str, str]]]:
        """By run, what the server took and answered (Message-ID, recipient), and the warehouse does not know of."""
        found: dict[int, set[tuple[str, str]]] = defaultdict(set)
        for each in self.server.taken:
            if each.answered:
                waiting = self.waiting[each.run].get(each.message_id, ())
                found[each.run] |= {(each.message_id, it) for it in each.recipients if it in waiting}
        return found


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a trial.

    Attributes:
        losses: one line each.
        dropped, killed: second copies because the server dropped the line, because the sender was killed.
    """

    losses: list[str]
    mails: int
    dropped: int
    killed: int
    met: Mapping[str, int]


def trial(url: str, kills: int, *, seed: int) -> Outcome:
    """Kill so many senders, let one finish in peace, and tell what is not as it should be."""
    draw = random.Random(seed)
    migrate(url)
    server = MoodyServer(draw, calm=True)
    with closing(Warehouse(url)) as warehouse, serving(server) as port:
        it = Trial(url, server, port)
        # How long a run takes, the second time with the programs loaded.
        seconds = min(it.run(warehouse, within=None) for _ in range(2))
        server.calm = False
        while len(it.killed) < kills:
            it.run(warehouse, within=draw.uniform(0, seconds * 1.1))
        server.calm = True
        for _ in range(3):
            it.now += _LONGEST_REST
            it.run(warehouse, within=None)
        return _outcome(it, warehouse)


def _outcome(it: Trial, warehouse: Warehouse) -> Outcome:
    copies = Counter((each.message_id, address) for each in it.server.taken for address in each.recipients)
    dropped = Counter(
        (each.message_id, address) for each in it.server.taken if not each.answered for address in each.recipients
    )
    in_hand = it.in_hand()
    killed = Counter(each for found in in_hand.values() for each in found)
    losses = [*_undelivered(it), *_unfinished(warehouse)]
    losses += [f"{each} came {n} times" for each, n in copies.items() if n - 1 > dropped[each] + killed[each]]
    for run, found in in_hand.items():
        if found and (run not in it.killed or len({message_id for message_id, _ in found}) > 1):
            losses.append(f"run {run} sent mails that it did not note: {sorted(found)}")
    again = {each: n - 1 for each, n in copies.items() if n > 1}
    because_killed = sum(min(n, killed[each]) for each, n in again.items())
    return Outcome(losses, len(copies), sum(again.values()) - because_killed, because_killed, it.server.met)


def _undelivered(it: Trial) -> Iterator[str]:
    """Every statement has come to everyone who can be reached, under one Message-ID; then its correction, likewise."""
    ids: dict[tuple[str, int], list[tuple[str, bool]]] = defaultdict(list)
    for each in it.server.taken:
        for address in each.recipients:
            for number in each.told:
                told = each.message_id, each.correction
                if told not in ids[address, number]:
                    ids[address, number].append(told)
    reached = [address for each in SUBSCRIPTIONS for address in each.recipients if not address.startswith("gone")]
    for address in reached:
        for number in range(2 * len(it.waiting)):
            came = [correction for _, correction in ids[address, number]]
            # What falls before anybody heard of it is neither told nor corrected.
            right = ([False, True], []) if number // 2 in it.fallen else ([False],)
            if came not in right:
                yield f"statement {number} came to {address} in {len(came)} different mails, corrections: {came}"


def _unfinished(warehouse: Warehouse) -> Iterator[str]:
    """Nothing waits, and what was refused for good says so by name and by recipient."""
    if waiting := warehouse.outbox_size():
        yield f"{waiting} mails wait still"
    with warehouse.reading() as connection:
        made = connection.execute(select(alerts)).mappings().all()
    for row in made:
        refused = {address for address, said in warehouse.deliveries(row["message_id"]).items() if said[1] == 550}
        of = row["subscription_id"]
        if (row["failure"], row["given_up"]) != (("smtp-550", True) if of == "gone" else (None, False)):
            yield f"{row['message_id']} of {of}: {row['failure']}, {row['problem']}"
        if refused != {"gone": {"gone-too@desk.example"}, "half-gone": {"gone@desk.example"}}.get(of, set()):
            yield f"{row['message_id']} of {of}: refused for {sorted(refused)}"


def _load(warehouse: Warehouse, number: int, *, now: datetime, again: bool = False) -> None:
    """Two statements of an article, of two groups; `again` with rules that find neither."""
    run_id = f"load-{number}-again" if again else f"load-{number}"
    warehouse.start_run(run_id, job="analyse", now=now)
    warehouse.save_sources([Source(source_id="outlet", kind="feed", url="https://o.example/", name="O")], now=now)
    evidence = Capture(
        capture_id=f"{number:032d}", source_id="outlet", url=f"https://o.example/{number}",
        final_url=f"https://o.example/{number}", fetched_at=now, status=200, media_type="text/html",
        body_sha256=f"{number:064x}", body_bytes=1, archive_file="o", archive_offset=0,
    )  # fmt: skip
    lines = [f"سنغلق الميناء رقم {2 * number + it} أمام السفن" for it in range(2)]
    article = Article(
        url=evidence.url, title="خبر", body="\n".join(lines), language="ar", published_at=_NOW, published_basis="feed",
        author=None, outlet=None, source_id="outlet", capture_id=evidence.capture_id,
    )  # fmt: skip
    if not again:
        page = CollectedPage(capture=evidence, entry_key=str(number), article=article)
        warehouse.save_page(page, run_id=run_id, now=now)
    found = [
        Statement(
            label="threat", text=line, start=start, end=start + len(line), group=group, confidence=0.9, cameo="138",
            rules=("r",),
        )
        for line, start, group in zip(lines, (0, len(lines[0]) + 1), ("hezbollah", "ansar-allah"), strict=True)
    ]  # fmt: skip
    batch = AnalysedBatch(
        analysed=[(article, [] if again else found)], held=(), verdicts=(), ruleset="s" if again else "r"
    )
    warehouse.load(batch, run_id=run_id, now=now)


def faults() -> Iterator[tuple[str, list[str]]]:
    """On both databases."""
    with tempfile.TemporaryDirectory() as folder:
        yield _told(f"sqlite:///{Path(folder) / 'warehouse.db'}", "SQLite")
    with postgresql() as url:
        yield _told(url, "PostgreSQL")


def _told(url: str, database: str) -> tuple[str, list[str]]:
    seed = int(time.time())
    came = trial(url, KILLS, seed=seed)
    moods = ", ".join(f"{mood} {came.met[mood]}" for mood in MOODS)
    what = (
        f"sender, {KILLS} SIGKILLs, {database} (seed {seed}), the server's moods: {moods}; {came.mails} mails by "
        f"recipient, second copies with the same Message-ID: {came.dropped} of a dropped line, {came.killed} of a "
        "killed sender"
    )
    return what, came.losses
