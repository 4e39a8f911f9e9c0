"""Speed of the warehouse: loading against the drivers alone, the analysts' queries over years, reading history again.

`python -m bench.warehouse --statements 20000 --loaded 5000 --articles 2000` measures a small one and stores nothing.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from bench.loading import ratio as loading_ratio
from bench.queries import slowest_median
from bench.reclassifying import ratio as reclassifying_ratio
from bench.results import Measure, show


def measures(
    statements: int = 1_000_000, loaded: int = 100_000, articles: int = 100_000
) -> Iterator[tuple[str, Measure]]:
    """All measures of the warehouse, as they are known.

    Args:
        statements: that the warehouse holds when it is asked.
        loaded: statements that are loaded into an empty one.
        articles: that are read again.
    """
    yield "warehouse.copy_ratio", loading_ratio("postgresql", loaded)
    yield "warehouse.sqlite_ratio", loading_ratio("sqlite", loaded)
    yield "warehouse.query_p50_ms", slowest_median(statements)
    yield "warehouse.reclassify_ratio", reclassifying_ratio(articles)


def main() -> None:
    """Measure with other sizes."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--statements", type=int, default=1_000_000)
    parser.add_argument("--loaded", type=int, default=100_000)
    parser.add_argument("--articles", type=int, default=100_000)
    for name, measure in measures(**vars(parser.parse_args())):
        show(name, measure)


if __name__ == "__main__":
    main()
