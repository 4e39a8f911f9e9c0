"""Mails handed to a real SMTP server on loopback, with and without TLS and login."""

import ipaddress
import socket
import ssl
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP, default

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from pipeline.adapters.mail import SmtpMailer
from pipeline.errors import MailError, MailServerError
from pipeline.jobs.alert import AlertPorts, alert
from pipeline.records import Refusal, Subscription
from tests.fakes.alert_store import FakeAlertStore, FakeRuns, renderer
from tests.fakes.press import NOON, article, statement


class _Server:
    """Keeps what it accepts; `replies` are its answers to an address, to the sender or to the data."""

    def __init__(self, **replies):
        self.kept = []
        self.replies = replies

    async def handle_MAIL(self, server, session, envelope, address, options):  # noqa: N802 - the server calls it so
        if "sender" in self.replies:
            return self.replies["sender"]
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        if address.split("@")[0] in self.replies:
            return self.replies[address.split("@")[0]]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        if self.replies.get("data") == "drop":
            server.transport.abort()
            return "250 OK"
        if "data" in self.replies:
            return self.replies["data"]
        self.kept.append((envelope.rcpt_tos, message_from_bytes(envelope.original_content, policy=default)))
        return "250 OK"


@contextmanager
def _serving(handler, **options):
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    controller = Controller(handler, hostname="127.0.0.1", port=port, **options)
    controller.start()
    try:
        yield port
    finally:
        controller.stop()


def _mailer(port, *, host="127.0.0.1", user=None, password=None, tls=False):
    return SmtpMailer(host=host, port=port, user=user, password=password, tls=tls)


def _mail(*recipients):
    message = EmailMessage(policy=SMTP)
    message["From"] = "Bayan <bayan@bayan.example>"
    message["To"] = "undisclosed-recipients:;" if len(recipients) > 1 else recipients[0]
    if len(recipients) > 1:
        message["Bcc"] = ", ".join(recipients)
    message["Subject"] = "تنبيه"
    message.set_content("نص", cte="base64")
    return message


def _refusal(handler, *recipients, **options):
    with _serving(handler) as port, pytest.raises(MailError) as caught:
        _mailer(port, **options).send(_mail(*(recipients or ("a@n.example",))))
    return caught.value


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    """A certificate for 127.0.0.1 that signs itself, with its key, as files."""
    folder = tmp_path_factory.mktemp("tls")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "test server")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return folder


