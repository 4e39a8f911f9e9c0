"""What a reader of the text knows when a date comes: when it was published, and which dates were named before.

What "a day earlier" or "the same year" counts from is the one day, month or year that the paragraph named so far, or
the last paragraph that named any. Of two different ones nobody can say which is meant, and behind a date that could
not be told neither: then there is no anchor.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from pipeline.records.statement import DatePrecision
from pipeline.text.dates.mention import Reading


@dataclass(slots=True)
class Story:
    """Filled while a text is read.

    Attributes:
        published_on: day of publication, or None.
        before: readings of the last paragraph that named any.
        here: readings of this paragraph.
        clear: every written date of this paragraph, and of `before`, could be told.
    """

    published_on: date | None
    before: list[Reading] = field(default_factory=list)
    here: list[Reading] = field(default_factory=list)
    clear: bool = True
    _blurred: bool = False

    def add(self, reading: Reading) -> None:
        """A date was read."""
        self.here.append(reading)

    def blur(self) -> None:
        """A date stood here that could not be told."""
        self.clear, self._blurred = False, True

    def begin_paragraph(self) -> None:
        """What was here is before now."""
        if self.here or self._blurred:
            self.before, self.here = self.here, []
            self.clear, self._blurred = not self._blurred, False

    def anchor(self, precision: DatePrecision) -> date | None:
        """First day of the one day, month or year that was named; finer dates name the coarser too."""
        named = {_rounded(reading, precision) for reading in self._named(precision)}
        return next(iter(named)) if len(named) == 1 and self.clear else None

    def has_days(self) -> bool:
        """Whether a day was named that an anchor could be taken from."""
        return bool(self._named("day"))

    def years(self) -> frozenset[int]:
        """Years of the days named."""
        return frozenset(reading.on.year for reading in self._named("day"))

    def written_here(self) -> list[date]:
        """Days of this paragraph that do not come from the publication date."""
        days = [reading for reading in self.here if reading.precision == "day"]
        return [reading.on for reading in days if reading.basis != "relative-to-publication"]

    def _named(self, precision: DatePrecision) -> list[Reading]:
        fine = _AS_FINE[precision]
        here = [reading for reading in self.here if reading.precision in fine]
        return here or [reading for reading in self.before if reading.precision in fine]


_AS_FINE: dict[DatePrecision, tuple[DatePrecision, ...]] = {
    "day": ("day",),
    "month": ("day", "month"),
    "year": ("day", "month", "year"),
}


def _rounded(reading: Reading, precision: DatePrecision) -> date:
    if precision == "day":
        return reading.on
    return reading.on.replace(day=1) if precision == "month" else reading.on.replace(month=1, day=1)
