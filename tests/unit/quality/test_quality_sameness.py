"""When two reports are one statement: a written set of pairs, and what holds of any pair."""

import json
import random
from datetime import date, timedelta
from pathlib import Path

import pytest

from pipeline.quality.candidates import Candidates
from pipeline.quality.sameness import Reported, same

PAIRS = [
    json.loads(line)
    for line in Path(__file__).with_name("same_statements.jsonl").read_text(encoding="utf-8").splitlines()
]
DAY = date(2026, 3, 5)
PRECISION, RECALL = 0.98, 0.9


def report(pair: dict, side: str, *, day: date = DAY) -> Reported:
    return Reported(
        key=side,
        label=pair.get(f"{side}_label", pair.get("label", "threat")),
        group=pair.get(f"{side}_group", pair.get("group", "kataib-hezbollah")),
        said_on=None if pair.get("no_day") else day,
        counted=pair.get("counted", False),
        speaker=pair.get(f"{side}_speaker"),
        text=pair[side],
    )


def both(pair: dict) -> tuple[Reported, Reported]:
    return report(pair, "a"), report(pair, "b", day=DAY + timedelta(days=pair.get("days", 0)))


def test_merging_is_right_and_finds_most():
    """Of the pairs that would be merged at least 98 in 100 are one statement, and most of those that are get merged."""
    assert len(PAIRS) >= 60
    merged = [pair for pair in PAIRS if same(*both(pair))]
    right = [pair for pair in merged if pair["same"]]
    wrong = [(pair["kind"], pair["a"]) for pair in merged if not pair["same"]]
    missed = [(pair["kind"], pair["a"]) for pair in PAIRS if pair["same"] and pair not in merged]
    assert len(right) >= PRECISION * len(merged), wrong
    assert len(right) >= RECALL * sum(pair["same"] for pair in PAIRS), missed


@pytest.mark.parametrize("pair", PAIRS, ids=[f"{n}-{pair['kind']}" for n, pair in enumerate(PAIRS)])
def test_the_order_of_a_pair_does_not_matter(pair):
    """Whichever outlet was read first, the answer is the same."""
    one, other = both(pair)
    assert same(one, other) == same(other, one)


NOUNS = (
    "قاعدة",
    "مطار",
    "ميناء",
    "معسكر",
    "حاجز",
    "مقر",
    "مستودع",
    "رتل",
    "دورية",
    "برج",
    "سفينة",
    "جسر",
    "محطة",
    "حقل",
)
ENDS = ("", "", "ات", "ين", "ها")


def busy_day(count: int) -> list[Reported]:
    """Reports of one group and day from a few words: many alike, some the same, some with other forms of a word."""
    draw = random.Random(7)
    texts: list[list[str]] = []
    reports = []
    for number in range(count):
        known = texts and draw.random() < 0.6
        words = list(draw.choice(texts)) if known else draw.choices(NOUNS, k=draw.randint(3, 24))
        if draw.random() < 0.7:
            words[draw.randrange(len(words))] = draw.choice(NOUNS) + draw.choice(ENDS)
        if draw.random() < 0.5:
            words.append(str(draw.randint(2, 9)))
        if draw.random() < 0.3:
            del words[draw.randrange(len(words))]
        texts.append(words)
        reports.append(
            Reported(
                key=str(number), label="threat", group="g", said_on=DAY, counted=False, speaker=None,
                text=" ".join(words),
            )
        )  # fmt: skip
    return reports


def test_on_a_busy_day_the_index_finds_what_comparing_one_by_one_finds():
    """Every report that is the same is among the candidates, in the order in which they came, and no other."""
    reports = busy_day(600)
    candidates = Candidates()
    merged = 0
    for position, report in enumerate(reports):
        expected = [other.key for other in reports[:position] if same(other, report)]
        assert expected == list(candidates.same_as(report)), report.text
        merged += bool(expected)
        candidates.add(report)
    assert 100 <= merged <= 500


def test_the_pairs_are_found_among_many():
    """Of many reports of one day that share words with it, only the one that is the same is found."""
    others = [
        Reported(
            key=str(number), label="threat", group="kataib-hezbollah", said_on=DAY, counted=False, speaker=None,
            text=f"سنقصف {number} مواقع في ناحية رقم{number} ونقطع طريق قرية{number} عن مركز قضاء{number}",
        )
        for number in range(60)
    ]  # fmt: skip
    for pair in (pair for pair in PAIRS if pair["same"] and "days" not in pair and pair.get("label") is None):
        one, other = both(pair)
        expected = [one.key] if same(one, other) else []
        assert expected == list(Candidates([*others, one]).same_as(other)), pair["a"]
    assert [] == list(Candidates(others).same_as(report(PAIRS[0], "a")))


def test_a_report_is_the_same_as_itself_once():
    """Adding a report twice keeps one."""
    one = report(PAIRS[0], "a")
    assert ["a"] == list(Candidates([one, one]).same_as(report(PAIRS[0], "b")))
