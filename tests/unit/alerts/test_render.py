"""An alert as an e-mail."""

import re
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.alerts import Telling
from pipeline.errors import SettingsError
from pipeline.records import Alert, Cue
from tests.fakes.alert_store import renderer
from tests.fakes.press import BODY, CLAIM, NOON, article, statement

RENDERER = renderer()
ALERT = Alert(
    subscription_id="desk",
    statement_ids=("s1",),
    message_id="<0123456789abcdef@bayan.example>",
    recipients=("analyst@newsroom.example",),
    created_at=NOON,
)
TRIGGER = Cue(start=BODY.index("shell"), end=BODY.index("shell") + 5, role="trigger")
HOSTILE = (
    "x\r\nBcc: evil@evil.example",
    "\u202eevil\u202c\u2067",
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "\"'><a href='https://evil.example'>here</a>",
    "{{ 7 * 7 }}{% raw %}",
    "\ud800\x00\x07 </mark></td></html> --",
    "=?utf-8?q?Bcc:_evil=40evil.example?=",
    "\n\n--boundary\nContent-Type: text/html\n\n<b>x</b>",
    "😀" * 40 + "ط" * 300,
)


def _mail(*found, alert=ALERT, name="Desk"):
    found = found or (("s1", statement(article(), cues=(TRIGGER,)), article()),)
    made = RENDERER.message(alert, Telling(found=found), name=name, run_id="run-1", now=NOON)
    return message_from_bytes(bytes(made), policy=default)


def _html(mail):
    return mail.get_body(("html",)).get_content()


def _text(mail):
    return mail.get_body(("plain",)).get_content()


class _Page(HTMLParser):
    """Tags with attributes, and the text."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.words = [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.words.append(data)


def test_a_mail_has_its_headers():
    """Sender, recipient, date, stable id, a way out, and the run that made it."""
    mail = _mail()
    assert {name: mail[name] for name in mail if name not in {"Content-Type", "MIME-Version"}} == {
        "From": "Bayan <bayan@bayan.example>",
        "To": "analyst@newsroom.example",
        "Subject": "تهديد: Harbour Brigade (Desk)",
        "Date": "Thu, 05 Mar 2026 12:00:00 +0000",
        "Message-ID": "<0123456789abcdef@bayan.example>",
        "List-Unsubscribe": "<mailto:bayan@bayan.example?subject=unsubscribe%20desk>",
        "Auto-Submitted": "auto-generated",
        "X-Bayan-Run": "run-1",
    }


def test_both_parts_are_there_in_utf_8():
    """multipart/alternative: the plain part first, then HTML."""
    mail = _mail()
    assert mail.get_content_type() == "multipart/alternative"
    assert [(part.get_content_type(), part.get_content_charset()) for part in mail.iter_parts()] == [
        ("text/plain", "utf-8"),
        ("text/html", "utf-8"),
    ]


def test_several_recipients_do_not_see_each_other():
    """They stand in Bcc alone, which the mailer takes off the wire."""
    fields = {"recipients": ("a@newsroom.example", "b@newsroom.example")}
    several = Alert(**{name: getattr(ALERT, name) for name in Alert.__slots__} | fields)
    mail = _mail(alert=several)
    assert (mail["To"], mail["Bcc"]) == ("undisclosed-recipients:;", "a@newsroom.example, b@newsroom.example")


def test_the_subject_of_a_burst_counts():
    """Several statements: how many, and how many of each label."""
    of = article()
    found = [("s1", statement(of), of), ("s2", statement(of, CLAIM, label="admission"), of), ("s3", statement(of), of)]
    assert _mail(*found)["Subject"] == "3 تصريحات: تهديد 2، إعلان مسؤولية 1 (Desk)"


def test_the_html_is_arabic_and_the_english_quote_runs_the_other_way():
    """The page is right-to-left Arabic; an English statement stands left-to-right inside it."""
    page = _Page(_html(_mail()))
    by_tag = dict(page.tags)
    quote = by_tag["blockquote"]
    assert ((by_tag["html"]["lang"], by_tag["html"]["dir"]), (quote["lang"], quote["dir"])) == (
        ("ar", "rtl"),
        ("en", "ltr"),
    )


def test_cues_are_highlighted_with_a_legend_in_words():
    """The trigger is marked where it stands, and the mark is explained by text and not by colour alone."""
    html = _html(_mail())
    assert re.findall(r"<mark class=\"act\"[^>]*>([^<]*)</mark>", html) == ["shell", "الفعل"]


def test_styles_are_inlined_and_nothing_is_loaded():
    """Every element carries its style; no script, no image, no remote address but the article's link."""
    page = _Page(_html(_mail()))
    assert {tag for tag, _ in page.tags} & {"script", "img", "link", "iframe", "object", "svg", "form"} == set()
    assert [attributes["href"] for _, attributes in page.tags if "href" in attributes] == ["https://daily.example/1"]
    assert [a for _, a in page.tags if "src" in a or "url(" in a.get("style", "")] == []
    assert "background: #b42318" in next(a["style"] for t, a in page.tags if a.get("class") == "label threat")


