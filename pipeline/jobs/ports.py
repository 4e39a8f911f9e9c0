"""The small ports through which jobs reach the world. Adapters implement them; tests have fakes of them.

A job receives ports and plain values, and returns counts. Times are parameters.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence, Set
from contextlib import AbstractContextManager
from datetime import datetime
from email.message import EmailMessage
from typing import Protocol

from pipeline.quality.batches import Volume
from pipeline.records import (
    Alert,
    AnalysedBatch,
    Article,
    ArticleEvent,
    Capture,
    CollectedPage,
    Document,
    Failed,
    Item,
    Label,
    Loaded,
    MalformedDocument,
    PageKept,
    Period,
    Provenance,
    Quarantined,
    Refusal,
    Response,
    Settled,
    Silence,
    Source,
    SourceHealth,
    Statement,
    Subscription,
    Validators,
    Verdict,
    Visit,
)
from pipeline.records.alert import AlertKind, ItemKind

Witness = Callable[[Response], None]
"""Is given every answer that came on the way and is not the one asked for: redirects, errors, robots.txt."""


class Fetcher(Protocol):
    """HTTP, with the limits and manners of a good guest."""

    async def fetch(
        self, url: str, *, witness: Witness, validators: Validators | None = None, as_page: bool = False
    ) -> Response:
        """The response of a GET: a success, or 304 where `validators` were sent; `as_page` honours robots.txt.

        Raises:
            FetchError: no response, or another status.
        """
        ...


class Shelf(Protocol):
    """Local files and folders, WARC archives among them."""

    def documents(self, source: Source, *, known: Set[str]) -> Iterator[Document | MalformedDocument]:
        """The documents of a source that are not known by their key, in a stable order.

        Raises:
            FetchError: there is no such file or folder.
        """
        ...


class Archive(Protocol):
    """Evidence, written once."""

    def store(self, response: Response, *, source_id: str) -> Capture:
        """Write request and response as WARC records and say where they are.

        Raises:
            ArchiveError: the record could not be written completely.
        """
        ...


class OpenArchive(Protocol):
    """The archive as those see it who bring it and the warehouse together."""

    def left_open(self) -> Iterator[tuple[str, list[Capture]]]:
        """Files that a killed worker left, with the captures in them; done with when the next is asked for."""
        ...

    def files(self) -> Iterator[tuple[str, list[Capture]]]:
        """Every file with the captures in it."""
        ...

    def response(self, capture: Capture) -> Response:
        """The response of a capture, proven against its row.

        Raises:
            ArchiveError: it is not there, or says another thing.
        """
        ...


class Classifier(Protocol):
    """The rules, compiled."""

    @property
    def ruleset(self) -> str:
        """Identity of the rule pack by its content."""
        ...

    def statements(self, article: Article) -> tuple[Statement, ...]:
        """The statements of an article's body, in order; offsets count characters of the body."""
        ...


class Gate(Protocol):
    """The judge of data."""

    def judge(self, suite: str, rows: Sequence[Mapping[str, object]]) -> tuple[Verdict, ...]:
        """One verdict per expectation of the suite over rows that each have a unique `row_key`.

        Raises:
            GateError: the gate itself failed; nothing may be loaded.
        """
        ...

    def publish(self) -> None:
        """Show people what was judged; called once, at the end of a run.

        Raises:
            GateError: it cannot be shown; what was judged holds all the same.
        """
        ...


class Mailer(Protocol):
    """SMTP."""

    def send(self, message: EmailMessage) -> tuple[Refusal, ...]:
        """Hand over one message to all its recipients (To, Cc, Bcc); those whom the server refused.

        Raises:
            MailServerError: the server cannot be used now, for this mail or any other.
            MailError: the mail was accepted for nobody.
        """
        ...


