"""The nouns: frozen, slotted, keyword-only records that every stage hands to the next.

They hold values and derive their own identity; they read no clock, file or database. Times are aware datetimes in
UTC (`_at`), dates are `datetime.date` (`_on`), offsets count characters of the text as given.
"""

from pipeline.records.alert import Alert, Refusal, Subscription
from pipeline.records.article import Article, Entry
from pipeline.records.batch import AnalysedBatch, CollectedPage, Loaded
from pipeline.records.capture import Capture, Response
from pipeline.records.source import Source
from pipeline.records.statement import CAMEO, LABELS, Cue, Label, Statement
from pipeline.records.verdict import Quarantined, Verdict

__all__ = [
    "CAMEO",
    "LABELS",
    "Alert",
    "AnalysedBatch",
    "Article",
    "Capture",
    "CollectedPage",
    "Cue",
    "Entry",
    "Label",
    "Loaded",
    "Quarantined",
    "Refusal",
    "Response",
    "Source",
    "Statement",
    "Subscription",
    "Verdict",
]