def test_the_plain_part_says_the_same():
    """Quote, group, date, evidence, link, rule and archive reference stand in the plain part too."""
    text = _text(_mail())
    for words in (
        "1. تهديد: Harbour Brigade", "Threat · Harbour Brigade · 5 March 2026", f"> {BODY[28:88]}",
        "الشواهد: الفعل «shell»", "الرابط: https://daily.example/1", "القواعد: threat-shell",
        "00000000-0000-0000-0000-000000000001",
    ):  # fmt: skip
        assert words in text


def test_the_newest_article_comes_first():
    """Statements stand by the time their article was published, those without a time last."""
    found = [
        (str(number), statement(of), of)
        for number, of in enumerate(
            [
                article(1, published_at=NOON),
                article(2, published_at=None, published_basis=None),
                article(3, published_at=NOON + timedelta(hours=1)),
            ]
        )
    ]
    assert re.findall(r"daily\.example/(\d)", _text(_mail(*found))) == ["3", "1", "2"]


def test_a_flood_is_shown_in_full_for_fifty_and_by_line_for_the_rest():
    """No statement is left out, however many there are."""
    of = [article(number) for number in range(60)]
    html = _html(_mail(*[(str(number), statement(each), each) for number, each in enumerate(of)]))
    assert (html.count("<blockquote"), html.count("<li")) == (50, 10)
    assert {int(number) for number in re.findall(r"href=\"https://daily\.example/(\d+)\"", html)} == set(range(60))


def test_of_a_flood_what_names_a_condition_is_shown_in_full():
    """Two conditional threats of sixty statements stand among the full ones though they are the oldest."""
    published = [article(number, published_at=NOON - timedelta(hours=number)) for number in range(60)]
    conditions = {57: "if the blockade stays", 58: "if the blockade stays"}
    found = [(str(n), statement(of, condition=conditions.get(n)), of) for n, of in enumerate(published)]
    text = _text(_mail(*found))
    in_full, briefly = (re.findall(r"daily\.example/(\d+)", part) for part in text.split("وأيضًا:"))
    assert in_full == [str(n) for n in (*range(48), 57, 58)]
    assert briefly == [str(n) for n in (*range(48, 57), 59)]


def _hostile(words):
    of = article(body=words, title=words, outlet=words, capture_id=words)
    found = statement(
        of, (0, len(words)), speaker=words, channel=words, target=words, condition=words, rules=(words,),
        group=words, cues=(Cue(start=0, end=len(words), role="trigger"),),
    )  # fmt: skip
    return ("s1", found, of)


def _structure(mail):
    return list(mail.keys()), _Page(_html(mail)).tags


HARMLESS = _structure(_mail(_hostile("harmless")))


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_stay_words(words):
    """Line ends, overrides, markup, template code and encoded words change no header, tag, attribute or direction."""
    mail = _mail(_hostile(words), name=words)
    assert _structure(mail) == HARMLESS
    assert (mail["To"], mail["Bcc"]) == ("analyst@newsroom.example", None)
    assert re.search("[\u202a-\u202e\u2066-\u2069\x00\x07]", mail["Subject"] + _html(mail) + _text(mail)) is None


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(), min_size=1, max_size=40))
def test_no_text_breaks_a_mail(words):
    """Any characters at all, lone surrogates included: same headers, same tags and attributes."""
    assert _structure(_mail(_hostile(words), name=words)) == HARMLESS


@pytest.mark.parametrize("words", HOSTILE)
def test_a_hostile_address_is_no_way_out(words):
    """Whatever an article's address holds, the mail links to that host or to nothing."""
    of = article(url=f"https://daily.example/{words}")
    page = _Page(_html(_mail(("s1", statement(of), of))))
    hrefs = [attributes["href"] for _, attributes in page.tags if "href" in attributes]
    assert all(href.startswith("https://daily.example/") for href in hrefs)
    assert "script" not in dict(page.tags)


@pytest.mark.parametrize(
    "sender", ["", "Bayan", "bayan@", "بيان <bayan@bayan.example>", "a b@c", "Bayan <bayan@بيان.example>"]
)
def test_a_sender_that_servers_refuse_is_refused_at_the_start(sender):
    """The From must be an ASCII name and address; the message names the setting."""
    with pytest.raises(SettingsError, match=r"BAYAN_MAIL_FROM: .*write: Bayan <bayan@your\.domain>"):
        renderer(sender)


def test_message_ids_stand_under_the_senders_domain():
    """The domain for Message-IDs is the sender's."""
    assert renderer("bayan@desk.example").domain == "desk.example"
