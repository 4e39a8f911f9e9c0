"""Stand-ins for what analysing reaches: rules that find what they are told, a gate that holds what it is told."""

from collections.abc import Mapping, Sequence

from pipeline.records import Article, Statement, Verdict


class ToldRules:
    """Rules that find, by article URL, the given statements; an exception in their place is raised."""

    def __init__(self, found: Mapping[str, Sequence[Statement] | Exception], ruleset: str = "rules-1") -> None:
        self.found = found
        self.ruleset = ruleset

    def statements(self, article: Article) -> tuple[Statement, ...]:
        found = self.found.get(article.url, ())
        if isinstance(found, Exception):
            raise found
        return tuple(found)


class ToldGate:
    """A gate that fails rows with the given values in the given column, and keeps what it was asked."""

    def __init__(self, fails: Mapping[str, tuple[str, object]] | None = None) -> None:
        self.fails = fails or {}
        self.asked: list[tuple[str, int]] = []
        self.published = 0

    def publish(self) -> None:
        self.published += 1

    def judge(self, suite: str, rows: Sequence[Mapping[str, object]]) -> tuple[Verdict, ...]:
        self.asked.append((suite, len(rows)))
        column, value = self.fails.get(suite, ("row_key", None))
        failed = {str(row["row_key"]): f"{column} {value}" for row in rows if row[column] == value}
        return (
            Verdict(
                suite=suite,
                expectation=f"{column}-right",
                passed=not failed,
                row_level=True,
                rows=len(rows),
                failed_rows=failed,
            ),
        )
