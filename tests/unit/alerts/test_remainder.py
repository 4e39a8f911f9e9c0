"""What a mail counts and does not show."""

from pipeline.alerts import Telling
from pipeline.alerts.remainder import remainder
from pipeline.records import Alert
from tests.fakes.alert_store import renderer
from tests.fakes.press import NOON, article, statement

RENDERER = renderer()


def _found(count):
    return tuple((f"s{it}", statement(article(), label="threat", group=None), article()) for it in range(count))


def test_what_is_shown_is_not_counted_again():
    """Of five threats and two truces by nobody named, two threats are shown: three threats and two truces are left."""
    telling = Telling(found=_found(2), groups={("threat", None): 5, ("truce", None): 2})
    assert [(it.label, it.count) for it in remainder(telling, RENDERER.registry)] == [("threat", 3), ("truce", 2)]


def test_a_group_name_on_a_line_is_harmless():
    """An id that the registry does not have stands for itself, without line breaks or overrides."""
    telling = Telling(found=(), groups={("threat", "x\r\n\u202ey"): 1})
    assert [it.group for it in remainder(telling, RENDERER.registry)] == ["x y"]


def test_lines_are_bounded_and_the_most_come_first():
    """Of forty groups the thirty with the most statements have a line."""
    telling = Telling(found=(), groups={("threat", f"g{it}"): it for it in range(1, 41)})
    assert [it.count for it in remainder(telling, RENDERER.registry)] == list(range(40, 10, -1))


def test_both_parts_say_how_many_more_there_are_and_where():
    """A hundred shown of ten thousand: the rest stands in words, by label and group, with the mail's own id."""
    alert = Alert(
        subscription_id="desk", statement_ids=("s1",), message_id="<a@b.example>", recipients=("a@b.example",),
        created_at=NOON,
    )  # fmt: skip
    telling = Telling(found=_found(100), tally={"threat": 10_000}, groups={("threat", None): 10_000})
    mail = RENDERER.message(alert, telling, name="Desk", run_id="run", now=NOON)
    plain = mail.get_body(("plain",)).get_content()
    page = mail.get_body(("html",)).get_content()
    assert "9900" in plain
    assert "alert_statements تحت <a@b.example>" in plain
    assert "جماعة لم تُسمَّ: 9900" in plain
    assert "&lt;a@b.example&gt;" in page
    assert ": 9900</li>" in page
