"""Whose act a verb is: subjects that stand before, relative clauses, reported subjects, words about an actor."""

import pytest

from pipeline.statements import Engine


def told(engine: Engine, text: str) -> list[tuple[str, str | None]]:
    """Label and group of each statement."""
    return [(s.label, s.group) for s in engine.classify(text, language="ar")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("يشار إلى أن حركة الشباب في إقليم جوبا تبنت تفجير الجسر.", [("admission", "al-shabaab")]),
        ("وكانت حركة طالبان في ولاية هلمند، أعلنت قصف قاعدة للجيش.", [("admission", "taliban")]),
        ("زارت حركة حماس الوسطاء مساء، معلنة موافقتها على هدنة من شهر.", [("truce", "hamas")]),
        ("قالت مصادر مطلعة في حركة طالبان إن مسلحيها فجروا جسر القرية.", [("admission", "taliban")]),
        ("أعلنت حركة طالبان أنها هي التي خطفت الصحفي قرب السوق.", [("admission", "taliban")]),
        ("أكد القيادي في حماس أن عناصر من كتائب القسام هم من نفذوا عملية الجسر.", [("admission", "hamas")]),
        ("أعلن تنظيم مغمور مسؤوليته عن حرق المخزن.", [("admission", None)]),
        ("وكشف الشيخ رائف، وهو من مؤسسي جيش المهدي، أن مجموعته خطفت الجنديين.", [("admission", "mahdi-army")]),
        ("وتحدث خالد السهلي، القيادي في حركة النجباء. وقال السهلي إن القصف سيستمر.", [("threat", "harakat-al-nujaba")]),
    ],
)
def test_the_subject_is_found(engine: Engine, text: str, expected: list[tuple[str, str | None]]) -> None:
    """Behind a place, a comma, a participle, "it is they who", and inside the group."""
    assert told(engine, text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "التقى الوزير وفد حركة حماس والوسطاء الذين هددوا بقطع الدعم.",
        "دعا محافظ المدينة سكان حي يسيطر عليه تنظيم داعش إلى الصبر، متوعداً بقصف مواقعه.",
        "قالت حركة طالبان إن القوات الحكومية دخلت البلدة وقصفت الجسر.",
        "قالت مصادر داخل حركة طالبان إن طائرات التحالف قصفت المخزن ودمرت الجسر.",
        "تراجعت حركة الشباب. وقال إن القوات ستقصف المعسكر.",
        "يدرس الباحث فكر الجماعة الذي تتبناه حركة طالبان بعد الهجوم.",
        "تحدثت الصحيفة عن القرية التي قتل فيها تنظيم داعش، بحسب السكان، عشرة.",
        "وتبني القوات العراقية قوتها بعد هجوم داعش.",
        "وأعلنت خلية الإعلام الحربي تدمير معمل للعبوات.",
    ],
)
def test_another_is_never_taken_for_the_group(engine: Engine, text: str) -> None:
    """A relative clause's noun, a state's officers, a man of another gender, a homograph."""
    assert told(engine, text) == []


def test_a_quote_that_nobody_closed_ends_with_its_sentence(engine: Engine) -> None:
    """The minister's second quote begins with the group's name, which is no speaker."""
    text = "قال الوزير: «طردنا المسلحين من الجسر. وأضاف «جماعة الحوثي ستدفع ثمن جرائمها في الأيام المقبلة كلها»."
    assert told(engine, text) == []
