"""What rules would change of what is held: every difference between the warehouse and a replay, and how it reads.

Nothing is written here; `reclassify` does that.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from pipeline.jobs.ports import Classifier, HistoryStore
from pipeline.records import Article, Period, Statement

_BATCH = 2000
"""Articles in memory at a time."""

Kind = Literal["added", "removed", "changed"]
KINDS: tuple[Kind, ...] = ("added", "removed", "changed")
_COMPARED = (
    "label", "group", "speaker", "said_on", "said_on_precision", "said_on_basis", "channel", "target", "condition",
    "quoted", "confidence", "cameo", "rules",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One difference between what is held and what the rules find.

    Attributes:
        kind: `added`, `removed` or `changed`.
        url: of the article.
        before: as it is held; None when added.
        after: as the rules find it; None when removed.
        fields: names of what differs; empty unless changed.
    """

    kind: Kind
    url: str
    before: Statement | None
    after: Statement | None
    fields: tuple[str, ...] = ()

    @property
    def statement(self) -> Statement:
        """The one that there is, the newer one of two."""
        found = self.after or self.before
        if found is None:
            raise ValueError("a change without a statement")
        return found


@dataclass(slots=True)
class Comparison:
    """What rules would change.

    Attributes:
        articles: how many were read.
        unchanged: statements that stay as they are.
        counts: by kind of change and label.
        samples: the first changes of each kind.
        problems: one line for each text on which the rules broke.
    """

    articles: int = 0
    unchanged: int = 0
    counts: Counter[tuple[Kind, str]] = field(default_factory=Counter)
    samples: dict[Kind, list[Change]] = field(default_factory=lambda: {kind: [] for kind in KINDS})
    problems: list[str] = field(default_factory=list)

    def total(self, kind: Kind) -> int:
        """Changes of a kind, over all labels."""
        return sum(count for (each, _), count in self.counts.items() if each == kind)


def compare(
    *,
    classifier: Classifier,
    store: HistoryStore,
    period: Period,
    samples: int = 5,
    progress: Callable[[int], None] = lambda _: None,
) -> Comparison:
    """What the rules would add, remove and change of what is held; nothing is written.

    Args:
        classifier: the rules.
        store: the warehouse.
        period: whose articles are read, by the day of publication.
        samples: changes of each kind to keep.
        progress: told after each batch how many articles are done.
    """
    done = Comparison()
    for articles in store.current_articles(period, batch=_BATCH):
        held = store.held_in([article.version_id for article in articles])
        for article in articles:
            _compare_article(article, held.get(article.version_id, []), classifier, done, samples)
        done.articles += len(articles)
        progress(done.articles)
    return done


def _compare_article(
    article: Article, held: Sequence[Statement], classifier: Classifier, done: Comparison, samples: int
) -> None:
    try:
        found = classifier.statements(article)
    except Exception as error:  # noqa: BLE001 - a text that breaks the rules is a result of the comparison
        done.problems.append(f"{article.url}: the rules broke on it ({type(error).__name__}: {error})")
        return
    changes = list(changes_of(article.url, held, found))
    done.unchanged += len(held) - sum(change.kind != "added" for change in changes)
    for change in changes:
        done.counts[change.kind, change.statement.label] += 1
        if len(done.samples[change.kind]) < samples:
            done.samples[change.kind].append(change)


def changes_of(url: str, held: Sequence[Statement], found: Sequence[Statement]) -> Iterator[Change]:
    """The differences in one text: in the same place and with the same label it is one statement, changed or not."""
    left = list(found)
    for before in held:
        after = next((it for it in left if it.label == before.label and _overlap(it, before)), None)
        if after is None:
            yield Change(kind="removed", url=url, before=before, after=None)
            continue
        left.remove(after)
        fields = tuple(name for name in _COMPARED if getattr(before, name) != getattr(after, name))
        if (before.start, before.end) != (after.start, after.end):
            fields = ("text", *fields)
        if fields:
            yield Change(kind="changed", url=url, before=before, after=after, fields=fields)
    for after in left:
        yield Change(kind="added", url=url, before=None, after=after)


def _overlap(one: Statement, other: Statement) -> bool:
    return one.start < other.end and other.start < one.end


def comparison_lines(compared: Comparison) -> list[str]:
    """A comparison for people: the sums first, then the samples of each kind, then what broke."""
    totals = ", ".join(f"{compared.total(kind)} {kind}" for kind in KINDS)
    lines = [f"{compared.articles} articles read: {totals}, {compared.unchanged} unchanged"]
    for kind in KINDS:
        labels = ", ".join(f"{label} {n}" for (each, label), n in sorted(compared.counts.items()) if each == kind)
        if labels:
            lines += [f"{kind}: {labels}", *(f"  {_change_line(change)}" for change in compared.samples[kind])]
    return [*lines, *(f"problem: {problem}" for problem in compared.problems)]


def _change_line(change: Change) -> str:
    it = change.statement
    words = " ".join(it.text.split())
    what = "".join(
        f"; {name}: {getattr(change.before, name)!s} → {getattr(change.after, name)!s}"
        for name in change.fields
        if name != "text"
    )
    longer = f"; was: {' '.join(change.before.text.split())}" if change.before and "text" in change.fields else ""
    return f"{it.label} · {it.group or '(unnamed)'} · {words} [{', '.join(it.rules)}]{what}{longer} — {change.url}"
