"""What a mail tells, brought together before it is worded: statements, where they come from, counts, links."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import quote

from pipeline.alerts.registry import Found
from pipeline.alerts.untrusted import web_link
from pipeline.records import Label, Provenance
from pipeline.records.alert import ItemKind

SHOWN = 100
"""Statements of one mail that are read from the warehouse, those with a condition and then the newest published; the
rest is counted by label and group."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """The content of one mail.

    Attributes:
        found: the statements, of many those with a condition and the newest.
        tally: how many of each label there are in all; empty: as many as `found`.
        groups: how many of each label and group id there are in all; empty: none is counted.
        provenance: where they come from, by statement id, as far as it is known.
        follow_ups: of a correction, what is said of each statement.
        before: of a digest, how many of each label there were in the period before.
        waiting: of a notice, how many statements wait for the cap.
    """

    found: tuple[Found, ...]
    tally: Mapping[Label, int] = field(default_factory=dict)
    groups: Mapping[tuple[Label, str | None], int] = field(default_factory=dict)
    provenance: Mapping[str, Provenance] = field(default_factory=dict)
    follow_ups: Mapping[str, ItemKind] = field(default_factory=dict)
    before: Mapping[Label, int] | None = None
    waiting: int = 0


def shown(found: Iterable[Found]) -> tuple[Found, ...]:
    """Of many, those that a mail shows: what names a condition, then the newest published."""
    return tuple(sorted(found, key=_first)[:SHOWN])


def _first(found: Found) -> tuple[bool, float, str]:
    statement_id, statement, article = found
    published = article.published_at.timestamp() if article.published_at else float("-inf")
    return statement.condition is None, -published, statement_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """Addresses that lead on from a mail; an empty one leads nowhere and is left out.

    Attributes:
        board: of the analysts' board; `{statement_id}` in it is replaced.
        rule: of a rule's page; `{rule_id}` in it is replaced.
    """

    board: str = ""
    rule: str = ""

    def to_statement(self, statement_id: str) -> str | None:
        """Where the board shows the statement."""
        return web_link(self.board.replace("{statement_id}", quote(statement_id, safe="", errors="replace")))

    def to_rule(self, rule_id: str) -> str | None:
        """Where the rule is explained."""
        return web_link(self.rule.replace("{rule_id}", quote(rule_id, safe="", errors="replace")))
