"""Whatever bytes come: an answer or a named error, never another exception. The seeds are damaged from here.

What must hold is said in `fuzz.targets`, which `make fuzz` searches with atheris.
"""

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fuzz.targets import TARGETS, seeds

PROJECT = Path(__file__).parents[3]
SEEDS = {target: seeds(target) for target in TARGETS}
PIECES = [seed[start : start + 40] for each in SEEDS.values() for seed in each for start in range(0, len(seed), 40)]
QUICK = settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def damaged(draw, target):
    """A seed with pieces of others put in, bytes changed, and an end cut off; or bytes alone."""
    if draw(st.integers(0, 9)) == 0:
        return draw(st.binary(max_size=200))
    body = bytearray(draw(st.sampled_from(SEEDS[target])))
    for _ in range(draw(st.integers(0, 4))):
        at = draw(st.integers(0, len(body)))
        body[at : at + draw(st.integers(0, 8))] = draw(st.sampled_from(PIECES) | st.binary(max_size=8))
    return bytes(body[: draw(st.integers(0, len(body)))]) if draw(st.booleans()) else bytes(body)


@QUICK
@given(damaged("feed"))
def test_any_bytes_are_a_feed_a_sitemap_a_channel_or_none(body):
    """Entries can be fetched, times are in UTC or none, posts stand in the channel."""
    TARGETS["feed"](body)


@QUICK
@given(damaged("page"))
def test_any_bytes_are_a_page_or_none(body):
    """Articles have a title, a text and an identity, and read the same twice."""
    TARGETS["page"](body)


@QUICK
@given(damaged("dates") | st.text(max_size=60).map(lambda text: text.encode("utf-8", "replace")))
def test_any_text_has_dates_or_none(body):
    """Where they say they stand, in order; a time for machines is in UTC or none."""
    TARGETS["dates"](body)


@QUICK
@given(st.datetimes().map(lambda moment: moment.isoformat().encode()))
def test_any_time_is_read(body):
    """Whatever its year."""
    TARGETS["dates"](body)


@pytest.mark.parametrize("target", TARGETS)
def test_the_seeds_themselves_are_answered(target):
    """Each has several, and all of them pass through every target."""
    assert len(SEEDS[target]) > 5
    for body in SEEDS[target]:
        for reader in TARGETS.values():
            reader(body)


def test_what_does_not_hold_is_raised(monkeypatch):
    """A target that could not fail would prove nothing."""
    monkeypatch.setattr("fuzz.targets.read_time", lambda _: object())
    with pytest.raises(AttributeError):
        TARGETS["dates"](b"5 March 2026")
    monkeypatch.setattr("fuzz.targets.parse_feed", lambda *_, **__: 1 // 0)
    with pytest.raises(ZeroDivisionError):
        TARGETS["feed"](b"<rss/>")


def test_an_unknown_target_is_refused():
    """The command names the targets that there are."""
    done = subprocess.run(
        [sys.executable, "-m", "fuzz", "none"], cwd=PROJECT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, "there are feed, page, dates" in done.stderr) == (2, True)
