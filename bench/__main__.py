"""Run the measures of all parts, or of one: `python -m bench [part]`."""

from __future__ import annotations

import sys

from bench import alerts, engine, ingest, operate, quality, warehouse
from bench.results import Measure, show, store

PARTS = {
    "engine": engine.measures,
    "ingest": ingest.measures,
    "warehouse": warehouse.measures,
    "operate": operate.measures,
    "quality": quality.measures,
    "alerts": alerts.measures,
}


def main(only: list[str]) -> int:
    """Measure, print a line a measure as it is known, and keep all in bench/out/results.json."""
    if unknown := [part for part in only if part not in PARTS]:
        print(f"bench: no part {unknown[0]}; there are {', '.join(PARTS)}", file=sys.stderr)
        return 2
    done: dict[str, Measure] = {}
    for part in only or PARTS:
        for name, measure in PARTS[part]():
            show(name, measure)
            done[name] = measure
    store(done)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
