"""Digests, corrections and notices as mails."""

from datetime import timedelta
from email import message_from_bytes
from email.policy import default

import pytest

from pipeline.alerts import Telling
from pipeline.records import Alert
from tests.fakes.alert_store import renderer
from tests.fakes.mail_parsers import by_library, by_other
from tests.fakes.press import NOON, article, statement

RENDERER = renderer()
DAY = timedelta(days=1)


def _mail(telling, **fields):
    alert = Alert(
        **{
            "subscription_id": "desk",
            "statement_ids": ("s1",),
            "message_id": "<2@bayan.example>",
            "recipients": ("a@n.example",),
            "created_at": NOON,
        }
        | fields
    )
    made = RENDERER.message(alert, telling, name="Desk", run_id="run-1", now=NOON)
    return message_from_bytes(bytes(made), policy=default)


def _parts(mail):
    return [mail.get_body((kind,)).get_content() for kind in ("plain", "html")]


def _found():
    of = article()
    return (("s1", statement(of), of),)


@pytest.fixture(scope="module")
def digest():
    telling = Telling(found=_found(), tally={"threat": 5, "truce": 1}, before={"threat": 2, "admission": 1})
    return _mail(telling, kind="digest", period=(NOON - DAY, NOON))


def test_a_digest_counts_against_the_period_before(digest):
    """Each label now, before and the difference, in both parts, with the period in words in both languages."""
    plain, page = _parts(digest)
    assert digest["Subject"] == "موجز: 6 تصريحات: تهديد 5، هدنة 1 (Desk)"
    assert "تهديد: 5 (السابقة: 2، الفرق: +3)" in plain
    assert "إعلان مسؤولية: 0 (السابقة: 1، الفرق: -1)" in plain
    for part in (plain, page):
        assert "From 4 March 2026, 12:00 UTC to 5 March 2026, 12:00 UTC" in part
        assert "من 4 آذار/مارس 2026، 12:00 بالتوقيت العالمي إلى 5 آذار/مارس 2026، 12:00 بالتوقيت العالمي" in part
    assert page.count("<td") >= 9


def test_the_chart_is_an_inline_image_with_words_for_it(digest):
    """A PNG beside the HTML under the content id that it names, and the figures as its alternative text."""
    (image,) = [part for part in digest.walk() if part.get_content_maintype() == "image"]
    _, page = _parts(digest)
    assert (image.get_content_type(), image.get_content_disposition()) == ("image/png", "inline")
    assert f'src="cid:{image["Content-ID"].strip("<>")}"' in page
    assert 'alt="تهديد: 5 (السابقة 2)؛ إعلان مسؤولية: 0 (السابقة 1)؛ هدنة: 1 (السابقة 0)"' in page
    assert image.get_content().startswith(b"\x89PNG")
    structure = [part.get_content_type() for part in digest.walk()]
    assert structure == ["multipart/alternative", "text/plain", "multipart/related", "text/html", "image/png"]


def test_an_alert_has_no_chart():
    """There is nothing to compare."""
    assert [part.get_content_maintype() for part in _mail(Telling(found=_found())).walk()].count("image") == 0


@pytest.mark.parametrize(
    ("kind", "words"),
    [("superseded", "no longer stands"), ("retracted", "the article was withdrawn"), ("restored", "stands again")],
)
def test_a_correction_says_what_changed_and_follows_its_mail(kind, words):
    """In both languages, in both parts, in the thread of the mail that told it."""
    references = ("<0@bayan.example>", "<1@bayan.example>")
    mail = _mail(Telling(found=_found(), follow_ups={"s1": kind}), kind="correction", references=references)
    assert (mail["In-Reply-To"], mail["References"].split()) == ("<1@bayan.example>", list(references))
    assert mail["Subject"].startswith("تصحيح: تهديد")
    assert all(words in part for part in _parts(mail))


def test_a_notice_says_how_much_waits():
    """No statement is told in it; the number is, in both languages."""
    mail = _mail(Telling(found=(), waiting=12), kind="notice", statement_ids=())
    assert mail["Subject"] == "بلغ عدد الرسائل حدّه (Desk)"
    for part in _parts(mail):
        assert "12 statement(s) wait" in part
        assert "12 تصريحًا" in part


FOLLOWS = {"kind": "correction", "references": ("<0@bayan.example>", "<1@bayan.example>")}


@pytest.mark.parametrize(
    ("telling", "fields", "parts"),
    [
        (Telling(found=_found()), {}, 3),
        (Telling(found=_found() * 60, tally={"threat": 900}, groups={("threat", None): 900}), {}, 3),
        (Telling(found=_found(), before={}), {"kind": "digest", "period": (NOON - DAY, NOON)}, 5),
        (Telling(found=_found(), follow_ups={"s1": "retracted"}), FOLLOWS, 3),
        (Telling(found=(), waiting=1), {"kind": "notice", "statement_ids": ()}, 3),
    ],
    ids=["alert", "flood", "digest", "correction", "notice"],
)
def test_two_parsers_read_every_kind_of_mail_alike(telling, fields, parts):
    """Both text parts in UTF-8, the picture in the digest alone, and nothing to repair for either."""
    raw = bytes(_mail(telling, **fields))
    read = by_library(raw)
    assert read == by_other(raw)
    assert len(read.parts) == parts
    assert [charset for kind, _, charset, _ in read.parts if kind.startswith("text/")] == ["utf-8", "utf-8"]
