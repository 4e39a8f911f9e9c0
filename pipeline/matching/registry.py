"""Armed groups and the people who speak for them, as the registry files say. Finding them in text stays in scan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

GroupKind = Literal["group", "umbrella", "wing", "facade"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """One armed group.

    Attributes:
        group_id: lower-case slug.
        name_en: the name in English.
        names_ar: Arabic names, the first one for display.
        names_en: further English names and spellings.
        kind: group, umbrella, wing, or facade (a name under which another group acts).
        parent: the group behind it, or None.
        country: ISO 3166 alpha-2, or None.
        quoted_names_ar: names that are everyday words too and count only in quotation marks or behind a verb.
        contextual_names_ar: names that many groups bear ("the resistance"); they mean this one in a text that also
            holds one of `context_ar`, and some unnamed group elsewhere.
        context_ar: places, enemies and names that make the context.
    """

    group_id: str
    name_en: str
    names_ar: tuple[str, ...]
    names_en: tuple[str, ...]
    kind: GroupKind
    parent: str | None
    country: str | None
    quoted_names_ar: tuple[str, ...] = ()
    contextual_names_ar: tuple[str, ...] = ()
    context_ar: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    """One person known to speak for a group.

    Attributes:
        speaker_id: lower-case slug.
        group: the group's id.
        names_ar: full Arabic names.
        names_en: full English names.
        surnames: short forms by which a text refers back after the full name; ambiguous alone.
    """

    speaker_id: str
    group: str
    names_ar: tuple[str, ...]
    names_en: tuple[str, ...]
    surnames: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Registry:
    """All groups and speakers by id."""

    groups: Mapping[str, Group]
    speakers: Mapping[str, Speaker]

    def kin(self, one: str, other: str) -> bool:
        """Whether two ids are one group, or parent and child."""
        if one == other:
            return True
        parents = [self.groups[g].parent for g in (one, other) if g in self.groups]
        return one in parents or other in parents
