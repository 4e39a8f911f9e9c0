"""A statement's text cut into pieces, so that the evidence in it can be highlighted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from pipeline.records import Cue, Statement
from pipeline.records.statement import CueRole

_WEIGHT: tuple[CueRole, ...] = (
    "trigger", "condition", "target", "object", "speaker", "group", "channel", "date", "reporting",
)  # fmt: skip
"""Where cues overlap, the earlier role in this order is shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A run of the statement's text; `role` is the cue that covers it, or None."""

    text: str
    role: CueRole | None


def pieces(statement: Statement) -> tuple[Piece, ...]:
    """The statement's text in pieces, in order; joined they are the text. Cues are cut at the statement's ends."""
    length = len(statement.text)
    cues = [cue for cue in (_within(cue, statement.start, length) for cue in statement.cues) if cue.start < cue.end]
    edges = sorted({0, length, *(cue.start for cue in cues), *(cue.end for cue in cues)})
    cut = [Piece(text=statement.text[a:b], role=_role(cues, a, b)) for a, b in pairwise(edges)]
    return tuple(_joined(cut))


def outside(statement: Statement) -> Iterator[Cue]:
    """The cues that lie wholly outside of the statement: who speaks may stand in the sentence before."""
    return (cue for cue in statement.cues if cue.end <= statement.start or cue.start >= statement.end)


def _within(cue: Cue, offset: int, length: int) -> Cue:
    return Cue(start=max(cue.start - offset, 0), end=min(cue.end - offset, length), role=cue.role)


def _role(cues: Sequence[Cue], start: int, end: int) -> CueRole | None:
    roles = {cue.role for cue in cues if cue.start <= start and end <= cue.end}
    return min(roles, key=_WEIGHT.index, default=None)


def _joined(cut: Sequence[Piece]) -> Iterator[Piece]:
    """Neighbours of one role as one piece: a break inside a word would break its Arabic joining."""
    held: Piece | None = None
    for piece in cut:
        if held and held.role == piece.role:
            held = Piece(text=held.text + piece.text, role=held.role)
        else:
            if held:
                yield held
            held = piece
    if held:
        yield held
