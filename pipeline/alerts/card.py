"""One statement as a mail shows it: every value found, worded and made harmless; the templates only lay it out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from pipeline.alerts import wording
from pipeline.alerts.marking import Piece, outside, pieces
from pipeline.alerts.registry import Found, Registry, Speaker
from pipeline.alerts.telling import Links, Telling
from pipeline.alerts.untrusted import harmless, one_line, web_host, web_link
from pipeline.records import Article, Cue, Label, Provenance, Statement

_LONGEST_QUOTE = 3000
"""Characters; a mail is no place for a whole communiqué, and the largest clients cut a mail at about 100 kB."""

_OUTLETS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A statement, ready to be laid out. All text is harmless and, but for the quote's pieces, on one line.

    Attributes:
        label: for the colour; the words are beside it.
        label_ar, label_en: the label in words.
        group: the group's name in the language of the statement.
        summary: label, group, target (as written) and date in English, in parts that each keep their direction.
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
        rules: (id, address of its page or None) of what found it.
        capture: the record in the archive.
        outlets: (name, address or None) of those that carry it, at most ten, and `more_outlets` further ones.
        first_seen: when it was first seen, in words, or None.
        sha256, archive: of the captured page, and where it lies; None where that is not known.
        board: where the analysts' board shows it, or None.
        conditional: whether it names a condition.
        follow_up: of a correction, what is said of it in Arabic and English, or None.
    """

    label: Label
    label_ar: str
    label_en: str
    group: str
    summary: tuple[str, ...]
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
    rules: tuple[tuple[str, str | None], ...]
    capture: str
    outlets: tuple[tuple[str, str | None], ...]
    more_outlets: int
    first_seen: str | None
    sha256: str | None
    archive: str | None
    board: str | None
    conditional: bool
    follow_up: tuple[str, str] | None

    @property
    def summary_en(self) -> str:
        """The summary on one line."""
        return " · ".join(self.summary)

    @property
    def words(self) -> str:
        """The quote as plain text."""
        return "".join(text for text, _ in self.quote)


def card(found: Found, registry: Registry, telling: Telling | None = None, links: Links | None = None) -> Card:
    """The card of a statement with the article of its first sighting, and what the mail tells of it besides."""
    statement_id, statement, article = found
    links = links or Links()
    provenance = telling.provenance.get(statement_id) if telling else None
    kind = telling.follow_ups.get(statement_id) if telling else None
    outlets = _outlets(provenance)
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
        summary=tuple(_summary(statement, group_en)),
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
        rules=tuple((one_line(rule), links.to_rule(rule)) for rule in statement.rules),
        capture=one_line(article.capture_id),
        outlets=outlets[:_OUTLETS],
        more_outlets=max(len(outlets) - _OUTLETS, 0),
        first_seen=wording.moment_ar(provenance.first_seen_at) if provenance else None,
        sha256=one_line(provenance.body_sha256) if provenance else None,
        archive=one_line(provenance.archive) if provenance else None,
        board=links.to_statement(statement_id),
        conditional=statement.condition is not None,
        follow_up=(wording.FOLLOW_UP_AR[kind], wording.FOLLOW_UP_EN[kind]) if kind and kind != "stated" else None,
    )


def _summary(statement: Statement, group_en: str) -> Iterator[str]:
    yield wording.LABEL_EN[statement.label]
    yield group_en
    if statement.target:
        yield f"target: {one_line(statement.target, at_most=80)}"
    yield wording.said_on_en(statement)


def _outlets(provenance: Provenance | None) -> tuple[tuple[str, str | None], ...]:
    carried = provenance.outlets if provenance else ()
    return tuple((one_line(name), web_link(url)) for name, url in carried)


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
