"""Judging one batch: articles through the gate, rules over what passes, statements through the gate, then the batch.

What is held is decided in `pipeline.quality`; loading and the loop over batches stand in `analyse`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import replace
from datetime import datetime

from pipeline.jobs.ports import Classifier, Gate, StatementStore
from pipeline.quality import Pack, article_held, article_rows, held_reasons, statement_held, statement_rows
from pipeline.quality.batches import Volume, batch_held, batch_rows, sources_to_judge
from pipeline.quality.holding import Reason
from pipeline.quality.statements import row_key
from pipeline.records import AnalysedBatch, Article, Quarantined, Statement, Verdict

BROKEN = "classifier-error"
"""Reason in the quarantine of an article on which the rules' own code broke."""

_Analysed = list[tuple[Article, Sequence[Statement]]]


class Judge:
    """The gate and the rules, over one batch after another.

    Args:
        classifier: the rules.
        gate: the judge of rows.
        store: knows how much each source usually brings, and which held batches a person accepted.
        pack: what statements must keep to.
        now: UTC time of the run.
    """

    def __init__(self, *, classifier: Classifier, gate: Gate, store: StatementStore, pack: Pack, now: datetime) -> None:
        self._classifier = classifier
        self._gate = gate
        self._store = store
        self._pack = pack
        self._now = now

    def judge(self, articles: Sequence[Article], unjudged: Set[str]) -> AnalysedBatch:
        """The batch as it is to be loaded.

        Args:
            articles: the batch.
            unjudged: ids of the versions that the suite `articles` has to judge.
        """
        asked = [article for article in articles if article.version_id in unjudged]
        kept, held, verdicts = self._judge_articles(asked) if asked else ([], [], ())
        passed_now = {article.version_id for article in kept}
        sound = [it for it in articles if it.version_id in passed_now or it.version_id not in unjudged]
        found, broken = self._classify(sound)
        passed, held_statements, more = self._judge_statements(found)
        statements = {article.version_id: those for article, those in passed}
        batch = AnalysedBatch(
            analysed=[(article, statements.get(article.version_id, ())) for article in articles],
            held=[*held, *broken, *held_statements],
            verdicts=[*verdicts, *more],
            ruleset=self._classifier.ruleset,
        )
        return self._judge_batch(batch, statements)

    def _judge_articles(
        self, articles: Sequence[Article]
    ) -> tuple[list[Article], list[Quarantined], tuple[Verdict, ...]]:
        verdicts = self._gate.judge("articles", article_rows(articles, now=self._now))
        reasons = held_reasons(verdicts, [article.version_id for article in articles])
        held = [article_held(it, reasons[it.version_id]) for it in articles if it.version_id in reasons]
        return [article for article in articles if article.version_id not in reasons], held, verdicts

    def _classify(self, articles: Sequence[Article]) -> tuple[_Analysed, list[Quarantined]]:
        found: _Analysed = []
        held: list[Quarantined] = []
        for article in articles:
            try:
                found.append((article, self._classifier.statements(article)))
            except Exception as error:  # noqa: BLE001 - one text that breaks the rules' code must not stop all others
                what = f"{type(error).__name__}: {error}"
                observed = f"the rules broke on it ({what}); report it with the quarantined text"
                held.append(article_held(article, Reason(expectation=BROKEN, observed=observed)))
        return found, held

    def _judge_statements(self, found: _Analysed) -> tuple[_Analysed, list[Quarantined], tuple[Verdict, ...]]:
        rows = statement_rows(found, pack=self._pack, now=self._now)
        if not rows:
            return found, [], ()
        verdicts = self._gate.judge("statements", rows)
        reasons = held_reasons(verdicts, [str(row["row_key"]) for row in rows])
        passed: _Analysed = []
        held: list[Quarantined] = []
        for article, statements in found:
            keyed = [(row_key(article, position), statement) for position, statement in enumerate(statements)]
            passed.append((article, [statement for key, statement in keyed if key not in reasons]))
            held += [statement_held(statement, article, reasons[key]) for key, statement in keyed if key in reasons]
        return passed, held, verdicts

    def _judge_batch(self, batch: AnalysedBatch, found: Mapping[str, Sequence[Statement]]) -> AnalysedBatch:
        """Hold what a source brought as a whole where that is out of all proportion, unless a person accepted it."""
        brought = sources_to_judge([article for article, _ in batch.analysed])
        if not brought:
            return batch
        volumes: Mapping[str, Volume] = self._store.volumes(brought, now=self._now)
        rows = batch_rows(brought, found, volumes)
        verdicts = self._gate.judge("batches", rows)
        reasons = held_reasons(verdicts, list(brought))
        versions = {it.version_id for source_id in reasons for it in brought[source_id]}
        accepted = self._store.accepted_versions(versions) if versions else set()
        held = [
            batch_held(source_id, kept_back, reason)
            for source_id, reason in reasons.items()
            if (kept_back := [it.version_id for it in brought[source_id] if it.version_id not in accepted])
        ]
        not_loaded = frozenset(versions - accepted)
        others = [item for item in batch.held if item.version_id not in not_loaded]
        return replace(batch, held=[*others, *held], verdicts=[*batch.verdicts, *verdicts], not_loaded=not_loaded)
