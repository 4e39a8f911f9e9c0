"""Rule packs: read strictly, compiled once, cached by content."""

import shutil
from pathlib import Path

import pytest

import pipeline
from pipeline.adapters.rulepack import read_rulepack, read_ruleset
from pipeline.errors import RulesError

GROUPS = "groups:\n  - {id: north-front, name_en: Northern Front, names_ar: [جبهة الشمال], kind: group}\n"
LEXICON = """language: ar
classes:
  threaten: {description: to threaten, verbs: [هدد يهدد تهديد مهدد]}
  violence: {description: violence, nouns: [قصف]}
"""
RULE = """id: ar.threat.test
label: threat
language: ar
status: stable
cameo: "138"
description: a test
voice: agent
patterns: [["threaten", 5, "violence"]]
samples:
  match: [a, b, c]
  no_match: [d, e, f]
"""


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """A small pack that is right."""
    folder = tmp_path / "rules"
    (folder / "ar" / "lexicon").mkdir(parents=True)
    (folder / "ar" / "threat").mkdir()
    (folder / "groups.yml").write_text(GROUPS, encoding="utf-8")
    (folder / "speakers.yml").write_text("speakers: []\n", encoding="utf-8")
    (folder / "ar" / "lexicon" / "words.yml").write_text(LEXICON, encoding="utf-8")
    (folder / "ar" / "threat" / "test.yml").write_text(RULE, encoding="utf-8")
    return folder


def test_a_pack_is_read(pack: Path) -> None:
    """Rules, groups and inflected forms are there."""
    book = read_rulepack(pack)
    assert list(book.rules) == ["ar.threat.test"]
    assert book.registry.groups["north-front"].name_en == "Northern Front"
    assert [entry.cls for entry in book.forms.get("سيهدد") or ()] == ["threaten"]


def test_the_cache_gives_the_same_book_and_follows_the_content(pack: Path, tmp_path: Path) -> None:
    """A warm cache answers as the YAML does; a change of the pack changes the ruleset."""
    cold = read_rulepack(pack, cache=tmp_path / "cache")
    warm = read_rulepack(pack, cache=tmp_path / "cache")
    assert warm.rules == cold.rules
    assert warm.forms.get("سيهدد") == cold.forms.get("سيهدد")
    (pack / "speakers.yml").write_text("speakers: []\n# changed\n", encoding="utf-8")
    assert read_rulepack(pack, cache=tmp_path / "cache").ruleset != cold.ruleset


@pytest.fixture
def code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the code that the ruleset is told by, free to be changed."""
    home = Path(pipeline.__file__).parent
    for part in ("adapters/rulepack", "matching", "statements", "text"):
        shutil.copytree(home / part, tmp_path / "pipeline" / part, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(pipeline, "__file__", str(tmp_path / "pipeline" / "__init__.py"))
    return tmp_path / "pipeline"


@pytest.mark.parametrize(
    ("module", "compiled_anew"),
    [("statements/dating.py", False), ("matching/match.py", True), ("text/dates/find.py", True)],
)
def test_the_ruleset_follows_the_code(
    pack: Path, code: Path, tmp_path: Path, module: str, *, compiled_anew: bool
) -> None:
    """A fix in the code that reads texts is another ruleset; forms are compiled again only where they depend on it."""
    before = read_rulepack(pack, cache=tmp_path / "cache").ruleset
    kept = list((tmp_path / "cache").iterdir())
    with (code / module).open("a", encoding="utf-8") as file:
        file.write("# fixed\n")
    after = read_rulepack(pack, cache=tmp_path / "cache").ruleset
    assert before != after
    assert (list((tmp_path / "cache").iterdir()) != kept) == compiled_anew


def test_a_ruleset_can_be_read_out(pack: Path) -> None:
    """Twelve hexadecimal digits, the same for the same pack wherever it stands."""
    ruleset = read_rulepack(pack).ruleset
    assert (len(ruleset), set(ruleset) <= set("0123456789abcdef")) == (12, True)
    assert read_rulepack(pack.rename(pack.with_name("elsewhere"))).ruleset == ruleset


def test_the_ruleset_alone_is_that_of_the_pack(pack: Path) -> None:
    """Whoever only asks what waits for the rules need not load them, and gets the same identity."""
    assert read_rulepack(pack).ruleset == read_ruleset(pack)


def test_english_words_need_no_quotes(pack: Path) -> None:
    """No, on, yes and off in a list of words are words."""
    words = "language: en\nclasses:\n  small: {description: small words, words: [no, on, yes, off]}\n"
    (pack / "en" / "lexicon").mkdir(parents=True)
    (pack / "en" / "lexicon" / "words.yml").write_text(words, encoding="utf-8")
    assert [bool(read_rulepack(pack).forms.get(word)) for word in ("no", "on", "yes", "off")] == [True] * 4


def test_a_torn_cache_is_written_again(pack: Path, tmp_path: Path) -> None:
    """A cache file cut short by a killed process is no obstacle."""
    read_rulepack(pack, cache=tmp_path / "cache")
    (kept,) = (tmp_path / "cache").iterdir()
    kept.write_bytes(kept.read_bytes()[:40])
    assert list(read_rulepack(pack, cache=tmp_path / "cache").rules) == ["ar.threat.test"]


@pytest.mark.parametrize(
    ("wrong", "problem"),
    [
        (RULE.replace("label: threat", "label: menace"), "rules/ar/threat/test.yml:2: label"),
        (RULE + "colour: red\n", "rules/ar/threat/test.yml:12: colour"),
        (RULE + "label: truce\n", "rules/ar/threat/test.yml:12: 'label' stands a second time"),
        (RULE.replace("match: [a, b, c]", "match: [a]"), "rules/ar/threat/test.yml:10: samples.match"),
        (RULE.replace("violence", "nothing"), "no lexicon has the class 'nothing'"),
        (RULE.replace("voice: agent", "voice: agent\nunless: [negated]"), "no condition is named 'negated'"),
        ("id: [", "rules/ar/threat/test.yml:2: no valid YAML"),
        ("", "empty file"),
    ],
)
def test_a_mistake_is_told_with_file_and_line(pack: Path, wrong: str, problem: str) -> None:
    """Wrong values, unknown and repeated keys, unknown classes and broken YAML name file and line."""
    (pack / "ar" / "threat" / "test.yml").write_text(wrong, encoding="utf-8")
    with pytest.raises(RulesError) as raised:
        read_rulepack(pack)
    assert problem in str(raised.value)


def test_all_mistakes_are_told_at_once(pack: Path) -> None:
    """Two broken files give two problems."""
    (pack / "speakers.yml").unlink()
    (pack / "groups.yml").write_text(GROUPS.replace("kind: group", "kind: army"), encoding="utf-8")
    with pytest.raises(RulesError) as raised:
        read_rulepack(pack)
    assert len(raised.value.problems) == 2


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    """The message names the folder and the remedy."""
    shutil.rmtree(tmp_path / "none", ignore_errors=True)
    with pytest.raises(RulesError, match="none:1: no such folder"):
        read_rulepack(tmp_path / "none")
