"""What an outlet says of itself on an article's page, and what only sounds like it."""

import pytest
from lxml.html import document_fromstring

from pipeline.ingest.boilerplate import drop_house_rules, without_notices

NEWS = "قالت البلدية إن الجسر القديم سيغلق أسبوعا كاملا لأعمال الصيانة."
RULES = 'نرحب بآرائكم، والرجاء قراءة <a href="{}">ما نطلبه من المشاركين</a> قبل الكتابة.'


@pytest.mark.parametrize(
    "notice",
    [
        "الآراء المنشورة هنا لا تعبر بالضرورة عن رأي الموقع بل عن أصحابها.",
        "* جميع المقالات المنشورة تعبّر عن رأي كاتبها وحده",
        "التعليقات الواردة أدناه لا تمثل سياسة الصحيفة",
        "لن يتم نشر التعليقات المسيئة أو الخارجة عن الموضوع.",
        "لن يتم نشر عنوان بريدك الإلكتروني",
        "يرجى أن تبقى تعليقاتكم ضمن موضوع الخبر",
        "جميع الحقوق محفوظة © صحيفة الميناء 2026",
        "The views expressed in this article are the author's own and do not necessarily reflect our editorial policy.",
        "Opinions expressed here do not represent the website.",
        "Comments are moderated before they appear.",
        "By posting a comment you agree to our rules.",
        "Your email address will not be published.",
        "© 2026 The Daily. All rights reserved.",
    ],
)
def test_notices_at_the_end_of_a_text_are_taken_away(notice):
    """One or several, in Arabic and English; the news above them stays."""
    assert without_notices([NEWS, notice]) == [NEWS]
    assert without_notices([NEWS, notice, "All rights reserved"]) == [NEWS]


@pytest.mark.parametrize(
    "line",
    [
        "وقال النائب إن الآراء الواردة في التقرير لا تعبر عن رأي الصحيفة ولا عن موقف الحكومة.",
        "الآراء الواردة في الرسالة لا تعبر عن موقف الحكومة، بحسب الوزير.",
        "لن يتم نشر أي تعليق من الجيش قبل انتهاء التحقيق.",
        "Comments by the minister are expected on Sunday.",
        "Opinions differ over the bridge, which the city wants to close.",
        "(c) the third demand is that the road be opened.",
        "All rights groups reserved judgement on the report.",
        "حقوق النشر لا تحمي الأخبار، قال القاضي.",
    ],
)
def test_news_that_sounds_like_a_notice_stays(line):
    """Who speaks of views, comments and rights is in the news."""
    assert without_notices([NEWS, line]) == [NEWS, line]


def test_nothing_is_taken_between_paragraphs():
    """Behind a notice that is followed by news there is a text that quotes it."""
    lines = [NEWS, "All rights reserved", NEWS]
    assert without_notices(lines) == lines


def kept(href, *, more="", base="https://www.daily.example/2026/3/bridge"):
    """What is left of a page with one paragraph of news, and one with a link."""
    tree = document_fromstring(f"<article><p>{NEWS}</p><p>{RULES.format(href)}{more}</p></article>")
    drop_house_rules(tree, base_url=base)
    return [paragraph.text_content() for paragraph in tree.iter("p")]


@pytest.mark.parametrize(
    "href",
    ["/community_guidelines.html", "/privacy", "/ar/terms-of-use/", "https://daily.example/about/comment-policy"],
)
def test_a_paragraph_that_leads_to_the_houses_rules_is_none_of_the_article(href):
    """Whatever its language and words: the address tells."""
    assert kept(href) == [NEWS]


@pytest.mark.parametrize(
    "href",
    [
        "/2026/3/privacy-law-passes",
        "/news/2026/03/privacy",
        "https://ministry.example/privacy",
        "/",
        "http://[",
        "#terms",
        "mailto:terms@daily.example",
    ],
)
def test_other_links_take_nothing_away(href):
    """An article about privacy, another site's terms, what is no address."""
    assert len(kept(href)) == 2


def test_a_page_that_is_one_paragraph_stays_whole():
    """A text with its rules in the same paragraph is longer than a notice."""
    assert len(kept("/terms", more=NEWS * 10)) == 2
