"""An alert as an e-mail: headers, a plain part and an Arabic right-to-left HTML part with its styles inlined.

The other doors, a webhook's JSON and an Atom feed, are made here too, so that all speak of one registry.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from urllib.parse import quote

from css_inline import CSSInliner
from jinja2 import DictLoader, Environment, StrictUndefined, select_autoescape

from pipeline.alerts.card import card
from pipeline.alerts.feed import atom_feed
from pipeline.alerts.page import Page
from pipeline.alerts.payload import payload_of
from pipeline.alerts.registry import Found, Registry
from pipeline.alerts.remainder import remainder
from pipeline.alerts.telling import Links, Telling
from pipeline.alerts.untrusted import header_text, one_line
from pipeline.errors import SettingsError
from pipeline.records import Alert, Article, Statement, Subscription


class Renderer:
    """Makes mails of alerts.

    Args:
        templates: the text of `alert.html.j2`, `alert.txt.j2` and `alert.css` by name.
        registry: names of groups and speakers.
        sender: the From of every mail, `Name <address>`; the name in ASCII, since some servers refuse others.
        links: where a mail leads on to.

    Raises:
        SettingsError: `sender` is no address, or its name is not ASCII.
    """

    def __init__(
        self, *, templates: Mapping[str, str], registry: Registry, sender: str, links: Links | None = None
    ) -> None:
        self.registry = registry
        self._links = links or Links()
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

    def message(self, alert: Alert, telling: Telling, *, name: str, run_id: str, now: datetime) -> EmailMessage:
        """The mail of an alert, newest article first.

        Args:
            alert: recipients, Message-ID and the mails that it follows; several recipients do not see each other.
            telling: what it tells.
            name: what the subscription is called, for the subject.
            run_id: the run that sends it, for the header X-Bayan-Run.
            now: aware time for the header Date.
        """
        found = sorted(telling.found, key=_newest_first)
        cards = [card(item, self.registry, telling, self._links) for item in found]
        page = Page(alert, telling, cards, name=one_line(name), rest=remainder(telling, self.registry))
        message = EmailMessage(policy=SMTP)
        self._address_to(message, alert)
        message["Subject"] = header_text(page.subject, at_most=200)
        message["Date"] = format_datetime(now)
        message["Message-ID"] = alert.message_id
        if alert.references:
            message["In-Reply-To"] = alert.references[-1]
            message["References"] = " ".join(alert.references)
        message["Auto-Submitted"] = "auto-generated"
        message["X-Bayan-Run"] = header_text(run_id)
        self._fill(message, page, self.domain)
        return message

    def payload(self, alert: Alert, telling: Telling, *, name: str) -> Mapping[str, object]:
        """The alert as JSON for a webhook."""
        return payload_of(alert, telling, self.registry, self._links, name=name)

    def feed(self, subscription: Subscription, latest: Iterable[tuple[Found, datetime]], *, now: datetime) -> bytes:
        """The Atom feed of a subscription: what was found last for it, with the time of that."""
        return atom_feed(subscription, latest, self.registry, self._links, now=now)

    def _address_to(self, message: EmailMessage, alert: Alert) -> None:
        message["From"] = self._sender
        if len(alert.recipients) == 1:
            message["To"] = alert.recipients[0]
        else:
            message["To"] = "undisclosed-recipients:;"
            message["Bcc"] = ", ".join(alert.recipients)
        wish = quote(f"unsubscribe {alert.subscription_id}")
        message["List-Unsubscribe"] = f"<mailto:{self._sender.addr_spec}?subject={wish}>"

    def _fill(self, message: EmailMessage, page: Page, domain: str) -> None:
        values = page.values(chart=f"chart@{domain}")
        # Base64, because Arabic in quoted-printable takes six characters a letter and 8bit is not every server's.
        message.set_content(self._text.render(values), cte="base64")
        message.add_alternative(self._inliner.inline(self._html.render(values)), subtype="html", cte="base64")
        if image := page.chart:
            html = message.get_body(("html",))
            assert isinstance(html, EmailMessage)  # noqa: S101 - it was added a line above
            html.add_related(image, "image", "png", cid=f"<chart@{domain}>", filename="chart.png", disposition="inline")


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


def _newest_first(found: tuple[str, Statement, Article]) -> tuple[float, str, int, str]:
    statement_id, statement, article = found
    published = article.published_at or datetime(1970, 1, 1, tzinfo=UTC)
    return (-published.timestamp(), article.url, statement.start, statement_id)
