"""Which statements a subscription asks for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from pipeline.alerts.registry import Found, Group, lineage
from pipeline.records import Subscription
from pipeline.text.folding import fold_word


class Wish:
    """A subscription made ready to be held against many statements.

    A wanted group includes the façades, wings and members that the registry puts under it, at any depth. A statement
    of nobody named matches only a subscription that asks for all groups and countries. Words and targets are compared
    folded (hamza, harakat, case and spelling variants aside), from the beginning of a word or behind a clitic.
    """

    def __init__(self, subscription: Subscription, groups: Mapping[str, Group]) -> None:
        self.subscription = subscription
        self._groups = groups
        self._known: dict[str | None, bool] = {}
        self._targets = _pattern(subscription.targets)
        self._words = _pattern(subscription.words)

    def asks_for(self, seen: Seen) -> bool:
        """Whether every filter holds; values inside one filter are alternatives."""
        it, (_, statement, article) = self.subscription, seen.found
        return (
            (not it.labels or statement.label in it.labels)
            and (not it.languages or article.language in it.languages)
            and statement.confidence >= it.minimum_confidence
            and self._wants_group(statement.group)
            and (self._targets is None or bool(self._targets.search(seen.target)))
            and (self._words is None or bool(self._words.search(seen.words)))
        )

    def _wants_group(self, group_id: str | None) -> bool:
        if group_id not in self._known:
            self._known[group_id] = self._decide(group_id)
        return self._known[group_id]

    def _decide(self, group_id: str | None) -> bool:
        it = self.subscription
        above = tuple(lineage(group_id, self._groups)) if group_id is not None else ()
        if it.groups and not any(each in it.groups for each in above):
            return False
        countries = {self._groups[each].country for each in above if each in self._groups}
        return not it.countries or any(country in countries for country in it.countries)


class Seen:
    """A statement found, with what the comparing of words needs, made once for all subscriptions."""

    def __init__(self, found: Found) -> None:
        self.found = found

    @cached_property
    def target(self) -> str:
        """The target, folded."""
        return fold_word(self.found[1].target or "")

    @cached_property
    def words(self) -> str:
        """The statement and the headline, folded."""
        _, statement, article = self.found
        return fold_word(f"{statement.text}\n{article.title}")


def asked_for(subscription: Subscription, found: Iterable[Found], groups: Mapping[str, Group]) -> Iterator[Found]:
    """Of `found`, what the subscription asks for, in the same order."""
    wish = Wish(subscription, groups)
    return (item for item in found if wish.asks_for(Seen(item)))


def unknown_groups(subscriptions: Iterable[Subscription], groups: Mapping[str, Group]) -> Iterator[str]:
    """One line for each wanted group that the registry does not have: such a wish would stay silent for ever."""
    for subscription in subscriptions:
        for group_id in subscription.groups:
            if group_id not in groups:
                yield (
                    f"subscription {subscription.subscription_id}: the registry has no group {group_id!r}, "
                    "nothing can match it; correct the id or remove it"
                )


def _pattern(words: Sequence[str]) -> re.Pattern[str] | None:
    """Any of the words: from the beginning of a word, or behind the letters that Arabic writes before one."""
    if not words:
        return None
    wanted = "|".join(re.escape(" ".join(fold_word(word).split())).replace(r"\ ", r"\s+") for word in words)
    return re.compile(rf"(?<!\w)[وف]?(?:ال|[بكل](?:ال)?|لل)?(?:{wanted})")
