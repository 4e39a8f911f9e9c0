"""The page of all rules, docs/rules-list.md: what each finds, and how often it is right on our own texts."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pipeline.matching.rule import Rule
    from pipeline.statements import Engine

_HEAD = """# All rules

Made by `bayan rules list --markdown > docs/rules-list.md`; a test tells when it is out of date. *Samples*: sentences
inside the rule that must match, that must not, and known misses. *Written* and *newsroom*: statements in which the rule
fired, right and wrong, on `tests/quality/written.jsonl` and on `samples/newsroom`. Both were written for this project:
the figures show what a rule is used for, not how it does on the world's news.
"""
_LABELS = ("threat", "admission", "truce")


@dataclass(frozen=True, slots=True)
class _Text:
    """A text and what is known of it: the labels of the whole, or of the places where statements begin."""

    text: str
    language: str | None
    labels: frozenset[str]
    places: tuple[tuple[int, frozenset[str]], ...] | None = None

    def holds(self, label: str, start: int, end: int) -> bool:
        if self.places is None:
            return label in self.labels
        return any(start - 2 <= at < end and label in labels for at, labels in self.places)


def rules_page(engine: Engine, project: Path) -> str:
    """The page for an engine, measured on the labelled texts in the folder `project`."""
    written = _support(engine, _written(project / "tests" / "quality" / "written.jsonl"))
    newsroom = _support(engine, _newsroom(project / "samples" / "newsroom"))
    lines = [_HEAD]
    for language, title in (("ar", "Arabic"), ("en", "English")):
        for label in _LABELS:
            rules = [r for r in engine.rulebook.rules.values() if (r.language, r.label) == (language, label)]
            if rules:
                lines += [
                    f"\n## {title}: {label}\n",
                    "| rule | what it finds | status | samples | written | newsroom |",
                ]
                lines += ["|---|---|---|---|---|---|"]
                lines += [_row(r, written, newsroom) for r in sorted(rules, key=lambda r: r.rule_id)]
    return "\n".join(lines) + "\n"


def _row(rule: Rule, *supports: Mapping[tuple[str, bool], int]) -> str:
    samples = rule.samples
    counts = f"{len(samples.match)} / {len(samples.no_match)} / {len(samples.todo)}"
    measured = [f"{s[rule.rule_id, True]} right, {s[rule.rule_id, False]} wrong" for s in supports]
    cells = (f"[{rule.rule_id}](../rules/{rule.path})", rule.description.replace("|", "\\|"), rule.status, counts)
    return f"| {' | '.join((*cells, *measured))} |"


def _support(engine: Engine, texts: Iterable[_Text]) -> Counter[tuple[str, bool]]:
    """How often each rule was right (True) and wrong."""
    counts: Counter[tuple[str, bool]] = Counter()
    for text in texts:
        for found in engine.classify(text.text, language=text.language):
            right = text.holds(found.label, found.start, found.end)
            counts.update((rule, right) for rule in found.rules)
    return counts


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    return (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines())


def _written(path: Path) -> Iterator[_Text]:
    for row in _rows(path):
        yield _Text(row["text"], row.get("lang"), frozenset(row["labels"]))


def _newsroom(folder: Path) -> Iterator[_Text]:
    expected = list(_rows(folder / "expected.jsonl"))
    for page in sorted((folder / "articles").glob("*.html")):
        text = _body(page)
        marked = [row for row in expected if row["article"] == page.stem]
        places = tuple((text.index(row["anchor"]), frozenset(row["labels"])) for row in marked)
        yield _Text(text, None, frozenset(), places)


def _body(page: Path) -> str:
    """The paragraphs of a page of the sample newsroom, one a line."""
    from lxml import html

    tree = html.document_fromstring(page.read_bytes())
    (body,) = [
        tree.find_class(name)[0] for name in ("article-body", "entry-content", "post-text") if tree.find_class(name)
    ]
    return "\n".join(" ".join(element.text_content().split()) for element in body.iter("p"))
