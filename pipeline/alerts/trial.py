"""An alert about a statement that nobody made: to see whether mails arrive and how they read."""

from __future__ import annotations

from datetime import datetime

from pipeline.alerts.registry import Found
from pipeline.records import CAMEO, Alert, Article, Cue, Statement
from pipeline.records.identity import content_id

_LEAD = "رسالة تجريبية من «بيان»، لم يقل أحد ما فيها. "
_WORDS = "أعلنت جماعة لا وجود لها أنها ستوقف إطلاق النار ثلاثة أيام"


def trial_found(now: datetime) -> list[Found]:
    """The invented statement in its invented article."""
    start = len(_LEAD)
    article = Article(
        url="https://trial.invalid/",
        title="رسالة تجريبية | test message",
        body=_LEAD + _WORDS + ".",
        language="ar",
        published_at=now,
        published_basis="metadata",
        author=None,
        outlet="Bayan (test)",
        source_id="trial",
        capture_id="trial",
    )
    trigger = _WORDS.index("ستوقف إطلاق النار")
    statement = Statement(
        label="truce",
        text=_WORDS,
        start=start,
        end=start + len(_WORDS),
        said_on=now.date(),
        said_on_precision="day",
        said_on_basis="publication",
        channel="statement",
        confidence=1.0,
        cameo=CAMEO["truce"],
        rules=("trial",),
        cues=(Cue(start=start + trigger, end=start + trigger + len("ستوقف إطلاق النار"), role="trigger"),),
    )
    return [(statement.statement_id, statement, article)]


def trial_alert(recipient: str, *, domain: str, run_id: str, now: datetime) -> Alert:
    """One mail to one address; a repeated run has the same Message-ID."""
    return Alert(
        subscription_id="trial",
        statement_ids=("trial",),
        message_id=f"<{content_id('trial', run_id, recipient)}@{domain}>",
        recipients=(recipient,),
        created_at=now,
    )
