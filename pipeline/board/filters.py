"""A filter as it stands in an address: read, checked, and written again, so that every list can be bookmarked."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import urlencode

from pipeline.alerts.untrusted import one_line
from pipeline.records import LABELS
from pipeline.records.browsing import UNNAMED, Place, StatementFilter

LONGEST_WORDS = 200
_NAMES = {
    "words": "q", "label": "label", "group": "group", "said_from": "from", "said_to": "to", "channel": "channel",
    "conditional": "condition", "language": "language", "source_id": "source",
}  # fmt: skip
"""By field of `StatementFilter`, its name in an address."""
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_SLUG = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}", re.ASCII)
_PLACE = re.compile(r"(\d{4}-\d\d-\d\d)(T[\d:.]{8,15}Z)?~([\w-]{1,100})", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What an address asks for.

    Attributes:
        filter: of the statements; what cannot be read is left out of it.
        after: behind which statement the list goes on, or None: from the newest.
        given: by name in the address, what was given, for the form to show again.
        problems: names of sentences (`pipeline.board.words`) that say what cannot be read.
    """

    filter: StatementFilter
    after: Place | None
    given: Mapping[str, str]
    problems: tuple[str, ...]


def read_filter(parameters: Mapping[str, str]) -> Asked:
    """The filter of an address. An empty parameter asks for nothing, an unknown one is passed over."""
    given = {name: one_line(value, at_most=10_000) for name, value in parameters.items()}
    values: dict[str, Any] = {}
    problems = []
    for field, name in _NAMES.items():
        if said := given.get(name):
            try:
                values[field] = _READERS[field](said)
            except ValueError:
                problems.append(f"bad_{'words' if name == 'q' else name}")
    first, last = values.get("said_from"), values.get("said_to")
    if first and last and first > last:
        problems.append("bad_order")
    after = None
    if said := given.get("after"):
        try:
            after = _place(said)
        except ValueError:
            problems.append("bad_after")
    shown = {name: given.get(name, "")[:LONGEST_WORDS] for name in _NAMES.values()}
    return Asked(filter=StatementFilter(**values), after=after, given=shown, problems=tuple(problems))


def write_filter(wanted: StatementFilter, *, after: Place | None = None, **more: str) -> str:
    """The query of an address that asks for this, without the question mark."""
    pairs = {_NAMES[field.name]: _written(getattr(wanted, field.name)) for field in fields(wanted)}
    if after is not None:
        on = after.on
        # A datetime is a date too.
        stamp = f"{on.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}Z" if isinstance(on, datetime) else on.isoformat()
        pairs["after"] = f"{stamp}~{after.statement_id}"
    return urlencode({name: value for name, value in {**pairs, **more}.items() if value})


def read_day(said: str) -> date:
    """A day written as 2026-11-18.

    Raises:
        ValueError: it is none.
    """
    if not _DAY.fullmatch(said):
        raise ValueError(said)
    return date.fromisoformat(said)


def _written(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value.isoformat() if isinstance(value, date) else str(value or "")


def _place(said: str) -> Place:
    found = _PLACE.fullmatch(said)
    if found is None:
        raise ValueError(said)
    day, time, statement_id = found.groups()
    on = datetime.fromisoformat(f"{day}{time[:-1]}+00:00") if time else date.fromisoformat(day)
    return Place(on=on, statement_id=statement_id)


def _words(said: str) -> str:
    if len(said) > LONGEST_WORDS:
        raise ValueError(said)
    return said


def _one_of(*values: str) -> Callable[[str], str]:
    def read(said: str) -> str:
        if said not in values:
            raise ValueError(said)
        return said

    return read


def _slug(said: str) -> str:
    if not _SLUG.fullmatch(said):
        raise ValueError(said)
    return said


def _code(said: str) -> str:
    if not re.fullmatch(r"[a-z]{2}", said):
        raise ValueError(said)
    return said


def _yes_or_no(said: str) -> bool:
    return _one_of("yes", "no")(said) == "yes"


_READERS: Mapping[str, Callable[[str], object]] = {
    "words": _words,
    "label": _one_of(*LABELS),
    "group": lambda said: said if said == UNNAMED else _slug(said),
    "said_from": read_day,
    "said_to": read_day,
    "channel": _slug,
    "conditional": _yes_or_no,
    "language": _code,
    "source_id": _slug,
}
