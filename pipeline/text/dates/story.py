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
class Named:
    """The dates of one paragraph. Finer dates name the coarser too: a day names its month and year.

    Attributes:
        days: days.
        months: first days of months.
        years: first days of years.
        earliest_written: earliest day that does not come from the publication date.
        blurred: a date stood here that could not be told.
    """

    days: set[date] = field(default_factory=set)
    months: set[date] = field(default_factory=set)
    years: set[date] = field(default_factory=set)
    earliest_written: date | None = None
    blurred: bool = False

    def add(self, reading: Reading) -> None:
        self.years.add(reading.on.replace(month=1, day=1))
        if reading.precision != "year":
            self.months.add(reading.on.replace(day=1))
        if reading.precision == "day":
            self.days.add(reading.on)
            if reading.basis != "relative-to-publication":
                self.earliest_written = min(reading.on, self.earliest_written or reading.on)

    def of(self, precision: DatePrecision) -> set[date]:
        return {"day": self.days, "month": self.months, "year": self.years}[precision]


class Story:
    """Filled while a text is read.

    Attributes:
        published_on: day of publication, or None.
        here: dates of this paragraph so far.
    """

    def __init__(self, published_on: date | None, previous: date | None) -> None:
        self.published_on = published_on
        self.here = Named()
        self._before = Named()
        if previous:
            self._before.add(Reading(previous, "day", "text"))

    def begin_paragraph(self) -> None:
        """What was here is before now; a paragraph that named nothing changes nothing."""
        if self.here.years or self.here.blurred:
            self._before, self.here = self.here, Named()

    def anchor(self, precision: DatePrecision) -> date | None:
        """First day of the one day, month or year that was named."""
        named = self._named(precision)
        clear = not self.here.blurred and not (self._before.blurred and not self.here.of(precision))
        return next(iter(named)) if len(named) == 1 and clear else None

    def has_days(self) -> bool:
        """Whether a day was named that an anchor could be taken from."""
        return bool(self._named("day"))

    def has_only_year(self, year: int) -> bool:
        """Whether all days named are of `year`; so also when none is."""
        return all(day.year == year for day in self._named("day"))

    def _named(self, precision: DatePrecision) -> set[date]:
        return self.here.of(precision) or self._before.of(precision)
