"""The board's pages, made of what the warehouse holds. Only what is shown and how it reads; asking stands in `app`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Any

from jinja2 import DictLoader, Environment, StrictUndefined

from pipeline.alerts.marking import Piece, pieces
from pipeline.alerts.untrusted import harmless, one_line, web_link
from pipeline.board import chart
from pipeline.board.filters import Asked, write_filter
from pipeline.board.words import CHANNELS, WORDS, channel_name
from pipeline.control.page import part
from pipeline.control.words import ROLES, Language
from pipeline.matching import Rulebook
from pipeline.matching.registry import Registry
from pipeline.matching.rule import Rule
from pipeline.records import LABELS, Statement
from pipeline.records.browsing import UNNAMED, Activity, Dossier, ListedStatement

MOST_GROUPS = 50
"""Groups in the table of activity."""

_LEFT_TO_RIGHT = "\u200e"
"""Behind Arabic letters a date would be shown from its day to its year."""

_DATE_FORMATS = {"day": "%Y-%m-%d", "month": "%Y-%m", "year": "%Y"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What every page is shown in.

    Attributes:
        language: of the page.
        root: relative address of the board's first page, with its slash: links hold behind a proxy that adds a path.
        here: path of this page below `root`, and `query` that of its address without `lang`, for the other language.
        rulebook: names of groups and speakers, and what rules find; None where they are not needed.
    """

    language: Language
    root: str
    here: str
    query: str
    rulebook: Rulebook | None

    @property
    def registry(self) -> Registry:
        """Groups and speakers by id."""
        return self.rulebook.registry if self.rulebook else Registry(groups={}, speakers={})

    @property
    def rules(self) -> Mapping[str, Rule]:
        """What rules there are, by id."""
        return self.rulebook.rules if self.rulebook else {}

    def group(self, group_id: str | None) -> str:
        """A group's name in the page's language; its id where the registry of today does not know it."""
        if group_id is None:
            return WORDS[self.language]["unnamed"]
        group = self.registry.groups.get(group_id)
        if group is None:
            return group_id
        return group.names_ar[0] if self.language == "ar" and group.names_ar else group.name_en

    def speaker(self, speaker: str | None) -> str:
        """The name of a speaker of the registry in the page's language, or as the text has it."""
        known = self.registry.speakers.get(speaker or "")
        names = (known.names_ar if self.language == "ar" else known.names_en) if known else ()
        return names[0] if names else one_line(speaker or "")


def statements_page(
    frame: Frame, asked: Asked, found: Sequence[ListedStatement], *, more: bool, sources: Sources
) -> str:
    """The list, with its filter; `more` says that it goes on."""
    lines = [(each, pieces(each.statement)) for each in found]
    older = write_filter(asked.filter, after=found[-1].place, lang=frame.language) if found and more else None
    return _render("statements.html.j2", frame, asked=asked, lines=lines, older=older, **_form(frame, asked, sources))


def statement_page(frame: Frame, found: Dossier) -> str:
    """All that is known of one statement."""
    rules = frame.rules
    return _render(
        "statement.html.j2",
        frame,
        it=found,
        quote=in_paragraph(found),
        rules=[
            (rule_id, rules[rule_id].description if rule_id in rules else None) for rule_id in found.statement.rules
        ],
        citation=citation(frame, found),
    )


def activity_page(frame: Frame, asked: Asked, activity: Activity, *, sources: Sources) -> str:
    """Counts over time and by group, as bars and as tables."""
    columns = chart.columns(activity, from_the_right=frame.language == "ar")
    groups = list(activity.groups.items())[:MOST_GROUPS]
    return _render(
        "activity.html.j2",
        frame,
        asked=asked,
        unit=activity.unit,
        columns=columns,
        groups=groups,
        most=max((sum(counts.values()) for _, counts in groups), default=1),
        size=(chart.WIDTH, chart.HEIGHT),
        **_form(frame, asked, sources),
    )


def held_page(frame: Frame, given: Mapping[str, str], found: Sequence[Any], problems: Sequence[str]) -> str:
    """What was held at the end of one day about another; `found` are rows of `Warehouse.held_on`."""
    return _render("held.html.j2", frame, given=given, found=found, problems=problems)