@pytest.fixture
def tls(authority):
    """Options of a server that takes mail after STARTTLS only."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(authority / "cert.pem", authority / "key.pem")
    return {"tls_context": context, "require_starttls": True}


def _login(server, session, envelope, mechanism, data):
    known = (data.login, data.password) == (b"analyst", b"open sesame")
    return AuthResult(success=known, handled=known)


def test_a_mail_arrives_without_its_bcc():
    """Every recipient is in the envelope, none in the headers."""
    handler = _Server()
    with _serving(handler) as port:
        refused = _mailer(port).send(_mail("a@n.example", "b@n.example"))
    ((recipients, mail),) = handler.kept
    assert (refused, recipients, mail["Bcc"], mail["To"]) == (
        (), ["a@n.example", "b@n.example"], None, "undisclosed-recipients:;",
    )  # fmt: skip
    assert (mail["Subject"], mail.get_content().strip()) == ("تنبيه", "نص")


def test_starttls_with_a_trusted_certificate_and_a_login(authority, tls, monkeypatch):
    """The certificate is checked against the authorities that SSL_CERT_FILE names, then the login passes."""
    monkeypatch.setenv("SSL_CERT_FILE", str(authority / "cert.pem"))
    handler = _Server()
    with _serving(handler, authenticator=_login, auth_required=True, **tls) as port:
        _mailer(port, user="analyst", password="open sesame", tls=True).send(_mail("a@n.example"))
    assert [recipients for recipients, _ in handler.kept] == [["a@n.example"]]


def test_an_unknown_certificate_is_refused(tls):
    """Without its authority nothing is sent, and the error names the remedy."""
    handler = _Server()
    with _serving(handler, **tls) as port, pytest.raises(MailServerError, match=r"TLS failed .*SSL_CERT_FILE"):
        _mailer(port, tls=True).send(_mail("a@n.example"))
    assert handler.kept == []


def test_a_certificate_of_another_host_is_refused(authority, tls, monkeypatch):
    """The name in the certificate must be the host of the settings."""
    monkeypatch.setenv("SSL_CERT_FILE", str(authority / "cert.pem"))
    with _serving(_Server(), **tls) as port, pytest.raises(MailServerError, match="TLS failed"):
        _mailer(port, host="localhost", tls=True).send(_mail("a@n.example"))


def test_a_server_without_starttls_gets_nothing():
    """TLS asked for and not offered is an error, never plain text."""
    error = _refusal(_Server(), tls=True)
    assert isinstance(error, MailServerError)
    assert "offers no STARTTLS" in str(error)


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
def test_a_login_works_on_this_machine_without_tls():
    """A relay on loopback may ask for a login in plain text."""
    handler = _Server()
    options = {"authenticator": _login, "auth_required": True, "auth_require_tls": False}
    with _serving(handler, **options) as port:
        _mailer(port, user="analyst", password="open sesame").send(_mail("a@n.example"))
    assert len(handler.kept) == 1


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
def test_a_wrong_password_is_the_servers_refusal_and_is_not_shown():
    """No mail can pass with it, the remedy names the settings, the password is nowhere."""
    options = {"authenticator": _login, "auth_required": True, "auth_require_tls": False}
    with _serving(_Server(), **options) as port, pytest.raises(MailServerError) as caught:
        _mailer(port, user="analyst", password="close sesame").send(_mail("a@n.example"))
    assert caught.value.code == 535
    assert "check BAYAN_SMTP_USER and BAYAN_SMTP_PASSWORD" in str(caught.value)
    assert "close sesame" not in f"{caught.value!r} {caught.value.__cause__!r}"


def test_a_password_never_leaves_without_tls(monkeypatch):
    """A login to another machine without TLS is refused before anything is said."""
    handler = _Server()
    with _serving(handler) as port:
        monkeypatch.setattr("pipeline.adapters.mail._THIS_MACHINE", set())
        with pytest.raises(MailServerError, match=r"would show the password; set BAYAN_SMTP_TLS=true"):
            _mailer(port, user="analyst", password="open sesame").send(_mail("a@n.example"))
    assert handler.kept == []


def test_a_server_that_is_not_there():
    """A closed port: which server, and which settings to look at."""
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    with pytest.raises(MailServerError) as caught:
        _mailer(port).send(_mail("a@n.example"))
    assert str(caught.value).startswith(f"mail server 127.0.0.1:{port}: cannot be reached (")
    assert (caught.value.retryable, caught.value.code) == (True, None)


def test_a_server_that_stays_silent(monkeypatch):
    """A server that takes the line and says nothing is given up."""
    monkeypatch.setattr("pipeline.adapters.mail.TIMEOUT_SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(MailServerError, match="cannot be reached"):
        _mailer(silent.getsockname()[1]).send(_mail("a@n.example"))


@pytest.mark.parametrize(
    ("replies", "server_wide", "retryable", "code"),
    [
        ({"data": "451 4.3.0 try later"}, False, True, 451),
        ({"data": "554 5.7.1 no"}, False, False, 554),
        ({"data": "drop"}, False, True, None),
        ({"a": "450 4.2.0 greylisted"}, False, True, 450),
        ({"a": "550 5.1.1 no such user"}, False, False, 550),
        ({"sender": "553 5.1.8 not from here"}, True, True, 553),
        ({"sender": "552 5.3.4 too big"}, False, False, 552),
        ({"sender": "421 4.3.2 closing"}, True, True, 421),
    ],
)
def test_a_refusal_says_whether_another_attempt_can_help(replies, server_wide, retryable, code):
    """4xx and lost lines can pass later; 5xx about the mail cannot; a refused sender strikes every mail."""
    error = _refusal(_Server(**replies))
    assert (isinstance(error, MailServerError), error.retryable, error.code) == (server_wide, retryable, code)
    assert "\n" not in str(error)


def test_recipients_refused_beside_others_are_reported():
    """The mail goes to those who are accepted; the refused come back with the server's words."""
    handler = _Server(b="550 5.1.1 no such user", c="450 4.2.0 greylisted")
    with _serving(handler) as port:
        refused = _mailer(port).send(_mail("a@n.example", "b@n.example", "c@n.example"))
    assert [recipients for recipients, _ in handler.kept] == [["a@n.example"]]
    assert refused == (
        Refusal(address="b@n.example", code=550, reply="5.1.1 no such user"),
        Refusal(address="c@n.example", code=450, reply="4.2.0 greylisted"),
    )


def test_a_mail_for_nobody_is_an_error():
    """No recipient is never a silent success."""
    with pytest.raises(MailError, match="names no recipient") as caught:
        _mailer(9).send(_mail("undisclosed-recipients:;"))
    assert not caught.value.retryable


def test_an_alert_goes_out_whole():
    """Job, renderer and mailer together: the server holds both parts of the mail, and a second run sends nothing."""
    handler, of = _Server(), article(language="ar", body="سنضرب الميناء غدًا.")
    store = FakeAlertStore(("s1", statement(of, (0, len(of.body))), of))
    wishes = [Subscription(subscription_id="all", name="الكل", recipients=("a@n.example", "b@n.example"))]
    with _serving(handler) as port:
        ports = AlertPorts(store=store, mailer=_mailer(port), renderer=renderer(), runs=FakeRuns())
        reports = [alert(ports=ports, subscriptions=wishes, run_id=f"run-{n}", now=NOON) for n in (1, 2)]
    assert [report.mails for report in reports] == [1, 0]
    ((recipients, mail),) = handler.kept
    assert recipients == ["a@n.example", "b@n.example"]
    assert mail["Subject"] == "تهديد: لواء الميناء (الكل)"
    assert [("سنضرب الميناء" in part.get_content()) for part in mail.iter_parts()] == [True, True]
