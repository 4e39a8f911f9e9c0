"""Which statements a subscription asks for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from pipeline.alerts.registry import Found, Group, lineage
from pipeline.records import Article, Statement, Subscription


def asked_for(subscription: Subscription, found: Iterable[Found], groups: Mapping[str, Group]) -> Iterator[Found]:
    """Of `found`, what the subscription asks for, in the same order.

    A wanted group includes the façades, wings and members that the registry puts under it, at any depth. A statement
    of nobody named matches only a subscription that asks for all groups.
    """
    return (item for item in found if _matches(subscription, item[1], item[2], groups))


def unknown_groups(subscriptions: Iterable[Subscription], groups: Mapping[str, Group]) -> Iterator[str]:
    """One line for each wanted group that the registry does not have: such a wish would stay silent for ever."""
    for subscription in subscriptions:
        for group_id in subscription.groups:
            if group_id not in groups:
                yield (
                    f"subscription {subscription.subscription_id}: the registry has no group {group_id!r}, "
                    "nothing can match it; correct the id or remove it"
                )


def _matches(subscription: Subscription, statement: Statement, article: Article, groups: Mapping[str, Group]) -> bool:
    return (
        (not subscription.labels or statement.label in subscription.labels)
        and (not subscription.languages or article.language in subscription.languages)
        and statement.confidence >= subscription.minimum_confidence
        and (not subscription.groups or _stands_under(statement.group, subscription.groups, groups))
    )


def _stands_under(group_id: str | None, wanted: tuple[str, ...], groups: Mapping[str, Group]) -> bool:
    return group_id is not None and any(above in wanted for above in lineage(group_id, groups))
