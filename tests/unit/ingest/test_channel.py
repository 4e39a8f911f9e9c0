"""The public preview of a channel."""

import pytest

from pipeline.errors import ParseError
from pipeline.ingest import parse_channel, post_article, post_number
from pipeline.records import Source
from tests.fakes.channel import channel_page
from tests.fakes.press import capture

BASE = "https://t.me/s/harbour"
CHANNEL = Source(source_id="harbour", kind="channel", url=BASE, name="قناة الميناء")


def parse(*posts):
    return parse_channel(channel_page(*posts), content_type="text/html; charset=utf-8", base_url=BASE)


def test_posts_become_articles():
    """Each with its own address, its lines, its time and the channel as its outlet; a picture alone is none."""
    parsed = parse((7, "بيان رقم 1<br/>أُغلق الجسر <b>القديم</b> &amp; الطريق"), (8, None))
    (post,) = parsed.posts
    article = post_article(post, capture=capture(), source=CHANNEL)
    assert (article.url, article.title) == ("https://t.me/harbour/7", "بيان رقم 1")
    assert article.body == "بيان رقم 1\nأُغلق الجسر القديم & الطريق"
    assert (article.published_at.isoformat(), article.published_basis) == ("2026-03-05T10:07:00+00:00", "metadata")
    assert (article.outlet, article.language, parsed.shown) == ("قناة الميناء", "ar", {7, 8})


def test_the_quoted_reply_is_not_the_post():
    """What a post answers is somebody else's words."""
    (post,) = parse((9, "نؤكد ما قلناه", "كلام القناة الأخرى")).posts
    assert post.text == "نؤكد ما قلناه"


def test_a_long_first_line_is_cut_for_the_title():
    """The text stays whole."""
    (post,) = parse((3, "كلمة " * 100)).posts
    article = post_article(post, capture=capture(), source=CHANNEL)
    assert (len(article.title) <= 122, article.title.endswith(" …"), len(article.body)) == (True, True, 499)


def test_what_was_shown_and_is_missing_among_the_latest_is_gone():
    """An older post than the page shows may stand; the page shows the latest, so newer ones may not."""
    parsed = parse((5, "one"), (7, "two"))
    assert [parsed.is_gone(number) for number in (4, 5, 6, 7, 8)] == [False, False, True, False, True]
    assert not parse().is_gone(4)


def test_a_channel_without_posts_is_empty_and_another_page_is_none():
    """The frame of a channel is told from any other page."""
    assert parse().posts == ()
    for body in (b"", b"<html><body>Welcome</body></html>", b"\xff\xfe"):
        with pytest.raises(ParseError) as caught:
            parse_channel(body, content_type=None, base_url=BASE)
        assert caught.value.reason == "not-a-channel"


@pytest.mark.parametrize(
    ("url", "number"),
    [("https://t.me/harbour/7", 7), ("https://t.me/harbour", None), ("https://t.me/h/" + "9" * 30, None)],
)
def test_the_number_of_a_post(url, number):
    """From its address, or none."""
    assert post_number(url) == number
