"""Content encodings, within bounds."""

import gzip
import zlib

import pytest

from pipeline.adapters.content import ContentError, TooLargeError, decode_content

BODY = b"The bridge is closed. " * 100


def raw_deflate(body):
    deflater = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return deflater.compress(body) + deflater.flush()


@pytest.mark.parametrize(
    ("raw", "encoding"),
    [
        (BODY, None),
        (BODY, "identity"),
        (gzip.compress(BODY), "gzip"),
        (gzip.compress(BODY), " X-GZIP "),
        (gzip.compress(BODY[:50]) + gzip.compress(BODY[50:]), "gzip"),
        (gzip.compress(BODY) + b"padding", "gzip"),
        (zlib.compress(BODY), "deflate"),
        (raw_deflate(BODY), "deflate"),
        (gzip.compress(zlib.compress(BODY)), "deflate, gzip"),
    ],
)
def test_encodings_are_removed(raw, encoding):
    """Gzip in one or more members, deflate in both its forms, one over the other."""
    assert decode_content(raw, encoding, limit=len(BODY)) == BODY


def test_an_empty_answer_has_no_encoding():
    """Nothing is nothing, whatever the header says."""
    assert decode_content(b"", "gzip", limit=10) == b""


@pytest.mark.parametrize(
    ("raw", "encoding"), [(BODY, None), (gzip.compress(BODY), "gzip"), (raw_deflate(BODY), "deflate")]
)
def test_more_than_the_limit_is_refused(raw, encoding):
    """One byte too many ends it, before or after unpacking."""
    with pytest.raises(TooLargeError):
        decode_content(raw, encoding, limit=len(BODY) - 1)


def test_a_bomb_ends_early():
    """A hundred megabytes in a hundred kilobytes are not unpacked."""
    with pytest.raises(TooLargeError):
        decode_content(gzip.compress(bytes(100_000_000), 1), "gzip", limit=1_000_000)


@pytest.mark.parametrize(
    ("raw", "encoding", "said"),
    [
        (gzip.compress(BODY)[:-20], "gzip", "cut short"),
        (BODY, "gzip", "damaged"),
        (b"\x1f\x8b\x08\x00" + b"\xff" * 60, "gzip", "damaged"),
        (BODY, "br", "was not asked for"),
    ],
)
def test_damaged_content_is_refused(raw, encoding, said):
    """The error says whether it is cut short, damaged, or of an encoding that nobody asked for."""
    with pytest.raises(ContentError, match=said):
        decode_content(raw, encoding, limit=10_000)
