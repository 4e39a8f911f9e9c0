"""What stands on an article's page and speaks of the site: rules for comments, disclaimers, rights.

Trafilatura takes navigation, teasers and comments away; notes that an outlet writes as paragraphs of the article stay
for this. What is news is not decided here: a line goes only where it cannot be any, since a lost sentence is worse
than a kept notice.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from pipeline.ingest.urls import absolute_url, may_speak_for

_LONGEST = 600
"""Characters of a paragraph that can be a notice; the rare page that is one paragraph with a footnote stays whole."""

_DEEPEST = 3
"""Parts of the path of a page with the house's rules; articles about privacy lie deeper, or have longer names."""

_HOUSE_RULES = re.compile(
    r"(?:(?:community|comment(?:s|ing)?|user|editorial)-)?(?:guidelines|polic(?:y|ies)|standards|rules)"
    r"|(?:our-)?(?:terms(?:-and-conditions|-of-(?:use|service))?|terms-?of-?use|conditions(?:-of-use)?|disclaimer)"
    r"|(?:privacy|cookies?)(?:-(?:policy|notice|statement))?"
)
"""The last part of such a path, in lower case, `_` as `-`, without an ending."""

_WORTH_A_LOOK = re.compile(r"guideline|polic|standards|rules|terms|conditions|disclaimer|privacy|cookie", re.IGNORECASE)
"""What an address with the rules holds; few of the hundreds of links of a page do."""

_NOTICE = re.compile(
    "|".join(
        (
            # What is said here is not what the site thinks, or only what its author does.
            r"(?:جميع |كل |إن )?(?:الآراء|المقالات|التعليقات|المشاركات|المواد)"
            r" (?:الواردة|المنشورة|التي تنشر|في هذ[ها]|أدناه)\b"
            r"(?=.*\b(?:موقع|الموقع|رأينا|الصحيفة|الجريدة|الشبكة|القناة|المجلة|الناشر|التحرير|صاحبها|أصحابها|كاتبها|كتابها))"
            r".*\b(?:تعبر|تعبّر|تمثل|تمثّل|تعكس)\b.*",
            r"(?:the |all )?(?:views|opinions|comments)(?: and \w+)? (?:expressed|published|posted|in this|below)\b"
            r"(?=.*\b(?:editor|editorial|author|authors|writer|site|website|publisher|owner|newspaper|magazine|network|our)\b)"
            r".*\b(?:reflect|represent|those of|own|belong)\b.*",
            # How to comment, and what becomes of it.
            r"(?:لن|لا) (?:يتم |سيتم )?(?:نشر|تنشر|ينشر|ننشر) (?:أي )?"
            r"(?:التعليقات (?:التي|المسيئة|المخالفة|غير)|بريدك|عنوان بريدك)\b.*",
            r"(?:يرجى|نرجو|الرجاء)\b.{0,40}\b(?:تعليقك|تعليقكم|تعليقاتكم|التعليقات)\b.*",
            r"(?:all )?comments(?: on this (?:article|story|page))? (?:are|will be)"
            r" (?:moderated|closed|reviewed|removed|deleted|checked)\b.*",
            r"by (?:commenting|posting|submitting)\b.{0,80}\byou (?:agree|accept)\b.*",
            r"your e-?mail address will not be published\b.*",
            # Whose the text is.
            r"(?:©|\(c\) \d{4}|copyright (?:©|\(c\)|\d{4})|all rights reserved\b"
            r"|(?:جميع |كل )?(?:الحقوق|حقوق النشر) محفوظة).{0,160}",
        )
    ),
    re.IGNORECASE,
)
_MARKS = " \t*•-–—_|"


def drop_house_rules(tree: HtmlElement, *, base_url: str) -> None:
    """Take out of a parsed page the paragraphs that lead to the site's own rules: they tell how to comment there."""
    found = [link for link in tree.iter("a") if _leads_to_rules(link.get("href"), base_url)]
    paragraphs = {id(block): block for block in map(_paragraph, found) if block is not None}
    for block in paragraphs.values():
        if len(block.text_content()) <= _LONGEST and block.getparent() is not None:
            block.drop_tree()


def without_notices(lines: Sequence[str]) -> list[str]:
    """The lines of a text without the notices at its end; between paragraphs nothing is taken."""
    end = len(lines)
    while end and len(lines[end - 1]) <= _LONGEST and _NOTICE.fullmatch(lines[end - 1].strip(_MARKS)):
        end -= 1
    return list(lines[:end])


def _leads_to_rules(href: str | None, base_url: str) -> bool:
    url = absolute_url(href, base_url) if href and _WORTH_A_LOOK.search(href) else None
    if url is None or not may_speak_for(url, base_url):
        return False
    parts = [part for part in urlsplit(url).path.lower().replace("_", "-").split("/") if part]
    return 0 < len(parts) <= _DEEPEST and _HOUSE_RULES.fullmatch(parts[-1].partition(".")[0]) is not None


def _paragraph(link: HtmlElement) -> HtmlElement | None:
    return next((one for one in link.iterancestors() if one.tag in {"p", "li", "small"}), None)
