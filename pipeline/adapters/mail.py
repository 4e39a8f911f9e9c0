"""SMTP: hands one message at a time to the server that the settings name. Implements the port `Mailer`."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from email.message import EmailMessage

from pipeline.errors import MailError, MailServerError
from pipeline.records import Refusal

TIMEOUT_SECONDS = 30.0
"""For each answer of the server; RFC 5321 allows minutes, a run cannot wait so long for each mail."""

# smtplib.SMTPException is an OSError: `except OSError` below takes the library's errors and the socket's alike.

_THIS_MACHINE = {"localhost", "127.0.0.1", "::1"}
_ABOUT_THE_MAIL = {452, 552}
"""Replies to MAIL FROM that speak of this mail's size; every other refusal of the sender strikes all mails alike."""


class SmtpMailer:
    """A mail server, with STARTTLS and its certificate verified unless `tls` is false.

    A connection lasts one mail. The certificate is checked against the machine's authorities (`SSL_CERT_FILE` adds
    others). A login without TLS is refused but to this machine. The password stands in no message of an error.
    """

    def __init__(self, *, host: str, port: int, user: str | None, password: str | None, tls: bool) -> None:
        self._host = host
        self._port = port
        self._user = user
        self._password = password
        self._tls = tls

    def send(self, message: EmailMessage) -> tuple[Refusal, ...]:
        """Hand over one message to all its recipients; Bcc is not sent along. Those whom the server refused.

        Raises:
            MailServerError: not reached, no TLS, login or sender refused: no mail can pass now.
            MailError: this mail was accepted for nobody.
        """
        sender, recipients = _envelope(message)
        with self._server() as server:
            refused = self._transmit(server, message, sender, recipients)
        return _refusals(refused)

    @contextmanager
    def _server(self) -> Iterator[smtplib.SMTP]:
        server = self._open()
        try:
            yield server
        finally:
            # The mail is accepted or refused by now; a line that dies at the farewell changes nothing of that.
            with suppress(OSError):
                server.quit()
            server.close()

    def _open(self) -> smtplib.SMTP:
        try:
            server = smtplib.SMTP(self._host, self._port, timeout=TIMEOUT_SECONDS)
        except OSError as error:
            remedy = "start it, or correct BAYAN_SMTP_HOST and BAYAN_SMTP_PORT"
            raise self._unusable("cannot be reached", error, remedy) from error
        try:
            self._secure(server)
            self._login(server)
        except BaseException:
            server.close()
            raise
        return server

    def _secure(self, server: smtplib.SMTP) -> None:
        if not self._tls:
            return
        try:
            server.starttls(context=ssl.create_default_context())
        except smtplib.SMTPNotSupportedError as error:
            remedy = "use another port, or BAYAN_SMTP_TLS=false for a server on this machine"
            raise self._unusable("offers no STARTTLS", error, remedy) from error
        except OSError as error:
            remedy = "check its certificate and BAYAN_SMTP_HOST; SSL_CERT_FILE names a private authority"
            raise self._unusable("TLS failed", error, remedy) from error

    def _login(self, server: smtplib.SMTP) -> None:
        if self._user is None:
            return
        if not self._tls and self._host not in _THIS_MACHINE:
            remedy = "set BAYAN_SMTP_TLS=true"
            raise self._unusable("a login without TLS would show the password", None, remedy)
        try:
            server.login(self._user, self._password or "")
        except smtplib.SMTPServerDisconnected as error:
            raise self._unusable("was lost at the login", error, "it is tried again") from error
        except smtplib.SMTPException as error:
            remedy = "check BAYAN_SMTP_USER and BAYAN_SMTP_PASSWORD"
            raise self._unusable("login refused", error, remedy) from error
        except OSError as error:
            raise self._unusable("was lost at the login", error, "it is tried again") from error

    def _transmit(
        self, server: smtplib.SMTP, message: EmailMessage, sender: str, recipients: list[str]
    ) -> Mapping[str, tuple[int, bytes]]:
        try:
            return server.send_message(message, sender, recipients)
        except smtplib.SMTPRecipientsRefused as error:
            raise self._refused_all(error.recipients) from error
        except smtplib.SMTPSenderRefused as error:
            if error.smtp_code in _ABOUT_THE_MAIL:
                raise self._refused(error) from error
            raise self._unusable("refused the sender", error, f"check BAYAN_MAIL_FROM ({sender})") from error
        except smtplib.SMTPResponseException as error:
            raise self._refused(error) from error
        except OSError as error:
            raise MailError(f"{self._name}: the line was lost ({_reason(error)}); it is tried again") from error

    @property
    def _name(self) -> str:
        return f"mail server {self._host}:{self._port}"

    def _unusable(self, what: str, error: Exception | None, remedy: str) -> MailServerError:
        code = error.smtp_code if isinstance(error, smtplib.SMTPResponseException) else None
        because = f" ({_reason(error)})" if error else ""
        return MailServerError(f"{self._name}: {what}{because}; {remedy}", code=code)

    def _refused(self, error: smtplib.SMTPResponseException) -> MailError:
        retryable = error.smtp_code < 500
        remedy = "it is tried again" if retryable else "it is kept as failed"
        detail = f"{self._name}: refused the mail ({_reason(error)}); {remedy}"
        return MailError(detail, code=error.smtp_code, retryable=retryable)

    def _refused_all(self, recipients: Mapping[str, tuple[int, bytes]]) -> MailError:
        refusals = _refusals(recipients)
        retryable = any(refusal.code < 500 for refusal in refusals)
        told = ", ".join(f"{refusal.address} ({refusal.code} {refusal.reply})" for refusal in refusals)
        remedy = "it is tried again" if retryable else "correct the addresses of the subscription"
        code = min(refusal.code for refusal in refusals)
        said = f"{self._name}: refused every recipient: {told}; {remedy}"
        each = tuple((refusal.address, refusal.code, refusal.reply) for refusal in refusals)
        return MailError(said, code=code, retryable=retryable, refusals=each)


def _envelope(message: EmailMessage) -> tuple[str, list[str]]:
    """The sender's address and those of To, Cc and Bcc, each once."""
    headers = [header for name in ("To", "Cc", "Bcc") for header in message.get_all(name, [])]
    recipients = list(dict.fromkeys(address.addr_spec for header in headers for address in header.addresses))
    if not recipients:
        raise MailError("the mail names no recipient; add one to the subscription", retryable=False)
    sender: str = message["From"].addresses[0].addr_spec
    return sender, recipients


def _refusals(refused: Mapping[str, tuple[int, bytes]]) -> tuple[Refusal, ...]:
    return tuple(Refusal(address=address, code=code, reply=_line(reply)) for address, (code, reply) in refused.items())


def _reason(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_line(error.smtp_error)}"
    return " ".join(str(error).split()) or type(error).__name__


def _line(reply: bytes | str) -> str:
    text = reply.decode("utf-8", "replace") if isinstance(reply, bytes) else reply
    return " ".join(text.split())
