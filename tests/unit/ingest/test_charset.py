"""Bytes to text: which charset is believed."""

import pytest

from pipeline.ingest.charset import decode, header_charset

TEXT = "أعلن المتحدث باسم البلدية أن الجسر القديم سيغلق أسبوعا كاملا لأعمال الصيانة، وقال إن الطريق البديل جاهز."


@pytest.mark.parametrize("charset", ["utf-8", "windows-1256", "iso-8859-6", "utf-16"])
def test_the_header_says_the_charset(charset):
    """A charset in the header reads the body."""
    text = TEXT.replace("،", ",")
    assert decode(text.encode(charset), f"text/html; charset={charset}") == text


@pytest.mark.parametrize("mark", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_byte_order_mark_says_the_charset(mark):
    """A byte order mark is enough, and is not part of the text."""
    assert decode(TEXT.encode(mark), None) == TEXT


@pytest.mark.parametrize(
    "declaration",
    ['<?xml version="1.0" encoding="windows-1256"?>', '<meta charset=windows-1256>',
     '<meta http-equiv="Content-Type" content="text/html; charset=windows-1256">'],
)  # fmt: skip
def test_the_document_declares_its_charset(declaration):
    """XML declaration and both forms of the meta element count when the header is silent."""
    assert decode((declaration + TEXT).encode("windows-1256"), "text/html") == declaration + TEXT


def test_nothing_says_the_charset():
    """Without any declaration the bytes themselves tell."""
    assert decode((TEXT * 3).encode("windows-1256"), None) == TEXT * 3


@pytest.mark.parametrize("wrong", ["windows-1256", "iso-8859-1", "us-ascii"])
def test_valid_utf8_overrules_a_wrong_header(wrong):
    """A server that calls UTF-8 a single-byte charset is not believed."""
    assert decode(TEXT.encode(), f"text/html; charset={wrong}") == TEXT


@pytest.mark.parametrize("unknown", ["none", "x-unheard-of", "utf-8", "hex", "zlib"])
def test_a_charset_that_cannot_read_the_body_is_passed_over(unknown):
    """An unknown name, or one that breaks the body, leaves the decision to what comes next."""
    body = f'<meta charset="windows-1256">{TEXT}'
    assert decode(body.encode("windows-1256"), f"text/html; charset={unknown}") == body


def test_a_broken_byte_does_not_change_the_charset():
    """One broken byte in a long text becomes a replacement character; the rest stays readable."""
    body = (TEXT * 20).encode() + b"\xd8"
    assert decode(body, "text/html; charset=utf-8") == TEXT * 20 + "\ufffd"


def test_nul_is_no_text():
    """NUL never reaches the readers."""
    assert decode(b"a\x00b", None) == "ab"


@pytest.mark.parametrize(
    ("content_type", "expected"),
    [(None, None), ("", None), ("text/html", None), ("text/html; charset=UTF-8", "utf-8"),
     ('text/html;charset="windows-1256"', "windows-1256"), ("text/html; charset=", None), ("; charset=utf-8", "utf-8")],
)  # fmt: skip
def test_the_charset_parameter(content_type, expected):
    """The parameter is read in all the ways servers write it."""
    assert header_charset(content_type) == expected
