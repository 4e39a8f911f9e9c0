"""Which sightings open and which close when articles have been analysed: decided here, written by `statements`.

No database: what stands is a parameter.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from typing import NamedTuple

from pipeline.adapters.warehouse.readings import Reading


class Sighting(NamedTuple):
    """A statement at a place of a text.

    Attributes:
        statement_id: what was seen.
        version_id: in which text.
        span_start: first character in that text.
        span_end: behind the last one.
        article_id: whose text it is.
        reading: how it reads there; another reading of the same words is another sighting.
    """

    statement_id: str
    version_id: str
    span_start: int
    span_end: int
    article_id: str
    reading: Reading | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What to write.

    Attributes:
        opened: sightings that stand from now on.
        noted: sightings in texts that had been replaced before they were analysed: recorded, and superseded at once.
        closed: sightings that stood until now.
    """

    opened: tuple[Sighting, ...]
    noted: tuple[Sighting, ...]
    closed: tuple[Sighting, ...]

    @property
    def statement_ids(self) -> frozenset[str]:
        """The statements that may stand or fall with these changes."""
        return frozenset(sighting.statement_id for sighting in (*self.opened, *self.noted, *self.closed))


def reconcile(
    found: Iterable[Sighting],
    *,
    judged: Mapping[str, str],
    current: Set[str],
    standing: Mapping[Sighting, bool],
) -> Changes:
    """The changes that make what stands equal to what was found.

    Args:
        found: every sighting in the judged versions.
        judged: version id to article id of what was analysed and not held back.
        current: ids of the versions that are their article's text now.
        standing: the recorded sightings of the judged articles, and whether each still stands.
    """
    wanted = dict.fromkeys(found)
    renewed = {article_id for version_id, article_id in judged.items() if version_id in current}

    def falls(sighting: Sighting) -> bool:
        if sighting.article_id in renewed and sighting.version_id not in current:
            return True
        return sighting.version_id in judged and sighting not in wanted

    return Changes(
        opened=tuple(s for s in wanted if s.version_id in current and not standing.get(s, False)),
        noted=tuple(s for s in wanted if s.version_id not in current and s not in standing),
        closed=tuple(s for s, stands in standing.items() if stands and falls(s)),
    )
