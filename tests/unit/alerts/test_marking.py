"""A statement's text cut at its evidence."""

from pipeline.alerts.marking import Piece, outside, pieces
from pipeline.records import Cue, Statement

BODY = "قال سالم: سنضرب الميناء إذا بقي الحصار."
START = BODY.index("سنضرب")


def _cue(words, role):
    return Cue(start=BODY.index(words), end=BODY.index(words) + len(words), role=role)


def _statement(*cues):
    return Statement(
        label="threat",
        text=BODY[START:],
        start=START,
        end=len(BODY),
        confidence=1.0,
        cameo="138",
        rules=("r",),
        cues=cues,
    )


def _cut(*cues):
    return [(piece.text, piece.role) for piece in pieces(_statement(*cues))]


def test_cues_stand_at_their_place():
    """Each cue is a piece of its own and the pieces joined are the text."""
    cut = _cut(_cue("سنضرب", "trigger"), _cue("إذا بقي الحصار", "condition"))
    assert cut == [("سنضرب", "trigger"), (" الميناء ", None), ("إذا بقي الحصار", "condition"), (".", None)]


def test_where_cues_overlap_the_weightier_is_shown():
    """A trigger inside a condition stays visible as the trigger."""
    cut = _cut(_cue("سنضرب الميناء إذا", "condition"), _cue("سنضرب", "trigger"))
    assert cut[:2] == [("سنضرب", "trigger"), (" الميناء إذا", "condition")]


def test_touching_cues_of_one_role_are_one_piece():
    """A word that two cues share is not cut in its middle."""
    start = START
    cut = _cut(Cue(start=start, end=start + 2, role="trigger"), Cue(start=start + 2, end=start + 5, role="trigger"))
    assert cut[0] == ("سنضرب", "trigger")


def test_a_cue_that_crosses_the_edge_is_cut_there():
    """Only the part inside of the statement is marked."""
    assert _cut(_cue("سالم: سنضرب", "speaker"))[0] == ("سنضرب", "speaker")


def test_a_cue_outside_marks_nothing_inside():
    """The speaker in the sentence before is no piece of the statement, and is given apart."""
    speaker = _cue("سالم", "speaker")
    assert pieces(_statement(speaker)) == (Piece(text=BODY[START:], role=None),)
    assert list(outside(_statement(speaker, _cue("سنضرب", "trigger")))) == [speaker]


def test_a_statement_without_cues_is_one_piece():
    """No evidence, no cuts."""
    assert _cut() == [(BODY[START:], None)]
