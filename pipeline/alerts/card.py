"""One statement as a mail shows it: every value found, worded and made harmless; the templates only lay it out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from pipeline.alerts import wording
from pipeline.alerts.marking import Piece, outside, pieces
from pipeline.alerts.registry import Found, Registry, Speaker
from pipeline.alerts.untrusted import harmless, one_line, web_host, web_link
from pipeline.records import Article, Cue, Label, Statement

_LONGEST_QUOTE = 3000
"""Characters; a mail is no place for a whole communiqué, and the largest clients cut a mail at about 100 kB."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A statement, ready to be laid out. All text is harmless and, but for the quote's pieces, on one line.

    Attributes:
        label: for the colour; the words are beside it.
        label_ar, label_en: the label in words.
        group: the group's name in the language of the statement.
        summary_en: label, group and date in English.
        language: of the quote, `ar` where it is unknown.
        direction: of the quote.
        quote: the statement's words in pieces, each with the kind of its highlight or None.
        omitted: characters of the statement that were left out at its end.
        marks: the kinds of highlight in the quote and its context, in the legend's order.
        context: (kind of highlight, words) of the cues outside of the quote, as the article has them.
        facts: (name, value) in Arabic: speaker, date, channel, target, condition, confidence.
        evidence: (role, words) of every cue, those outside of the quote too.
        title, outlet: of the article.
        link, host: of the article, None unless it is a web address; `address` is what the record has.
        published: when the article was published, in words, or None.
        rules, capture: what found it, and the record in the archive.
    """

    label: Label
    label_ar: str
    label_en: str
    group: str
    summary_en: str
    language: str
    direction: Literal["rtl", "ltr"]
    quote: tuple[tuple[str, str | None], ...]
    omitted: int
    marks: tuple[str, ...]
    context: tuple[tuple[str, str], ...]
    facts: tuple[tuple[str, str], ...]
    evidence: tuple[tuple[str, str], ...]
    title: str
    outlet: str
    link: str | None
    host: str | None
    address: str
    published: str | None
    rules: str
    capture: str

    @property
    def words(self) -> str:
        """The quote as plain text."""
        return "".join(text for text, _ in self.quote)


def card(found: Found, registry: Registry) -> Card:
    """The card of a statement with the article of its first sighting."""
    _, statement, article = found
    english = article.language == "en"
    group_ar, group_en = _group_names(statement, registry)
    quote = tuple(_quote(pieces(statement)))
    inside = [(piece.role, one_line(piece.text)) for piece in pieces(statement) if piece.role]
    around = [(cue.role, words) for cue, words in _around(statement, article)]
    marks = {wording.MARK_OF[role] for role, _ in (*inside, *around)}
    return Card(
        label=statement.label,
        label_ar=wording.LABEL_AR[statement.label],
        label_en=wording.LABEL_EN[statement.label],
        group=group_en if english else group_ar,
        summary_en=f"{wording.LABEL_EN[statement.label]} · {group_en} · {wording.said_on_en(statement)}",
        language="en" if english else "ar",
        direction="ltr" if english else "rtl",
        quote=quote,
        omitted=max(len(statement.text) - _LONGEST_QUOTE, 0),
        marks=tuple(mark for mark in wording.LEGEND_AR if mark in marks),
        context=tuple(dict.fromkeys((wording.MARK_OF[role], words) for role, words in around)),
        facts=tuple(_facts(statement, registry.speakers, english=english)),
        evidence=tuple(dict.fromkeys((wording.ROLE_AR[role], words) for role, words in (*inside, *around))),
        title=one_line(article.title) or one_line(article.url),
        outlet=one_line(article.outlet or web_host(article.url) or article.source_id),
        link=web_link(article.url),
        host=web_host(article.url),
        address=one_line(article.url, at_most=2000),
        published=wording.moment_ar(article.published_at) if article.published_at else None,
        rules=one_line("، ".join(statement.rules)),
        capture=one_line(article.capture_id),
    )


def _group_names(statement: Statement, registry: Registry) -> tuple[str, str]:
    """Arabic and English name; an id that the registry has lost stands for itself."""
    if statement.group is None:
        return wording.UNNAMED_AR, wording.UNNAMED_EN
    group = registry.groups.get(statement.group)
    if group is None:
        return one_line(statement.group), one_line(statement.group)
    return one_line(next(iter(group.names_ar), group.name_en)), one_line(group.name_en)


def _quote(cut: Sequence[Piece]) -> Iterator[tuple[str, str | None]]:
    left = _LONGEST_QUOTE
    for piece in cut:
        if left <= 0:
            return
        yield harmless(piece.text[:left]), wording.MARK_OF[piece.role] if piece.role else None
        left -= len(piece.text)


def _facts(statement: Statement, speakers: Mapping[str, Speaker], *, english: bool) -> Iterator[tuple[str, str]]:
    if statement.speaker:
        yield "المتحدث", _speaker_name(statement.speaker, speakers, english=english)
    yield "تاريخ القول", wording.said_on_ar(statement)
    if statement.channel:
        yield "وسيلة النشر", one_line(wording.CHANNEL_AR.get(statement.channel, statement.channel))
    if statement.target:
        yield "المستهدَف", one_line(statement.target)
    if statement.condition:
        yield "الشرط", one_line(statement.condition)
    yield "درجة الثقة", f"{statement.confidence:.0%}"


def _speaker_name(speaker: str, speakers: Mapping[str, Speaker], *, english: bool) -> str:
    known = speakers.get(speaker)
    if known is None:
        return one_line(speaker)
    arabic, foreign = tuple(known.names_ar), tuple(known.names_en)
    names = foreign + arabic if english else arabic + foreign
    return one_line(next(iter(names), speaker))


def _around(statement: Statement, article: Article) -> Iterator[tuple[Cue, str]]:
    """The cues outside of the quote with their words; none when the article's text is not the one that was read."""
    if article.body[statement.start : statement.end] != statement.text:
        return
    for cue in outside(statement):
        if words := one_line(article.body[cue.start : cue.end]):
            yield cue, words
