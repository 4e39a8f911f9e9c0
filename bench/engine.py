"""Speed of the engine: its matcher against spaCy's, ten times the rules, whole articles through `bayan classify`."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Callable, Iterator
from typing import Any

from bench.contest import RULES, Contest, Sentences, compile_contest, make_contest, ours, sentences_of
from bench.results import Measure
from bench.texts import ARTICLE, PROJECT, arabic_articles, ordinary_lines

SPACY = PROJECT / ".venv-bench" / "bin" / "python"
_ARTICLES = 60
_WARMING = 20
_ROUNDS = 3


def measures() -> Iterator[tuple[str, Measure]]:
    """All measures of the engine, as they are known."""
    yield from _contest()
    yield "engine.rules_x10", _ten_times_the_rules()
    yield "engine.articles_per_second", _articles_per_second()


def _contest() -> Iterator[tuple[str, Measure]]:
    what = ordinary_lines()[1]
    texts, others = _articles(_ARTICLES)
    contest = make_contest(others)
    book = compile_contest(contest)
    ours(book, others[:_WARMING])
    began = time.process_time()
    found = ours(book, texts)
    seconds = time.process_time() - began
    theirs = _spacy(contest, *(sentences_of(book, part) for part in (others[:_WARMING], texts)))
    for name, answer in theirs.items():
        if {tuple(match) for match in answer["found"]} != found:
            raise AssertionError(f"spaCy's {name} finds {len(answer['found'])} matches, Bayan {len(found)}, or others")
    remark = f"{RULES} rules, {len(texts)} articles of {ARTICLE} characters ({what}), the same {len(found)} matches"
    for name, way, bar in (("matcher", "matcher", ">=100"), ("phrase", "phrases", ">=10")):
        yield f"engine.vs_spacy_{name}", Measure(theirs[way]["seconds"] / seconds, "times", bar, remark)


def _articles(count: int) -> tuple[list[str], list[str]]:
    """Articles to match, and others to take the vocabulary from."""
    articles = arabic_articles()
    return articles[:count], articles[count:]


def _spacy(contest: Contest, warming: Sentences, texts: Sentences) -> dict[str, Any]:
    given = json.dumps({"contest": contest, "warming": warming, "texts": texts})
    command = [str(SPACY), "-m", "bench.spacy_side"]
    done = subprocess.run(command, input=given, cwd=PROJECT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"spaCy's side failed: {done.stderr.strip().splitlines()[-1]}; `make bench` sets it up")
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def _ten_times_the_rules() -> Measure:
    texts, others = _articles(_ARTICLES * 3)
    few, many = (compile_contest(make_contest(others, rules)) for rules in (RULES // 10, RULES))
    ours(few, texts), ours(many, texts)
    value = _best(lambda: ours(many, texts)) / _best(lambda: ours(few, texts))
    return Measure(value, "times the cost", "<=2.5", f"{RULES} rules against {RULES // 10}, {len(texts)} articles")


def _articles_per_second() -> Measure:
    from pipeline.bootstrap import read_settings, rulebook
    from pipeline.cli.classify import answer
    from pipeline.statements import Engine

    lines, what = ordinary_lines()
    characters = sum(len(json.loads(line)["text"]) for line in lines)
    engine = Engine(rulebook(read_settings()))

    def classify() -> None:
        for numbered in enumerate(lines, 1):
            answer(numbered, engine)

    value = characters / ARTICLE / _best(classify)
    remark = f"{len(lines)} texts ({what}) with {characters / 1e6:.1f} million characters, from JSON to JSON"
    return Measure(value, "articles/s", ">=2000", remark)


def _best(work: Callable[[], object]) -> float:
    """Seconds on the clock, of the best of a few rounds: what the machine does besides only adds."""
    times = []
    for _ in range(_ROUNDS):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return min(times)
