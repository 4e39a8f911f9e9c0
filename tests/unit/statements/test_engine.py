"""Who says what: written sentences and the statements in them."""

from datetime import date

import pytest

from pipeline.statements import Engine


def told(engine: Engine, text: str) -> list[tuple[str, str | None]]:
    """Label and group of each statement."""
    return [(s.label, s.group) for s in engine.classify(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("هددت حركة النجباء بقصف القواعد الأجنبية.", [("threat", "harakat-al-nujaba")]),
        ("كتائب القسام تتوعد بالثأر لقائدها.", [("threat", "al-qassam-brigades")]),
        ("وقع هجوم على السوق تبناه تنظيم داعش.", [("admission", "islamic-state")]),
        ("الهدنة التي أعلنتها حركة طالبان انتهت أمس.", [("truce", "taliban")]),
        ("هدد المتحدث باسم حركة عصائب أهل الحق فلان الفلاني بشن هجمات.", [("threat", "asaib-ahl-al-haq")]),
        ("ونقلت وكالة عن محمد محيي قوله إن الهجمات ستستمر حتى رحيل القوات.", [("threat", "kataib-hezbollah")]),
        ("The bombing was claimed by Islamic State.", [("admission", "islamic-state")]),
        ("A Hamas spokesman vowed revenge for the raid.", [("threat", "hamas")]),
    ],
)
def test_the_agent_is_the_group(engine: Engine, text: str, expected: list[tuple[str, str]]) -> None:
    """Agents stand behind Arabic verbs, before headline verbs, in relative clauses and behind "by"."""
    assert told(engine, text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "هدد الرئيس الأميركي حركة حماس بحرب شاملة.",
        "توعد وزير الدفاع بقصف مواقع حزب الله.",
        "أعلنت القوات المسلحة المصرية قصف أهداف للعدو.",
        "لم تعلن أي جهة مسؤوليتها عن التفجير.",
        "نفت كتائب حزب الله مسؤوليتها عن الهجوم.",
        "قال محلل سياسي إن حزب الله سيرد على القصف.",
        "أعلنت قطر هدنة بين حماس وإسرائيل.",
        "The army vowed revenge on Hamas.",
        "Analysts said the Houthis will attack ships.",
    ],
)
def test_others_are_no_armed_group(engine: Engine, text: str) -> None:
    """States, armies, analysts, mediators and denials give no statement."""
    assert told(engine, text) == []


def test_speech_goes_on_over_sentences(engine: Engine) -> None:
    """A continuing verb without subject belongs to the one who spoke before; another speaker ends it."""
    text = (
        "قال المتحدث باسم كتائب سيد الشهداء إن المشاورات مستمرة. وأضاف أن المقاومة سترد على القصف. "
        "وقال وزير الداخلية إن القوات سترد على الهجمات."
    )
    assert [(s.label, s.group, s.text[:5]) for s in engine.classify(text)] == [
        ("threat", "kataib-sayyid-al-shuhada", "وأضاف")
    ]


def test_a_surname_refers_back(engine: Engine) -> None:
    """After the full name the surname alone is the speaker; before it, it is nobody."""
    text = "تحدث قيس الخزعلي أمس. وقال الخزعلي إن الهجمات ستتواصل حتى رحيل القوات."
    assert [(s.speaker, s.group) for s in engine.classify(text)] == [("qais-al-khazali", "asaib-ahl-al-haq")]
    assert engine.classify("وقال الخزعلي إن الهجمات ستتواصل حتى رحيل القوات.") == ()


def test_spans_are_of_the_text_as_given(engine: Engine) -> None:
    """With harakat and tatweel the span is still exactly the text between its offsets."""
    text = "مقدمة. هَدَّدَتْ حَــمَاسُ بِقَصْفِ المُدُنِ. خاتمة."
    (statement,) = engine.classify(text)
    assert statement.text == text[statement.start : statement.end] == "هَدَّدَتْ حَــمَاسُ بِقَصْفِ المُدُنِ"


def test_particulars(engine: Engine) -> None:
    """Date, channel, target and condition are read from the sentence."""
    text = "في 3 أبريل 2021 هددت حركة النجباء في بيان بقصف القوات الأميركية إذا عادت الغارات."
    (s,) = engine.classify(text, published_on=date(2021, 4, 9))
    assert (s.said_on, s.said_on_precision, s.channel) == (date(2021, 4, 3), "day", "statement")
    assert (s.target, s.condition) == ("القوات الأميركية", "إذا عادت الغارات")


def test_one_record_a_span_and_label(engine: Engine) -> None:
    """Several rules that fire on one sentence make one statement that names them all."""
    statements = engine.classify("هددت حركة حماس بقصف المدن وقالت إنها سترد على الغارات.")
    assert len({(s.start, s.end, s.label) for s in statements}) == len(statements) == 1
    assert list(statements[0].rules) == sorted(set(statements[0].rules))


@pytest.mark.parametrize(
    "text", ["", "\0\0", "\ud800 \udfff", "." * 20_000, "«" * 20_000, "ا" * 200_000, "حماس " * 5_000]
)
def test_any_text_is_taken(engine: Engine, text: str) -> None:
    """Empty, hostile and broken texts give no statement and no error."""
    assert engine.classify(text) == ()


def test_explain_names_what_turned_a_rule_off(engine: Engine) -> None:
    """A match that gives no statement says why."""
    seen = engine.explain("هدد وزير الدفاع بقصف المدن.")
    assert {f.blocked_by for f in seen.findings} == {"agent is state"}


def test_an_unknown_name_behind_a_title_is_learned(engine: Engine) -> None:
    """The last name alone refers back in the rest of the text."""
    text = "قال المتحدث باسم حركة النجباء راشد الزبرقاني إن الوضع هادئ. وهدد الزبرقاني بقصف القواعد."
    assert [(s.label, s.group, s.speaker) for s in engine.classify(text)] == [
        ("threat", "harakat-al-nujaba", "راشد الزبرقاني")
    ]


def test_a_communique_speaks_under_its_head(engine: Engine) -> None:
    """The lines under "communiqué issued by X" are the group's."""
    text = "بلاغ عسكري صادر عن كتائب القسام\nقصفنا تجمعا لجنود العدو بقذائف الهاون."
    assert told(engine, text) == [("admission", "al-qassam-brigades")]


@pytest.mark.parametrize(("place", "group"), [("في تعز", "yemeni-popular-resistance"), ("في الجبل", None)])
def test_a_name_of_many_groups_needs_its_context(engine: Engine, place: str, group: str | None) -> None:
    """ "The resistance" is a group of the registry only where the text places it."""
    assert told(engine, f"توعدت المقاومة {place} بقصف المعسكر.") == [("threat", group)]


def test_what_others_say_of_a_truce_is_none(engine: Engine) -> None:
    """A state that says a group accepted a truce makes no statement of the group."""
    assert told(engine, "قال وزير الخارجية إن حركة حماس وافقت على الهدنة.") == []
