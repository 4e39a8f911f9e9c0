"""The figures of the house in the text format of Prometheus, version 0.0.4."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from pipeline.records import LABELS, SOURCE_STATES
from pipeline.records.figures import Figures

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"
STATES = (*SOURCE_STATES, "new")
QUANTILES = (0.5, 0.95)

Sample = tuple[Mapping[str, str], float]


def exposition(figures: Figures) -> str:
    """All metrics, each with its help; those of the last day fall as well as rise."""
    return "".join(line + "\n" for block in _blocks(figures) for line in block)


def _blocks(figures: Figures) -> Iterator[Iterator[str]]:
    states = [source.state for source in figures.sources]
    yield _gauge("bayan_sources", "Sources that are collected, by state.", _each("state", STATES, states.count))
    yield _gauge(
        "bayan_statements",
        "Statements that stand, by label.",
        _each("label", LABELS, lambda label: figures.statements.get(label, 0)),
    )
    yield _gauge("bayan_quarantine", "Things held, by stage.", _each("stage", sorted(figures.held), figures.held.get))
    yield _gauge("bayan_quarantine_last_day", "Things newly held in 24 hours.", [({}, figures.held_last_day)])
    yield _gauge(
        "bayan_gate_verdicts_last_day",
        "Expectations judged in 24 hours, by suite and whether they held.",
        [
            ({"suite": suite, "passed": str(passed).lower()}, count)
            for (suite, passed), count in sorted(figures.verdicts.items())
        ],
    )
    held = len(figures.batches_held)
    yield _gauge("bayan_batches_held_last_day", "Batches held by the gate that nobody dealt with.", [({}, held)])
    yield _gauge("bayan_outbox_mails", "Alert mails that wait.", [({}, figures.waiting)])
    waited = (figures.at - figures.waiting_since).total_seconds() if figures.waiting_since else 0.0
    yield _gauge("bayan_outbox_oldest_seconds", "How long the oldest of them waits.", [({}, waited)])
    yield _gauge("bayan_mails_given_up", "Alert mails refused for good.", [({}, figures.given_up)])
    yield _gauge(
        "bayan_runs_last_day",
        "Runs that started in 24 hours, by job and status.",
        [({"job": job, "status": status}, count) for (job, status), count in sorted(figures.runs.items())],
    )
    yield _gauge(
        "bayan_lag_seconds",
        "From publication to the row in the warehouse, of new articles stored in 24 hours.",
        [({"quantile": str(share)}, quantile(figures.lags, share)) for share in QUANTILES if figures.lags],
    )


def quantile(ordered: tuple[float, ...], share: float) -> float:
    """The value below which this share of the values lies: the nearest one that occurs."""
    return ordered[min(int(share * len(ordered)), len(ordered) - 1)]


def _each(name: str, values: Iterable[str], count: object) -> list[Sample]:
    return [({name: value}, count(value) or 0) for value in values]  # type: ignore[operator]


def _gauge(name: str, told: str, samples: Iterable[Sample]) -> Iterator[str]:
    yield f"# HELP {name} {told}"
    yield f"# TYPE {name} gauge"
    for labels, value in samples:
        inside = ",".join(f'{key}="{_escaped(said)}"' for key, said in labels.items())
        yield f"{name}{{{inside}}} {value:g}" if inside else f"{name} {value:g}"


def _escaped(value: str) -> str:
    return value.replace("\\", r"\\").replace("\n", r"\n").replace('"', r"\"")
