"""Text from the web made harmless."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.alerts.untrusted import harmless, one_line, web_host, web_link


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\u202eb\u202c", "ab"),
        ("\u2066a\u2069\u2067b\u2068", "ab"),
        ("a\x00\x07\x1b[31m\x9b\ufeff", "a[31m"),
        ("a\ud800b", "a\ufffdb"),
        ("نص\u200f، 😀 می\u200cخواهم\n\t", "نص\u200f، 😀 می\u200cخواهم\n\t"),
    ],
)
def test_what_changes_a_line_is_taken_out(text, expected):
    """Overrides, isolates and control characters go; letters, joiners, marks and line ends stay."""
    assert harmless(text) == expected


@pytest.mark.parametrize(
    ("text", "at_most", "expected"),
    [
        ("a\r\nBcc: b@c.example", 18, "a Bcc: b@c.example"),
        ("a\u2028b\x85c\x0bd", 7, "a b c d"),
        ("  a \t b ", 3, "a b"),
        ("abcdef", 5, "abcd…"),
        ("abc  def", 5, "abc…"),
    ],
)
def test_one_line_is_one_line(text, at_most, expected):
    """Every kind of line end becomes a space, and what is too long is cut with an ellipsis."""
    assert one_line(text, at_most=at_most) == expected


@given(st.text(st.characters(), max_size=80))
def test_no_text_keeps_a_line_end_or_a_surrogate(text):
    """Whatever comes in, one line that UTF-8 can hold comes out."""
    line = one_line(text)
    assert len(line.encode("utf-8").decode("utf-8").splitlines()) <= 1


@pytest.mark.parametrize(
    "url",
    [
        "https://news.example/a?b=1&c=%D9%86#d",
        "http://news.example",
        "https://أخبار.example/خبر",
        "HTTPS://news.example/",
    ],
)
def test_web_addresses_are_links(url):
    """http and https with a host, Arabic ones too."""
    assert web_link(url) == url


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)", "java\nscript:alert(1)", "data:text/html,x", "//news.example/a", "/a", "", "https://",
        "https://bank.example@evil.example/", "https://news.example/\u202egnp.exe", 'https://news.example/"><script>',
        "https://news.example/ a", "ftp://news.example/", "https://[broken/", "\x01https://news.example/",
    ],
)  # fmt: skip
def test_anything_else_is_no_link(url):
    """Other schemes, logins, spaces, quotes, controls and bidi overrides never become a link."""
    assert (web_link(url), web_host(url)) == (None, None)


def test_the_host_of_a_link_is_shown():
    """The reader sees where a link leads."""
    assert web_host("https://news.example:8443/a") == "news.example"
