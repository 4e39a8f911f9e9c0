"""What the templates lay out: the cards of a mail with their headline, counts, comparison and the words of its kind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pipeline.alerts import wording
from pipeline.alerts.card import Card
from pipeline.alerts.chart import bar_chart
from pipeline.alerts.remainder import Remainder
from pipeline.alerts.telling import Telling
from pipeline.records import LABELS, Alert, Label

_IN_FULL = 50
"""Statements shown in full in one mail; those behind them have a line each, and what was not read is counted."""


class Page:
    """One mail's content, ready for the templates.

    Args:
        alert: its kind and period.
        telling: its counts.
        cards: its statements in the order in which they are shown.
        name: the subscription's, on one line and harmless.
        rest: what is counted and not shown.
    """

    def __init__(
        self, alert: Alert, telling: Telling, cards: Sequence[Card], *, name: str, rest: Sequence[Remainder] = ()
    ) -> None:
        self._alert = alert
        self._telling = telling
        self._cards = cards
        self._name = name
        self._rest = rest
        labels: list[Label] = [each.label for each in cards]
        self._tally = dict(telling.tally) or {label: labels.count(label) for label in LABELS if label in labels}
        self._total = sum(self._tally.values())

    @property
    def subject(self) -> str:
        """The subject, to be cut and made harmless."""
        if self._alert.kind == "notice":
            return f"{wording.NOTICE_AR} ({self._name})"
        prefix = {"correction": f"{wording.CORRECTION_AR}: ", "digest": f"{wording.DIGEST_AR}: "}
        return f"{prefix.get(self._alert.kind, '')}{self._about} ({self._name})"

    @property
    def _about(self) -> str:
        if len(self._cards) == self._total == 1:
            return f"{self._cards[0].label_ar}: {self._cards[0].group}"
        tally = "، ".join(f"{words} {number}" for _, words, number in self._counts())
        return f"{wording.count_ar(self._total)}: {tally}"

    @property
    def chart(self) -> bytes | None:
        """The picture of a digest's comparison, PNG; None in other mails."""
        return None if self._telling.before is None else bar_chart(self._tally, self._telling.before)

    def values(self, *, chart: str) -> Mapping[str, object]:
        """The templates' variables; `chart` is the content id of the picture."""
        uncounted = self._total - len(self._cards)
        compared = list(self._compared())
        in_full, briefly = _divided(self._cards)
        return {
            "name": self._name,
            "headline": self._headline(),
            "tally": self._counts(),
            "cards": in_full,
            "briefly": briefly,
            "uncounted": wording.count_ar(uncounted) if uncounted > 0 else "",
            "rest": self._rest,
            "message_id": self._alert.message_id,
            "legend": wording.LEGEND_AR,
            "compared": compared,
            "chart": chart,
            "chart_alt": "؛ ".join(f"{words}: {now} (السابقة {before})" for _, words, now, before, _ in compared),
            **self._period(),
            **self._notice(),
        }

    def _headline(self) -> str:
        if self._alert.kind == "notice":
            return wording.NOTICE_AR
        count = wording.count_ar(self._total)
        return f"{wording.CORRECTION_AR}: {count}" if self._alert.kind == "correction" else count

    def _counts(self) -> list[tuple[Label, str, int]]:
        return [(label, wording.LABEL_AR[label], self._tally[label]) for label in LABELS if self._tally.get(label)]

    def _compared(self) -> Sequence[tuple[Label, str, int, int, str]]:
        if (earlier := self._telling.before) is None:
            return ()
        counts = [(label, self._tally.get(label, 0), earlier.get(label, 0)) for label in LABELS]
        return [
            (label, wording.LABEL_AR[label], now, before, wording.change_ar(now, before))
            for label, now, before in counts
        ]

    def _period(self) -> Mapping[str, str]:
        if self._alert.period is None:
            return {"period_ar": "", "period_en": ""}
        start, end = self._alert.period
        return {
            "period_ar": f"من {wording.moment_ar(start)} إلى {wording.moment_ar(end)}",
            "period_en": f"From {wording.moment_en(start)} to {wording.moment_en(end)}",
        }

    def _notice(self) -> Mapping[str, str]:
        if self._alert.kind != "notice":
            return {"notice_ar": "", "notice_en": ""}
        waiting = self._telling.waiting
        return {
            "notice_ar": f"ما زال في الانتظار: {wording.count_ar(waiting)}. ترسل مجمّعة بعد مضي الساعة.",
            "notice_en": f"{wording.NOTICE_EN}; {waiting} statement(s) wait and come together after it.",
        }


def _divided(cards: Sequence[Card]) -> tuple[list[Card], list[Card]]:
    """Those shown in full and those with a line each, both in their order.

    Of many, threats and truces that name a condition are shown in full before others: they leave time to act.
    """
    first = sorted(range(len(cards)), key=lambda index: (not cards[index].conditional, index))
    in_full, briefly = sorted(first[:_IN_FULL]), sorted(first[_IN_FULL:])
    return [cards[index] for index in in_full], [cards[index] for index in briefly]
