"""The mail sink is a real SMTP server that keeps what it accepted."""

import smtplib
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default

from pipeline.embedded.mail_sink import MailSink


def _message(subject):
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "a@example.org", "b@example.org", subject
    message.set_content("نص")
    return message


def test_an_accepted_mail_stands_in_the_folder(tmp_path):
    """What is handed over by SMTP can be read back from the .eml file."""
    with MailSink(tmp_path) as sink, smtplib.SMTP("127.0.0.1", sink.port) as client:
        client.send_message(_message("تنبيه"))
    (kept,) = tmp_path.glob("*.eml")
    parsed = BytesParser(policy=default).parsebytes(kept.read_bytes())
    assert ("تنبيه", "نص") == (parsed["Subject"], parsed.get_content().strip())


def test_a_second_run_adds_to_the_first(tmp_path):
    """Mails of an earlier run are never overwritten."""
    for subject in ("one", "two"):
        with MailSink(tmp_path) as sink, smtplib.SMTP("127.0.0.1", sink.port) as client:
            client.send_message(_message(subject))
    kept = [BytesParser(policy=default).parsebytes(path.read_bytes()) for path in sorted(tmp_path.glob("*.eml"))]
    assert ["one", "two"] == [message["Subject"] for message in kept]
