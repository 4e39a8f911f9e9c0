"""One collecting run in a process of its own, so that its memory is its own: prints counts and peak as JSON."""

from __future__ import annotations

import json
import resource
import time

from pipeline import bootstrap


def main() -> None:
    """Collect every source of the settings once."""
    settings = bootstrap.read_settings()
    bootstrap.prepare_warehouse(settings)
    began = time.monotonic()
    summary = bootstrap.run_collect_many(settings, {name: f"bench/{name}" for name in bootstrap.source_ids(settings)})
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"counts": summary.counts, "seconds": time.monotonic() - began, "peak_mb": peak}))


if __name__ == "__main__":
    main()
