"""The page, made of what the warehouse holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from jinja2 import DictLoader, Environment, StrictUndefined, Template

from pipeline.alerts.marking import Piece, pieces
from pipeline.alerts.untrusted import one_line
from pipeline.control.prometheus import quantile
from pipeline.control.words import ROLES, WORDS, Language
from pipeline.matching.rule import Rule
from pipeline.records.figures import Figures, HeldFigure, StatementFigure

LONGEST_DETAIL = 300
_DATE_FORMATS = {"day": "%Y-%m-%d", "month": "%Y-%m", "year": "%Y"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What the page shows.

    Attributes:
        figures: of the house.
        latest: the last statements, newest first.
        held: what is in quarantine, newest first.
        docs: whether there are Data Docs.
        asked_for: id of a statement that is to stand alone, or None.
        chosen: it, if the warehouse has it.
    """

    figures: Figures
    latest: Sequence[StatementFigure]
    held: Sequence[HeldFigure]
    docs: bool
    asked_for: str | None = None
    chosen: Sequence[StatementFigure] = ()


def render(seen: Seen, *, language: Language, may_act: bool) -> str:
    """The page as HTML."""
    lags = seen.figures.lags
    return _template("board.html.j2").render(
        words=WORDS[language],
        roles=ROLES[language],
        language=language,
        direction="rtl" if language == "ar" else "ltr",
        other="en" if language == "ar" else "ar",
        seen=seen,
        may_act=may_act,
        sources=[(source, one_line(source.problem or "", at_most=LONGEST_DETAIL)) for source in seen.figures.sources],
        latest=[_statement(each) for each in seen.latest],
        chosen=[_statement(each) for each in seen.chosen],
        held=[(each, one_line(each.detail, at_most=LONGEST_DETAIL)) for each in seen.held],
        held_count=sum(seen.figures.held.values()),
        lag=span(quantile(lags, 0.5)) if lags else None,
    )


def span(seconds: float) -> tuple[int, str]:
    """A length of time as people say it: a number of minutes, of hours from two on, of days from two on."""
    for unit, length in (("days", 86_400), ("hours", 3_600)):
        if seconds >= 2 * length:
            return round(seconds / length), unit
    return round(seconds / 60), "minutes"


def render_rule(rule: Rule, *, language: Language) -> str:
    """What a rule finds, with its samples, as HTML."""
    return _template("rule.html.j2").render(
        words=WORDS[language], language=language, direction="rtl" if language == "ar" else "ltr", rule=rule
    )


def part(name: str) -> str:
    """A style sheet or script of the page."""
    return (files("pipeline.control") / "templates" / name).read_text(encoding="utf-8")


@cache
def _template(name: str) -> Template:
    environment = Environment(
        loader=DictLoader({name: part(name)}),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(name)


def _statement(each: StatementFigure) -> tuple[StatementFigure, tuple[Piece, ...], str]:
    said_on = each.statement.said_on
    precision = each.statement.said_on_precision or "day"
    return each, pieces(each.statement), said_on.strftime(_DATE_FORMATS[precision]) if said_on else ""
