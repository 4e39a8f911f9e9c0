"""Hundreds of hostile strings in every place that the web fills, through a run to a real SMTP server."""

import json
import re
from dataclasses import replace
from email import message_from_bytes
from email.policy import default
from html.parser import HTMLParser
from types import SimpleNamespace
from xml.etree import ElementTree

import pytest

from pipeline.adapters.mail import SmtpMailer
from pipeline.alerts import Telling
from pipeline.embedded.mail_sink import MailSink
from pipeline.jobs.alert import AlertPorts, send_outbox
from pipeline.records import Alert, Cue, Provenance, Subscription
from tests.fakes.alert_store import FakeAlertStore, FakeRuns, renderer
from tests.fakes.hostile import HOSTILE
from tests.fakes.mail_parsers import by_library, by_other
from tests.fakes.press import NOON, article, statement

LONGEST_QUOTE = 3000
TURNING = re.compile("[\u202a-\u202e\u2066-\u2069\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
HARMLESS = ("harmless", "harmless " * 1000)
"""A short one, and one that is cut as long quotes are."""
RENDERER = renderer()
EVERYWHERE = (*HARMLESS, *HOSTILE)


class _Store(FakeAlertStore):
    """Says of each statement that outlets with its own words as names carry it."""

    def provenance(self, statement_ids):
        carried = {key: self.found[key][1].text for key in statement_ids}
        return {
            key: Provenance(
                first_seen_at=NOON, outlets=((words, "https://o.example/1"),), body_sha256=words, archive=f"{words}:0"
            )
            for key, words in carried.items()
        }


def _found(key, words, **changes):
    of = article(body=words, title=words, outlet=words, author=words, capture_id=words, language="ar", **changes)
    it = statement(
        of, (0, len(words)), speaker=words, channel=words, target=words, condition=words, rules=(words,),
        group=words, cues=(Cue(start=0, end=len(words), role="trigger"),),
    )  # fmt: skip
    return key, it, of


@pytest.fixture(scope="module")
def sent(tmp_path_factory):
    """One run over all strings, a mail each: the report, and the bytes that the server has, in order."""
    folder = tmp_path_factory.mktemp("mail")
    store = _Store(*(_found(f"s{n}", words) for n, words in enumerate(EVERYWHERE)))
    subscriptions = []
    for number, words in enumerate(EVERYWHERE):
        wish = Subscription(subscription_id=f"d{number}", name=words, recipients=("a@n.example", "b@n.example"))
        subscriptions.append(wish)
        store.queue(
            Alert(
                subscription_id=wish.subscription_id,
                statement_ids=(f"s{number}",),
                message_id=f"<{number}@bayan.example>",
                recipients=wish.recipients,
                created_at=NOON,
            )
        )
    with MailSink(folder) as sink:
        mailer = SmtpMailer(host="127.0.0.1", port=sink.port, user=None, password=None, tls=False)
        ports = AlertPorts(store=store, mailer=mailer, renderer=RENDERER, runs=FakeRuns())
        report = send_outbox(ports=ports, subscriptions=subscriptions, run_id="run-1", now=NOON)
    return SimpleNamespace(report=report, mails=[path.read_bytes() for path in sorted(folder.glob("*.eml"))])


@pytest.fixture(scope="module")
def parsed(sent):
    """(words, mail as the standard library reads it, its bytes), the harmless ones first."""
    return [
        (words, message_from_bytes(raw, policy=default), raw) for words, raw in zip(EVERYWHERE, sent.mails, strict=True)
    ]


class _Tags(HTMLParser):
    def __init__(self, html):
        super().__init__()
        self.tags = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, [name for name, _ in attrs], dict(attrs).get("style"), dict(attrs).get("class")))

    def handle_endtag(self, tag):
        self.tags.append(tag)


def test_there_are_more_than_two_hundred_strings():
    """The bar of the measure, and each is another one."""
    assert len(set(HOSTILE)) >= 200


def test_none_breaks_the_run(sent):
    """Every mail is handed over, and nothing is said to be wrong."""
    assert (sent.report.mails, sent.report.failed, sent.report.problems) == (len(EVERYWHERE), 0, ())


def test_both_parsers_see_the_same_mail(parsed):
    """Structure, charsets, contents, header names and subject; neither finds anything to repair."""
    for words, _, raw in parsed:
        mail = by_library(raw)
        assert mail == by_other(raw), words
        assert [part[:3] for part in mail.parts] == [
            ("multipart/alternative", None, None), ("text/plain", None, "utf-8"), ("text/html", None, "utf-8"),
        ], words  # fmt: skip


def test_none_changes_a_header(parsed):
    """The names in their order, and the value of each that does not name the subscription or the mail itself."""
    own = {"Subject", "Message-ID", "List-Unsubscribe", "Content-Type"}

    def headers(mail):
        return list(mail), {name: mail[name] for name in mail if name not in own}

    expected = headers(parsed[0][1])
    assert expected[1]["To"] == "undisclosed-recipients:;"
    for words, mail, _ in parsed:
        assert headers(mail) == expected, words
        assert re.fullmatch(r"<mailto:bayan@bayan\.example\?subject=unsubscribe%20d\d+>", mail["List-Unsubscribe"])
        assert re.fullmatch(r"<\d+@bayan\.example>", mail["Message-ID"])


def test_none_renders_as_markup(parsed):
    """The HTML part has the tags, attributes, styles and classes of the harmless mail, in its order."""
    found = [_Tags(mail.get_body(("html",)).get_content()).tags for _, mail, _ in parsed]
    for words, tags in zip(EVERYWHERE, found, strict=True):
        assert tags == found[len(words) > LONGEST_QUOTE], words


def test_none_turns_a_line_round(parsed):
    """No control character and no bidi override in the subject or in either part."""
    for words, mail, _ in parsed:
        shown = [str(mail["Subject"]), *(mail.get_body((kind,)).get_content() for kind in ("plain", "html"))]
        assert [TURNING.findall(text) for text in shown] == [[], [], []], words


def test_no_address_leads_elsewhere():
    """An article's address that holds any of them is a link to its own host, or none."""
    for words in HOSTILE:
        found = _found("s", words, url=f"https://daily.example/{words}")
        alert = Alert(
            subscription_id="d", statement_ids=("s",), message_id="<1@b.example>", recipients=("a@n.example",),
            created_at=NOON,
        )  # fmt: skip
        mail = RENDERER.message(alert, Telling(found=(found,)), name="Desk", run_id="run-1", now=NOON)
        links = re.findall(r'href="([^"]*)"', mail.get_body(("html",)).get_content())
        assert all(link.startswith("https://daily.example/") for link in links), words


def test_the_other_doors_are_as_safe():
    """A webhook's JSON holds no control and no override; a feed stays one entry of well-formed XML."""
    wish = Subscription(subscription_id="d", name="Desk", recipients=("a@n.example",))
    shapes = set()
    for words in EVERYWHERE:
        found = _found("s", words)
        alert = Alert(
            subscription_id="d", statement_ids=("s",), message_id="<1@b.example>", recipients=(), created_at=NOON
        )
        payload = json.dumps(RENDERER.payload(alert, Telling(found=(found,)), name=words), ensure_ascii=False)
        assert TURNING.findall(payload) == [], words
        payload.encode("utf-8")
        feed = RENDERER.feed(replace(wish, name=words), [(found, NOON)], now=NOON)
        assert TURNING.findall(feed.decode()) == [], words
        shapes.add(tuple(element.tag for element in ElementTree.fromstring(feed).iter()))
    assert len(shapes) == 1
