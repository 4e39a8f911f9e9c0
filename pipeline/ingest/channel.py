"""The public preview of a Telegram channel (https://t.me/s/NAME): its posts, each an article of its own.

The preview shows the latest posts, about twenty. A number that is missing between two that are shown is no proof: the
numbers of pictures in an album, of joins and of pins have no post. One that was shown before and is missing now is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from lxml.etree import ParserError
from lxml.html import HtmlElement, document_fromstring

from pipeline.errors import ParseError
from pipeline.ingest.charset import decode
from pipeline.ingest.lines import one_line
from pipeline.ingest.times import read_time
from pipeline.records import Article, Capture, Source
from pipeline.text.language import detect_language

_POST = re.compile(r"^([A-Za-z0-9_]{1,64})/(\d{1,18})$")
_TITLE = 120
_CLASS = "contains(concat(' ', normalize-space(@class), ' '), ' {} ')"
_POSTS = f"//*[@data-post and {_CLASS.format('tgme_widget_message')}]"
_REPLY = _CLASS.format("tgme_widget_message_reply")
_TEXTS = f".//*[{_CLASS.format('tgme_widget_message_text')} and not(ancestor::*[{_REPLY}])]"
_PAGE = f"//*[{_CLASS.format('tgme_channel_info')} or {_CLASS.format('tgme_channel_history')}]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """One post with a text.

    Attributes:
        number: its number in the channel.
        url: its own address.
        text: lines as shown, without the quoted reply.
        published_at: UTC, or None.
        author: who signed it, or None.
    """

    number: int
    url: str
    text: str
    published_at: datetime | None
    author: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedChannel:
    """What the preview shows.

    Attributes:
        posts: those with a text, oldest first.
        shown: numbers of all posts shown, those without text included.
    """

    posts: tuple[Post, ...]
    shown: frozenset[int]

    def is_gone(self, number: int) -> bool:
        """Whether a post that was shown before is not there, although an older one is: the preview shows the latest."""
        return bool(self.shown) and number >= min(self.shown) and number not in self.shown


def parse_channel(body: bytes, *, content_type: str | None, base_url: str) -> ParsedChannel:
    """The posts of a channel's preview; `base_url` is where it was found.

    Raises:
        ParseError: `not-a-channel`: another page, or a channel without a preview.
    """
    text = decode(body, content_type)
    try:
        tree = document_fromstring(text)
    except (ParserError, ValueError) as error:
        raise ParseError("not-a-channel", "no channel but an empty answer; check the address in a browser") from error
    elements = [(element, _POST.match(element.get("data-post") or "")) for element in tree.xpath(_POSTS)]
    found = [(element, match[1], int(match[2])) for element, match in elements if match]
    if not found and not tree.xpath(_PAGE):
        raise ParseError("not-a-channel", "no preview of a channel; use https://t.me/s/NAME of a public channel")
    origin = re.match(r"https?://[^/]+", base_url)
    posts = {
        number: _post(element, f"{origin[0] if origin else ''}/{name}/{number}", number)
        for element, name, number in found
    }
    with_text = sorted((post for post in posts.values() if post.text), key=lambda post: post.number)
    return ParsedChannel(posts=tuple(with_text), shown=frozenset(posts))


def post_number(url: str) -> int | None:
    """The number of the post at an address, or None."""
    last = url.rstrip("/").rpartition("/")[2]
    return int(last) if last.isascii() and last.isdigit() and len(last) <= 18 else None


def post_article(post: Post, *, capture: Capture, source: Source) -> Article:
    """A post as an article; its title is its first line, or the beginning of it."""
    first = post.text.partition("\n")[0]
    title = first if len(first) <= _TITLE else first[:_TITLE].rsplit(" ", 1)[0] + " …"
    return Article(
        url=post.url,
        title=title,
        body=post.text,
        language=detect_language(post.text),
        published_at=post.published_at,
        published_basis="metadata" if post.published_at else None,
        author=post.author,
        outlet=source.outlet or source.name,
        source_id=source.source_id,
        capture_id=capture.capture_id,
    )


def _post(element: HtmlElement, url: str, number: int) -> Post:
    times = element.xpath(".//time[@datetime]/@datetime")
    authors = element.xpath(f".//*[{_CLASS.format('tgme_widget_message_from_author')}]")
    texts = element.xpath(_TEXTS)
    return Post(
        number=number,
        url=url,
        text="\n".join(filter(None, (_text_of(one) for one in texts[:1]))),
        published_at=read_time(str(times[-1])) if times else None,
        author=one_line(authors[0].text_content()) or None if authors else None,
    )


def _text_of(element: HtmlElement) -> str:
    for br in element.xpath(".//br"):
        br.tail = f"\n{br.tail or ''}"
    lines = (one_line(line) for line in element.text_content().split("\n"))
    return "\n".join(line for line in lines if line)
