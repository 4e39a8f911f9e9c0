"""What the quality gate found, and what it held back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.records.identity import content_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The result of one expectation over one batch.

    Attributes:
        suite: `articles` or `statements`.
        expectation: the expectation's id in its suite file, readable: `offsets-within-article`.
        passed: whether the expectation held.
        row_level: whether it judges rows (failing rows are held) or the batch as a whole (the batch is held).
        rows: how many rows were judged.
        failed_rows: keys of the rows that broke it, with the value observed.
        observed: the observed value of a batch expectation, as text, or None.
    """

    suite: str
    expectation: str
    passed: bool
    row_level: bool
    rows: int
    failed_rows: Mapping[str, str]
    observed: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Quarantined:
    """Something that a stage could not take: kept with its reason, never dropped.

    Attributes:
        stage: `entries`, `pages`, `articles`, `statements` or `batches`.
        reason: an expectation's id or the code of an error (`status-404`, `no-article`, `no-link`).
        detail: one line for a person: what was observed and what to do.
        payload: the thing itself as JSON text.
        key: what identifies the thing inside its stage: an entry's key, a URL, a version or statement id.
        source_id: where it came from, or None.
        version_id: the version of an article that it is or was found in, or None.
    """

    stage: str
    reason: str
    detail: str
    payload: str
    key: str
    source_id: str | None = None
    version_id: str | None = None

    @property
    def quarantine_id(self) -> str:
        """The same thing of the same source held for the same reason again is one row."""
        return content_id("quarantine", self.stage, self.reason, self.key, self.source_id)