class SourceStore(Protocol):
    """What collecting needs of the warehouse."""

    def save_sources(self, sources: Iterable[Source], *, now: datetime) -> None: ...

    def known_entries(self, source_id: str) -> frozenset[str]:
        """Keys of the entries of this source that are settled: their page stands captured, or is held as `pages`."""
        ...

    def save_capture(self, capture: Capture, *, entry_key: str | None) -> None: ...

    def save_page(self, page: CollectedPage, *, run_id: str, now: datetime) -> PageKept:
        """A capture, what was read from it and what is held of it, in one transaction; what that changed.

        The entry counts as known from then on, so the three must stand together or not at all.
        """
        ...

    def health(self, source_id: str) -> SourceHealth | None: ...

    def save_health(self, health: SourceHealth) -> None: ...

    def due_visits(self, source_id: str, *, now: datetime, limit: int) -> tuple[Visit, ...]:
        """Pages of this source that are to be looked at again, the longest overdue first."""
        ...

    def visits_of(self, source_id: str, *, url: str | None = None, latest: int = 200) -> tuple[Visit, ...]:
        """The latest pages that this source brought, or those under an address."""
        ...

    def save_visit(self, visit: Visit) -> None: ...

    def record_event(self, event: ArticleEvent, *, visit: Visit | None) -> bool:
        """Note what became of an article, and its next visit; True when that was not known before."""
        ...

    def quarantine(self, items: Sequence[Quarantined], *, run_id: str, now: datetime) -> int:
        """Hold things back; how many were not held for the same reason before."""
        ...

    def record_fetch(self, source_id: str, *, problem: str | None, now: datetime) -> None:
        """Note a source's last success, or its last problem."""
        ...

    def awaiting_analysis(self, ruleset: str) -> int:
        """How many versions this rule set has not yet seen."""
        ...


class StatementStore(Protocol):
    """What analysing needs of the warehouse."""

    def articles_awaiting(self, ruleset: str, *, limit: int) -> tuple[Article, ...]:
        """Versions that this rule set has not yet seen, oldest first."""
        ...

    def volumes(self, source_ids: Collection[str], *, now: datetime) -> Mapping[str, Volume]:
        """How much each source brings: in the last 24 hours, and on a usual day of the last four weeks."""
        ...

    def accepted_versions(self, version_ids: Collection[str]) -> Set[str]:
        """Of these versions, those of a held batch that a person accepted."""
        ...

    def load(self, batch: AnalysedBatch, *, run_id: str, now: datetime) -> Loaded:
        """One batch in one transaction: statements, sightings, quarantine, verdicts, and the articles marked as seen.

        What the batch's articles held before and hold no more is superseded, except of articles that the gate held.
        """
        ...


class HistoryStore(Protocol):
    """What replaying rules over stored articles needs of the warehouse."""

    def awaiting_in(self, ruleset: str, period: Period) -> int:
        """How many versions of a period this rule set has not yet seen."""
        ...

    def articles_awaiting_in(self, ruleset: str, period: Period, *, limit: int) -> tuple[Article, ...]:
        """Versions of a period that this rule set has not yet seen, oldest stored first."""
        ...

    def unjudged(self, version_ids: Collection[str]) -> set[str]:
        """Of these versions, those that no gate has let through."""
        ...

    def current_articles(self, period: Period, *, batch: int) -> Iterator[tuple[Article, ...]]:
        """The texts that the articles of a period have now, batch by batch."""
        ...

    def held_in(self, version_ids: Collection[str]) -> Mapping[str, list[Statement]]:
        """By version id, what stands of it: each statement as it reads there, in the order of the text."""
        ...


class Webhooks(Protocol):
    """The door to other programs: signed JSON by HTTP."""

    def post(self, url: str, payload: Mapping[str, object], *, subscription_id: str, now: datetime) -> None:
        """Hand over one alert.

        Raises:
            MailError: it was not taken; as with mail, retryable or not.
        """
        ...


class Feeds(Protocol):
    """Where the Atom feeds are put."""

    def write(self, subscription_id: str, document: bytes) -> None:
        """Put a feed in the place of the one before, whole or not at all."""
        ...


Told = tuple[str, Statement, Article]
"""(statement id, statement, article of its first sighting)"""


