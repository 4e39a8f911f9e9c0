"""What alerts need to know of the registry of groups and speakers: names and descent, and no more."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol, TypeAlias

from pipeline.records import Article, Statement

Found: TypeAlias = tuple[str, Statement, Article]
"""A statement's id, the statement, and the article of its first sighting."""


class Group(Protocol):
    """An armed group, façade, wing or umbrella; `parent` is the id of the group that it stands under, or None.

    `country` is ISO 3166 alpha-2, or None.
    """

    @property
    def name_en(self) -> str: ...
    @property
    def names_ar(self) -> Sequence[str]: ...
    @property
    def parent(self) -> str | None: ...
    @property
    def country(self) -> str | None: ...


class Speaker(Protocol):
    """A person who speaks for a group; the first name of a language is the one to show."""

    @property
    def names_en(self) -> Sequence[str]: ...
    @property
    def names_ar(self) -> Sequence[str]: ...


class Registry(Protocol):
    """Groups and speakers by id."""

    @property
    def groups(self) -> Mapping[str, Group]: ...
    @property
    def speakers(self) -> Mapping[str, Speaker]: ...


def lineage(group_id: str, groups: Mapping[str, Group]) -> Iterator[str]:
    """The group itself, then the group above it, and so on to the top; a circle is walked once."""
    walked: set[str] = set()
    current: str | None = group_id
    while current is not None and current not in walked:
        walked.add(current)
        yield current
        current = groups[current].parent if current in groups else None
