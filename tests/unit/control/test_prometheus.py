"""The text that Prometheus reads."""

from datetime import timedelta

import pytest

from pipeline.control.prometheus import exposition, quantile
from pipeline.records.figures import Figures, SourceFigure
from tests.fakes.press import NOON


def _source(source_id: str, state: str) -> SourceFigure:
    return SourceFigure(
        source_id=source_id, name=source_id, url="https://x.example", articles=0, state=state, state_since=NOON,
        last_success_at=None, problem=None,
    )  # fmt: skip


FIGURES = Figures(
    at=NOON,
    sources=(_source("a", "healthy"), _source("b", "healthy"), _source("c", "silent")),
    statements={"threat": 3},
    held={"pages": 2},
    held_last_day=1,
    held_week_before=0,
    batches_held=(),
    verdicts={("articles", True): 7, ("articles", False): 1},
    waiting=2,
    waiting_since=NOON - timedelta(minutes=5),
    given_up=0,
    runs={("collect", "done"): 4},
    lags=(60.0, 120.0, 600.0),
)


def test_every_state_label_and_verdict_has_its_series():
    """A state that nothing is in stands as zero, so that an alarm on it never waits for a first case."""
    lines = exposition(FIGURES).splitlines()
    expected = {
        'bayan_sources{state="healthy"} 2',
        'bayan_sources{state="silent"} 1',
        'bayan_sources{state="disabled"} 0',
        'bayan_statements{label="threat"} 3',
        'bayan_statements{label="truce"} 0',
        'bayan_quarantine{stage="pages"} 2',
        'bayan_gate_verdicts_last_day{suite="articles",passed="false"} 1',
        "bayan_outbox_mails 2",
        "bayan_outbox_oldest_seconds 300",
        'bayan_runs_last_day{job="collect",status="done"} 4',
        'bayan_lag_seconds{quantile="0.5"} 120',
        'bayan_lag_seconds{quantile="0.95"} 600',
    }
    assert set() == expected - set(lines)


def test_each_metric_is_named_with_its_type_before_its_values():
    """As the format asks: HELP, TYPE, samples, and a newline at the end."""
    text = exposition(FIGURES)
    names = [line.split()[2] for line in text.splitlines() if line.startswith("# TYPE")]
    assert (True, len(names)) == (text.endswith("\n"), len(set(names)))
    for line in text.splitlines():
        if not line.startswith("#"):
            assert line.split("{")[0].split()[0] in names


def test_what_stands_in_a_label_cannot_break_out_of_it():
    """Quotes, backslashes and line breaks are escaped."""
    odd = exposition(Figures(**{**_fields(FIGURES), "held": {'a"b\\c\nd': 1}}))
    assert 'bayan_quarantine{stage="a\\"b\\\\c\\nd"} 1' in odd.splitlines()


@pytest.mark.parametrize(("share", "expected"), [(0.0, 1.0), (0.5, 3.0), (0.95, 4.0), (1.0, 4.0)])
def test_a_quantile_is_a_value_that_occurred(share, expected):
    """No value is made up between two that were measured."""
    assert expected == quantile((1.0, 2.0, 3.0, 4.0), share)


def _fields(figures: Figures) -> dict:
    return {name: getattr(figures, name) for name in figures.__dataclass_fields__}