def message_page(frame: Frame, said: str, detail: str = "") -> str:
    """A page that says one thing, such as that there is no such statement."""
    return _render("message.html.j2", frame, said=said, detail=detail)


def style_sheet() -> str:
    """The operators' page's style with the board's own behind it."""
    return part("board.css") + _parts()["analysts.css"]


def said_on(statement: Statement) -> str:
    """The day, month or year of saying; empty when the text does not say."""
    if statement.said_on is None:
        return ""
    return statement.said_on.strftime(_DATE_FORMATS[statement.said_on_precision or "day"])


def in_paragraph(found: Dossier) -> tuple[tuple[Piece, ...], tuple[Piece, ...], tuple[Piece, ...]]:
    """The paragraph around the statement in pieces: before it, its own words, behind it."""
    body, it = found.article.body, found.statement
    first = body.rfind("\n", 0, it.start) + 1
    last = body.find("\n", it.end)
    edges = (first, it.start, it.end, len(body) if last < 0 else last)
    before, own, behind = (
        pieces(replace(it, text=body[start:end], start=start, end=end)) for start, end in pairwise(edges)
    )
    return before, own, behind


def citation(frame: Frame, found: Dossier) -> tuple[str, ...]:
    """The parts of one line that names the words, who said them and when, where, and the archived evidence."""
    it, article, words = found.statement, found.article, WORDS[frame.language]
    opening, closing = ("«", "»") if frame.language == "ar" else ("“", "”")
    comma = "، " if frame.language == "ar" else ", "
    who = comma.join(filter(None, (frame.group(it.group), frame.speaker(it.speaker))))
    day = f"{words['cited_day']} {_LEFT_TO_RIGHT}{said_on(it)}" if it.said_on else words["no_day"]
    return (
        f"{who}: {opening}{one_line(it.text, at_most=1000)}{closing} ({words[it.label]}{comma}{day})",
        f"{one_line(article.outlet or article.source_id)}{comma}{opening}{one_line(article.title)}{closing}",
        f"<{one_line(article.url, at_most=2000)}>",
        f"{words['cited_capture']} {_LEFT_TO_RIGHT}{moment(found.fetched_at)}",
        f"SHA-256 {found.body_sha256}",
        f"WARC {found.archive_file}:{found.archive_offset}",
        f"Bayan {found.statement_id}",
    )


def moment(at: datetime | None) -> str:
    """A time in UTC, to the minute."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC" if at else "—"


Sources = Mapping[str, str]
"""Names of sources by id."""


def _form(frame: Frame, asked: Asked, sources: Sources) -> dict[str, Any]:
    """What the form of the filter offers, and the addresses that ask for the same elsewhere."""
    groups = sorted((frame.group(group_id), group_id) for group_id in frame.registry.groups)
    channels = [(channel, channel_name(channel, frame.language)) for channel in CHANNELS]
    return {
        "choices": {
            "label": [(label, WORDS[frame.language][label]) for label in LABELS],
            "group": [(UNNAMED, WORDS[frame.language]["unnamed"]), *((group_id, name) for name, group_id in groups)],
            "channel": channels,
            "condition": [("yes", WORDS[frame.language]["with"]), ("no", WORDS[frame.language]["without"])],
            "language": [("ar", "العربية"), ("en", "English")],
            "source": list(sources.items()),
        },
        "filter_query": write_filter(asked.filter, lang=frame.language),
        "filtered": bool(write_filter(asked.filter)),
    }


def _render(name: str, frame: Frame, **values: Any) -> str:
    language = frame.language
    return (
        _environment()
        .get_template(name)
        .render(
            frame=frame,
            words=WORDS[language],
            roles=ROLES[language],
            language=language,
            direction="rtl" if language == "ar" else "ltr",
            other="en" if language == "ar" else "ar",
            **values,
        )
    )


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=DictLoader(dict(_parts())),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "harmless": harmless, "line": one_line, "link": web_link, "said_on": said_on, "moment": moment,
        "channel": channel_name,
    }  # fmt: skip
    return environment


@cache
def _parts() -> Mapping[str, str]:
    folder = files("pipeline.board") / "templates"
    return {each.name: each.read_text(encoding="utf-8") for each in folder.iterdir() if each.is_file()}
