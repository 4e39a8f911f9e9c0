"""spaCy's side of the contest. Runs in an environment of its own: a contest as JSON on stdin, times and matches out.

spaCy is given text that is folded, freed of marks and parted into sentences already; its blank Arabic pipeline and its
matching are timed.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import spacy
from spacy.language import Language
from spacy.matcher import Matcher, PhraseMatcher
from spacy.tokens import Doc

from bench.contest import compile_contest
from pipeline.matching.match import by_class, find_matches
from pipeline.matching.scan import Mention

Texts = list[list[tuple[int, str]]]
Found = set[tuple[int, int, str]]


def with_matcher(given: dict[str, Any]) -> Callable[[Texts], Found]:
    """Matcher, each gap a repeated wildcard."""
    nlp = spacy.blank("ar")
    matcher = Matcher(nlp.vocab)
    for name, pattern in given["patterns"].items():
        matcher.add(name, [[_token(item, given["classes"]) for item in pattern]])

    def run(texts: Texts) -> Found:
        return {
            (number, first + start, nlp.vocab.strings[key])
            for number, first, doc in _docs(nlp, texts)
            for key, start, _ in matcher(doc)
        }

    return run


def _token(item: str | int, classes: dict[str, list[str]]) -> dict[str, Any]:
    return {"OP": f"{{0,{item}}}"} if isinstance(item, int) else {"ORTH": {"IN": classes[item]}}


def with_phrases(given: dict[str, Any]) -> Callable[[Texts], Found]:
    """PhraseMatcher for the lexicon, and Bayan's evaluator for the rules."""
    nlp = spacy.blank("ar")
    matcher = PhraseMatcher(nlp.vocab)
    for name, words in given["classes"].items():
        matcher.add(name, [Doc(nlp.vocab, words=[word]) for word in words])
    index = compile_contest(given).index["en"]
    no_tags: frozenset[str] = frozenset()

    def run(texts: Texts) -> Found:
        found: Found = set()
        for number, first, doc in _docs(nlp, texts):
            spans = sorted((start, end, nlp.vocab.strings[key]) for key, start, end in matcher(doc))
            here = by_class(Mention(start, end, name, no_tags, None) for start, end, name in spans)
            found.update((number, first + m.trigger.start, m.rule.rule_id) for m in find_matches(index, here))
        return found

    return run


def _docs(nlp: Language, texts: Texts) -> Iterator[tuple[int, int, Doc]]:
    return ((number, first, nlp(sentence)) for number, text in enumerate(texts) for first, sentence in text)


def main() -> None:
    """For each way seconds and matches. The texts are seen once: the second time a tokenizer knows every word."""
    given = json.load(sys.stdin)
    answer = {}
    for name, make in (("matcher", with_matcher), ("phrases", with_phrases)):
        run = make(given["contest"])
        run(given["warming"])
        began = time.process_time()
        found = run(given["texts"])
        answer[name] = {"seconds": time.process_time() - began, "found": sorted(found)}
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main()
