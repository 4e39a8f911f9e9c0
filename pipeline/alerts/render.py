"""An alert as an e-mail: headers, a plain part and an Arabic right-to-left HTML part with its styles inlined."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from urllib.parse import quote

from css_inline import CSSInliner
from jinja2 import DictLoader, Environment, StrictUndefined, select_autoescape

from pipeline.alerts import wording
from pipeline.alerts.card import Card, card
from pipeline.alerts.registry import Found, Registry
from pipeline.alerts.untrusted import one_line
from pipeline.errors import SettingsError
from pipeline.records import Alert, Article, Label, Statement

_IN_FULL = 50
"""Statements shown in full in one mail; those behind them stand with one line each."""


class Renderer:
    """Makes mails of alerts.

    Args:
        templates: the text of `alert.html.j2`, `alert.txt.j2` and `alert.css` by name.
        registry: names of groups and speakers.
        sender: the From of every mail, `Name <address>`; the name in ASCII, since some servers refuse others.

    Raises:
        SettingsError: `sender` is no address, or its name is not ASCII.
    """

    def __init__(self, *, templates: Mapping[str, str], registry: Registry, sender: str) -> None:
        self.registry = registry
        self._sender = _address(sender)
        self._inliner = CSSInliner(load_remote_stylesheets=False, keep_at_rules=True, extra_css=templates["alert.css"])
        environment = Environment(
            loader=DictLoader(dict(templates)),
            autoescape=select_autoescape(enabled_extensions=("html.j2",), disabled_extensions=("txt.j2",)),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._html = environment.get_template("alert.html.j2")
        self._text = environment.get_template("alert.txt.j2")

    @property
    def domain(self) -> str:
        """The sender's mail domain, under which Message-IDs stand."""
        return self._sender.domain

    def message(self, alert: Alert, found: Iterable[Found], *, name: str, run_id: str, now: datetime) -> EmailMessage:
        """The mail of an alert about the statements `found`, newest article first.

        Args:
            alert: recipients and Message-ID; several recipients do not see each other.
            found: its statements.
            name: what the subscription is called, for the subject.
            run_id: the run that sends it, for the header X-Bayan-Run.
            now: aware time for the header Date.
        """
        cards = [card(item, self.registry) for item in sorted(found, key=_newest_first)]
        message = EmailMessage(policy=SMTP)
        self._address_to(message, alert)
        message["Subject"] = one_line(_subject(cards, name), at_most=200)
        message["Date"] = format_datetime(now)
        message["Message-ID"] = alert.message_id
        message["Auto-Submitted"] = "auto-generated"
        message["X-Bayan-Run"] = one_line(run_id)
        self._fill(message, cards, name=one_line(name))
        return message

    def _address_to(self, message: EmailMessage, alert: Alert) -> None:
        message["From"] = self._sender
        if len(alert.recipients) == 1:
            message["To"] = alert.recipients[0]
        else:
            message["To"] = "undisclosed-recipients:;"
            message["Bcc"] = ", ".join(alert.recipients)
        wish = quote(f"unsubscribe {alert.subscription_id}")
        message["List-Unsubscribe"] = f"<mailto:{self._sender.addr_spec}?subject={wish}>"

    def _fill(self, message: EmailMessage, cards: Sequence[Card], *, name: str) -> None:
        values = {
            "name": name,
            "count": wording.count_ar(len(cards)),
            "tally": [(label, wording.LABEL_AR[label], number) for label, number in _tally(cards)],
            "cards": cards[:_IN_FULL],
            "briefly": cards[_IN_FULL:],
            "legend": wording.LEGEND_AR,
        }
        # Base64, because Arabic in quoted-printable takes six characters a letter and 8bit is not every server's.
        message.set_content(self._text.render(values), cte="base64")
        message.add_alternative(self._inliner.inline(self._html.render(values)), subtype="html", cte="base64")


def _address(sender: str) -> Address:
    name, spec = parseaddr(sender)
    try:
        address = Address(one_line(name), addr_spec=spec)
    except (HeaderParseError, ValueError, IndexError) as error:
        raise SettingsError(
            f"BAYAN_MAIL_FROM: {sender!r} is no mail address; write: Bayan <bayan@your.domain>"
        ) from error
    if not (address.display_name.isascii() and spec.isascii() and address.domain):
        raise SettingsError(
            f"BAYAN_MAIL_FROM: {sender!r} must be ASCII with a domain; write: Bayan <bayan@your.domain>"
        )
    return address


def _subject(cards: Sequence[Card], name: str) -> str:
    if len(cards) == 1:
        return f"{cards[0].label_ar}: {cards[0].group} ({name})"
    tally = "، ".join(f"{wording.LABEL_AR[label]} {number}" for label, number in _tally(cards))
    return f"{wording.count_ar(len(cards))}: {tally} ({name})"


def _tally(cards: Sequence[Card]) -> Sequence[tuple[Label, int]]:
    return wording.tally([each.label for each in cards])


def _newest_first(found: tuple[str, Statement, Article]) -> tuple[float, str, int, str]:
    statement_id, statement, article = found
    published = article.published_at or datetime(1970, 1, 1, tzinfo=UTC)
    return (-published.timestamp(), article.url, statement.start, statement_id)
