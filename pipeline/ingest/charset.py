"""Bytes to text. Only the charset is decided here; what the text says is for the readers of feeds and pages.

A charset is looked for in the HTTP header, the byte order mark, the document's own declaration, and last in the bytes
themselves. Two things overrule that order, because servers lie in two ways: a body that is valid UTF-8 beyond ASCII
is UTF-8 whatever single-byte charset was declared (Arabic in windows-1256 is practically never valid UTF-8), and a
charset that cannot read the body is passed over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.message import Message

import charset_normalizer

_MARKS = (
    (b"\xff\xfe\x00\x00", "utf-32"), (b"\x00\x00\xfe\xff", "utf-32"), (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"),
    (b"<\x00\x00\x00", "utf-32-le"), (b"\x00\x00\x00<", "utf-32-be"),
    (b"<\x00", "utf-16-le"), (b"\x00<", "utf-16-be"), (b"\x4c\x6f\xa7\x94", "cp037"),
)  # fmt: skip
"""Byte order marks, then how `<` or `<?xm` starts in charsets that are not ASCII-compatible (XML 1.0, appendix F)."""

_XML_DECLARATION = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._:-]+)")
_META_CHARSET = re.compile(rb"<meta[^>]{0,500}?charset\s*=\s*[\"']?\s*([A-Za-z0-9._:-]+)", re.IGNORECASE)
_DECLARED_WITHIN = 4096
_SAMPLE = 50_000

_MEANT = {"iso-8859-1": "cp1252", "latin-1": "cp1252", "us-ascii": "cp1252", "gb2312": "gb18030", "gbk": "gb18030"}
"""What browsers take these names for (WHATWG Encoding): supersets of what the names say."""


def decode(body: bytes, content_type: str | None) -> str:
    """The text of `body`, without byte order mark and NUL. A few broken bytes become U+FFFD, not another charset.

    `content_type` is the header's value with its parameters, or None.
    """
    return _decoded(body, content_type).removeprefix("\ufeff").replace("\x00", "")


def _decoded(body: bytes, content_type: str | None) -> str:
    if _is_utf8_beyond_ascii(body):
        return body.decode("utf-8")
    for charset in _candidates(body, content_type):
        text = _read(body, charset)
        if text is not None:
            return text
    return body.decode("utf-8", "replace")


def _candidates(body: bytes, content_type: str | None) -> Iterator[str]:
    header = header_charset(content_type)
    if header:
        yield header
    for mark, charset in _MARKS:
        if body.startswith(mark):
            yield charset
    for pattern in (_XML_DECLARATION, _META_CHARSET):
        declared = pattern.search(body[:_DECLARED_WITHIN])
        if declared:
            yield declared[1].decode("ascii").lower()
    yield "utf-8"
    guess = charset_normalizer.from_bytes(body[:_SAMPLE]).best()
    if guess:
        yield guess.encoding


def header_charset(content_type: str | None) -> str | None:
    """The charset parameter of a Content-Type value, lower-case, or None."""
    if not content_type:
        return None
    message = Message()
    message["content-type"] = " ".join(content_type.split())
    charset = message.get_param("charset")
    return charset.strip(" \"'").lower() or None if isinstance(charset, str) else None


def _is_utf8_beyond_ascii(body: bytes) -> bool:
    if body.isascii() or b"\x00" in body[:_DECLARED_WITHIN]:
        return False
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _read(body: bytes, charset: str) -> str | None:
    """The text in `charset`, or None when it is no charset or more than one character in a thousand is broken."""
    try:
        text = body.decode(_MEANT.get(charset, charset), "replace")
    except (LookupError, ValueError):
        return None
    broken = text.count("\ufffd")
    return text if broken <= 1 or broken * 1000 <= len(text) else None
