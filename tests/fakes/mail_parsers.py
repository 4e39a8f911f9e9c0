"""Two parsers that share no code, the standard library's and one in Rust, and what a mail is to each of them."""

import re
from email import message_from_bytes
from email.policy import default
from typing import NamedTuple

import fast_mail_parser


class Read(NamedTuple):
    """A mail as read: names of its headers in order, subject, and of each part, depth first, type, disposition,
    charset and content."""

    headers: list[str]
    subject: str
    parts: list[tuple[str, str | None, str | None, bytes | None]]


def by_library(raw: bytes) -> Read:
    """As the standard library reads it; an AssertionError if it had to repair anything."""
    mail = message_from_bytes(raw, policy=default)
    assert [defect for part in mail.walk() for defect in part.defects] == []
    parts = [
        (
            part.get_content_type(),
            part.get_content_disposition(),
            part.get_content_charset(),
            None if part.is_multipart() else part.get_payload(decode=True),
        )
        for part in mail.walk()
    ]
    return Read([name.lower() for name in mail], str(mail["Subject"]), parts)


def by_other(raw: bytes) -> Read:
    """As the other one reads it, strictly: it raises where it would have to repair anything."""
    mail = fast_mail_parser.parse_email(raw, strict=True)
    parts = []
    for part in fast_mail_parser.walk(fast_mail_parser.parse_email_tree(raw)):
        charset = re.search(r'charset="?([\w-]+)', part.headers.get("Content-Type", [""])[0])
        parts.append((part.content_type, part.disposition, charset and charset[1].lower(), part.content))
    return Read([name.lower() for name in mail.headers], mail.subject, parts)
