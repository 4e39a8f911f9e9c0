"""Channel, target, condition and quotation marks, on sentences of our own."""

import pytest

from pipeline.records import Statement
from pipeline.statements import Engine


def last(engine: Engine, text: str) -> Statement:
    """The last statement of a text."""
    return engine.classify(text)[-1]


@pytest.mark.parametrize(
    ("text", "channel"),
    [
        ("هددت حركة النجباء في بيان على تلغرام بقصف القواعد.", "telegram"),
        ("هددت حركة النجباء في بيان بقصف القواعد.", "statement"),
        ("هددت حركة النجباء بقصف القواعد.", None),
        ("هددت حركة النجباء بقصف القواعد وقالت: «بياناتهم على تلغرام لا تخيفنا».", None),
    ],
)
def test_the_channel_is_the_most_particular(engine: Engine, text: str, channel: str | None) -> None:
    """A network beats the bare communiqué; what is named inside a quote is none."""
    assert last(engine, text).channel == channel


@pytest.mark.parametrize(
    ("second", "channel"),
    [
        ("وأضافت أن القواعد ستقصف كل يوم.", "telegram"),
        ("وقالت في البيان إن القواعد ستقصف كل يوم.", "telegram"),
        ("وكانت حركة النجباء قد هددت بقصف السفارة.", None),
        ("وهددت كتائب حزب الله بقصف السفارة.", None),
    ],
)
def test_an_utterance_keeps_its_channel(engine: Engine, second: str, channel: str | None) -> None:
    """The channel holds while the same group goes on, and "the statement" is the one named before."""
    assert last(engine, f"هددت حركة النجباء في بيان على تلغرام بقصف القواعد. {second}").channel == channel


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("أعلنت كتائب حزب الله مسؤوليتها عن قصف مستودع وقود قرب المطار.", "مستودع وقود"),
        ("أعلنت كتائب حزب الله مسؤوليتها عن إسقاط مسيّرة فوق الوادي.", "مسيّرة"),
        ("هددت حركة النجباء بمهاجمة القوات الأجنبية في العراق.", "القوات الأجنبية في العراق"),
        ("كتائب القسام: استهدفنا ظهر اليوم دبابة للعدو.", "دبابة"),
        ("هددت حركة النجباء بالرد إذا هاجمت الطائرات مقراتها.", None),
    ],
)
def test_the_target_is_what_the_act_is_aimed_at(engine: Engine, text: str, target: str | None) -> None:
    """The object of the act with its adjectives; neither the place behind it nor what a condition speaks of."""
    assert last(engine, text).target == target


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("هددت حركة النجباء بقصف القواعد إن انتهت المهلة من دون رد.", "إن انتهت المهلة من دون رد"),
        ("قال المتحدث باسم حركة النجباء إن قصف القواعد سيستمر.", None),
        ("قالت حركة النجباء: إذا عادت طائراتهم فسنقصف القواعد.", "إذا عادت طائراتهم"),
        ("هددت حركة النجباء بقصف القواعد ما لم ترحل القوات، بحسب شهود.", "ما لم ترحل القوات"),
        ("لم تمض ساعة حتى تبنت حركة النجباء قصف القاعدة.", None),
        ("أعلنت حركة النجباء أنها قصفت القاعدة قبل أن تنسحب قواتها.", None),
        ("Hezbollah vowed to strike the bases unless troops leave.", "unless troops leave"),
    ],
)
def test_the_condition_is_the_whole_clause(engine: Engine, text: str, condition: str | None) -> None:
    """From its marker to the end of its clause, or to "then"; what only orders events is none."""
    assert last(engine, text).condition == condition


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("قالت حركة النجباء: «سنقصف كل قواعدهم قريبا».", True),
        ("توعدت حركة النجباء بأن القواعد ستكون «مقبرة لجنودهم جميعا».", True),
        ("هددت «حركة النجباء» بقصف القواعد.", False),
        ("قالت حركة النجباء: «صبرنا طويلا. سنقصف كل قواعدهم. لن نرحم أحدا».", True),
    ],
)
def test_quoted_words_are_not_names(engine: Engine, text: str, *, quoted: bool) -> None:
    """Three words in quotation marks are somebody's words unless they are a name; a quote may run over sentences."""
    assert {s.quoted for s in engine.classify(text)} == {quoted}


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("توعد القيادي في حركة النجباء صباح الموزاني بقصف القواعد.", "صباح الموزاني"),
        ("توعد القيادي في حركة النجباء صباح الثلاثاء بقصف القواعد.", None),
        ("توعد القيادي في حركة النجباء شمال المدينة بقصف القواعد.", None),
        ("توعد القيادي في حركة النجباء حيدر الموزاني بقصف القواعد. وقال الموزاني: سنقصفهم.", "حيدر الموزاني"),
    ],
)
def test_the_speaker_is_a_name_in_full(engine: Engine, text: str, speaker: str | None) -> None:
    """A name that is a word too is a name before a family name; a place is none; a short form is told in full."""
    assert {s.speaker for s in engine.classify(text)} == {speaker}
