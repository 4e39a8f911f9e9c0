"""Dates in Arabic and English text: which day, month or year a passage names, how exactly, and counted from what.

Refused rather than guessed: what can mean two days gives nothing. The rules that decide stand where they are applied:
`numeric` (03-04-2021), `resolve` (a missing year), `weekdays` (on Monday), `counted` (قبل يومين from publication,
وقبل يوم واحد فقط from the text), `hijri` (which is honest to a day only beside a weekday or a Gregorian date). What is
said inside quotation marks of أمس or اليوم counts from a day that the text does not tell, so only written dates are
read there. Whose words a date belongs to is not known here.
"""

from pipeline.text.dates.find import find_dates
from pipeline.text.dates.mention import DateMention

__all__ = ["DateMention", "find_dates"]
