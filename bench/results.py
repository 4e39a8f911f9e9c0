"""What a measure is, how it is shown, and where it is kept."""

from __future__ import annotations

import json
import operator
from dataclasses import dataclass
from pathlib import Path

RESULTS = Path(__file__).parent / "out" / "results.json"
_HOLDS = {">=": operator.ge, "<=": operator.le}


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure.

    Attributes:
        unit: what `value` counts.
        bar: what is asked for, as in `>=100`.
        remark: how it was measured.
    """

    value: float
    unit: str
    bar: str
    remark: str

    @property
    def ok(self) -> bool:
        """Whether the value holds the bar."""
        return bool(_HOLDS[self.bar[:2]](self.value, float(self.bar[2:])))


def show(name: str, measure: Measure) -> None:
    """One line."""
    verdict = "ok" if measure.ok else "BELOW THE BAR"
    figures = f"{name:28} {measure.value:>10.2f} {measure.unit:14} {measure.bar:>7}"
    print(f"{figures}  {verdict}; {measure.remark}", flush=True)


def store(done: dict[str, Measure]) -> None:
    """Keep the measures; those of parts that were not run stay as they are."""
    kept = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
    kept.update({n: {"value": round(m.value, 3), "unit": m.unit, "bar": m.bar, "ok": m.ok} for n, m in done.items()})
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    RESULTS.write_text(json.dumps(kept, indent=2, sort_keys=True) + "\n", encoding="utf-8")
