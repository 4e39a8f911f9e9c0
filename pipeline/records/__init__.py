"""The nouns: frozen, slotted, keyword-only records that every stage hands to the next.

They hold values and derive their own identity; they read no clock, file or database. Times are aware datetimes in
UTC (`_at`), dates are `datetime.date` (`_on`), offsets count characters of the text as given.
"""

from pipeline.records.alert import Alert, Failed, Item, Provenance, Refusal, Schedule, Settled, Silence, Subscription
from pipeline.records.article import Article, Entry
from pipeline.records.batch import AnalysedBatch, CollectedPage, Loaded, PageKept
from pipeline.records.capture import Capture, Response
from pipeline.records.document import Document, MalformedDocument
from pipeline.records.health import NO_VALIDATORS, SOURCE_STATES, SourceHealth, SourceState, Validators
from pipeline.records.period import Period
from pipeline.records.source import LOCAL_KINDS, SOURCE_KINDS, Source, SourceKind
from pipeline.records.statement import CAMEO, LABELS, Cue, Label, Statement
from pipeline.records.verdict import Quarantined, Verdict
from pipeline.records.visit import ArticleEvent, Fingerprint, Visit

__all__ = [
    "CAMEO",
    "LABELS",
    "LOCAL_KINDS",
    "NO_VALIDATORS",
    "SOURCE_KINDS",
    "SOURCE_STATES",
    "Alert",
    "AnalysedBatch",
    "Article",
    "ArticleEvent",
    "Capture",
    "CollectedPage",
    "Cue",
    "Document",
    "Entry",
    "Failed",
    "Fingerprint",
    "Item",
    "Label",
    "Loaded",
    "MalformedDocument",
    "PageKept",
    "Period",
    "Provenance",
    "Quarantined",
    "Refusal",
    "Response",
    "Schedule",
    "Settled",
    "Silence",
    "Source",
    "SourceHealth",
    "SourceKind",
    "SourceState",
    "Statement",
    "Subscription",
    "Validators",
    "Verdict",
    "Visit",
]