class RoutingStore(Protocol):
    """What finding out who is to be told needs of the warehouse."""

    def unregistered(self, served: Iterable[Subscription]) -> tuple[str, ...]:
        """Ids of the subscriptions for which the stored statements must be gone through; changes nothing."""
        ...

    def register(self, served: Iterable[Subscription], *, now: datetime) -> tuple[str, ...]:
        """Note who is served; the ids of those for whom the stored statements must be gone through."""
        ...

    def gone_through(self, subscription: Subscription) -> None: ...

    def route(
        self, match: Callable[[Told], Iterable[tuple[str, str]]], *, served: Collection[str], now: datetime
    ) -> int:
        """Hold the oldest changes against the subscriptions; 0 when there were none."""
        ...

    def route_stored(self, match: Callable[[Told], Iterable[tuple[str, str]]], *, now: datetime) -> None:
        """Hold everything that stands against subscriptions."""
        ...

    def changes_waiting(self) -> tuple[Told, ...]:
        """Standing statements that changed and were not yet held against the subscriptions."""
        ...

    def unalerted(self, subscription_id: str) -> tuple[Told, ...]:
        """Standing statements never put into an alert of this subscription."""
        ...

    def known(self, subscription_id: str, statement_ids: Collection[str]) -> Collection[str]:
        """Which of these statements were held against the subscription already and asked for."""
        ...

    def silences(self, *, now: datetime | None = None) -> tuple[Silence, ...]:
        """Those in force at `now`."""
        ...


class AlertStore(RoutingStore, Protocol):
    """What alerting needs of the warehouse."""

    def due(self, subscription_id: str) -> tuple[Item, ...]:
        """What this subscription is to be told and no alert tells yet."""
        ...

    def recent(self, subscription_id: str, *, since: datetime) -> tuple[tuple[datetime, AlertKind, str], ...]:
        """(created at, kind, thread) of the subscription's alerts since a time."""
        ...

    def thread(self, subscription_id: str, thread: str) -> tuple[str, ...]:
        """Message-IDs of the last mails of a subscription on one group (and target), oldest first."""
        ...

    def references_of(self, message_id: str) -> tuple[str, ...]:
        """The Message-IDs that a mail follows, and its own."""
        ...

    def queue(self, alert: Alert, *, follow_ups: Sequence[Item] = (), thread: str = "") -> None:
        """Put an alert into the outbox, once: unique by subscription and statement (and follow-up)."""
        ...

    def keep_quiet(self, subscription_id: str, silenced: Sequence[tuple[Item, str]]) -> None:
        """Note by which silence each of these items is not told."""
        ...

    def sending(self) -> AbstractContextManager[None]:
        """Held while the outbox is read and sent: a second process waits, and then finds nothing to send twice."""
        ...

    def outbox(self, *, due_at: datetime | None = None) -> tuple[Alert, ...]:
        """Alerts not yet sent, oldest first; with `due_at` those whose next try has come."""
        ...

    def outbox_size(self) -> int:
        """How many alerts are neither sent nor given up."""
        ...

    def still_waiting(self, message_ids: Collection[str]) -> Collection[str]:
        """Which of these alerts are neither sent nor given up."""
        ...

    def alerted(self, alert: Alert, *, at_most: int | None = None) -> tuple[Told, ...]:
        """The statements of an alert; of many those that name a condition, then the newest."""
        ...

    def told(self, statement_ids: Collection[str]) -> tuple[Told, ...]:
        """These statements."""
        ...

    def follow_ups(self, message_id: str) -> Mapping[str, ItemKind]:
        """What a correction says of each of its statements."""
        ...

    def provenance(self, statement_ids: Collection[str]) -> Mapping[str, Provenance]:
        """By statement, where it comes from."""
        ...

    def tally_of_groups(self, message_id: str) -> Mapping[tuple[Label, str | None], int]:
        """How many statements of each label and group an alert tells."""
        ...

    def tally_between(self, subscription_id: str, start: datetime, end: datetime) -> Mapping[Label, int]:
        """How many statements of each label were found for a subscription in a time."""
        ...

    def latest(self, subscription_id: str) -> tuple[tuple[Told, datetime], ...]:
        """What was found last for a subscription, newest first."""
        ...

    def claim(self, message_id: str, *, now: datetime) -> None:
        """Note that a sender has it, before anything is said to the server."""
        ...

    def settle(self, message_id: str, settled: Settled, *, now: datetime) -> None:
        """Note what the server said for each recipient; sent, unless somebody is left. All of it or nothing."""
        ...

    def mark_failed(self, message_id: str, failed: Failed, *, now: datetime) -> None:
        """Note that it was handed over to nobody; after a final failure it is not tried again."""
        ...


class RunStore(Protocol):
    """The log of runs: what was tried, with which counts and problems."""

    def start_run(self, run_id: str, *, job: str, now: datetime) -> None: ...

    def finish_run(
        self, run_id: str, *, counts: Mapping[str, int], problems: Sequence[str], failed: bool, now: datetime
    ) -> None: ...
