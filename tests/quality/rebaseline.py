"""Set the floors of the written corpus to what the engine reaches now, and show what it gets wrong.

    python tests/quality/rebaseline.py            # raise the floors, or take in a changed corpus
    python tests/quality/rebaseline.py --show     # change nothing: figures, then missed and wrong texts by kind
    python tests/quality/rebaseline.py --lower    # the same as the first, and floors may fall

A floor that would fall is refused without --lower, so that it falls only where somebody decided it.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections import defaultdict
from collections.abc import Iterable

import typer

from tests.quality.corpus import BASELINE, Figures, Reading, fingerprint, measure, parents, read_corpus, read_engine


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--show", action="store_true", help="change nothing; print figures, missed and wrong texts")
    options.add_argument("--lower", action="store_true", help="let floors fall")
    arguments = options.parse_args()
    readings = read_corpus(read_engine())
    figures = measure(readings, parents())
    for name, figure in figures.items():
        typer.echo(f"{name:20} {figure:.3f}")
    if arguments.show:
        show(readings)
    else:
        write(figures, lower=arguments.lower)


def show(readings: Iterable[Reading]) -> None:
    """Missed and wrong texts, gathered by kind, the most frequent kind first."""
    kinds: dict[tuple[str, str], list[str]] = defaultdict(list)
    for reading in readings:
        if reading.row.get("uncertain"):
            continue
        for what, labels in (
            ("missed", reading.wanted - reading.found),
            ("wrong", reading.found - reading.wanted),
        ):
            if labels:
                row = reading.row
                text = " ".join(row["text"].split())
                kinds[what, row["kind"]].append(f"{row['id']} {'+'.join(sorted(labels))}: {text[:160]}")
    for (what, kind), lines in sorted(kinds.items(), key=lambda item: (item[0][0], -len(item[1]), item[0][1])):
        typer.echo("\n  ".join([f"\n{what} {kind} ({len(lines)})", *lines]))


def write(figures: Figures, *, lower: bool) -> None:
    """The floors: each figure rounded down to 0.01."""
    floors = {name: math.floor(figure * 100 + 1e-9) / 100 for name, figure in figures.items()}
    before = json.loads(BASELINE.read_text(encoding="utf-8"))["floors"] if BASELINE.exists() else {}
    fallen = [f"{name} {before[name]} -> {floor}" for name, floor in floors.items() if floor < before.get(name, 0)]
    if fallen and not lower:
        sys.exit(f"rebaseline: floors would fall: {', '.join(fallen)}; mend the rules, or decide it with --lower")
    content = {"corpus_sha256": fingerprint(), "floors": floors}
    BASELINE.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    typer.echo(f"written: {BASELINE.name}" + (f"; fallen: {', '.join(fallen)}" if fallen else ""))


if __name__ == "__main__":
    main()
