"""The board's addresses: what is asked of the warehouse for each, and what is answered when that fails.

All of them only read. `/` lists statements, `/statements/ID` shows one, `/activity` counts, `/held` shows what was held
on a day, `/export.csv` and `/export.jsonl` hand out, `/rules/ID` says what a rule finds, `/health` whether it works.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from datetime import time as time_of_day
from itertools import islice
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, FastAPI, HTTPException, Request
from fastapi.responses import HTMLResponse, PlainTextResponse, Response, StreamingResponse
from pydantic import SecretStr
from starlette.exceptions import HTTPException as AnyHTTPException

from pipeline.adapters.warehouse import Warehouse
from pipeline.alerts.untrusted import one_line
from pipeline.board import export, pages
from pipeline.board.filters import Asked, read_day, read_filter
from pipeline.board.login import CHALLENGE, may_look, names_this_machine
from pipeline.board.pages import Frame
from pipeline.board.words import WORDS
from pipeline.control.page import render_rule
from pipeline.control.words import Language, language_of
from pipeline.errors import BayanError
from pipeline.matching import Rulebook
from pipeline.records.browsing import Activity, ListedStatement, StatementFilter, Unit

SHOWN, TAKEN = 50, 500
"""Statements on a page, and looked up at once for an export."""

DAYS_SHOWN = timedelta(days=92)
"""A longer time is counted by months."""

_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


def analysts_board(warehouse: Warehouse, rulebook: Rulebook, password: SecretStr | None) -> FastAPI:
    """The application, over a warehouse that was opened for reading; `rulebook` has the names and what rules find."""
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)

    def check(request: Request) -> None:
        if password is None and not names_this_machine(request.headers):
            raise HTTPException(421)
        if not may_look(request.headers, password):
            raise HTTPException(401, headers={"WWW-Authenticate": CHALLENGE})

    guarded = APIRouter(dependencies=[Depends(check)])

    @guarded.get("/")
    def statements(request: Request) -> Response:
        frame, asked = _frame(request, rulebook), read_filter(request.query_params)
        found = [] if asked.problems else warehouse.browse(asked.filter, after=asked.after, limit=SHOWN + 1)
        page = pages.statements_page(
            frame, asked, found[:SHOWN], more=len(found) > SHOWN, sources=warehouse.source_names()
        )
        return _html(page, status=400 if asked.problems else 200)

    @guarded.get("/statements/{statement_id}")
    def statement(request: Request, statement_id: str) -> Response:
        found = warehouse.dossier(one_line(statement_id))
        if found is None:
            raise HTTPException(404)
        return _html(pages.statement_page(_frame(request, rulebook), found))

    @guarded.get("/activity")
    def activity(request: Request) -> Response:
        frame, asked = _frame(request, rulebook), _within_a_year(read_filter(request.query_params))
        if asked.problems:
            counted = Activity(unit="day", times={}, groups={})
        else:
            counted = warehouse.activity(asked.filter, unit=_unit(asked.filter))
        page = pages.activity_page(frame, asked, counted, sources=warehouse.source_names())
        return _html(page, status=400 if asked.problems else 200)

    @guarded.get("/held")
    def held(request: Request) -> Response:
        given = {name: one_line(request.query_params.get(name, ""), at_most=200) for name in ("said", "known")}
        days, problems = _days(given)
        found = []
        if days and not problems:
            end = datetime.combine(days["known"], time_of_day.max, tzinfo=UTC)
            found = warehouse.held_on(end, said_on=days["said"])
        page = pages.held_page(_frame(request, rulebook), given, found, problems)
        return _html(page, status=400 if problems else 200)

    @guarded.get("/export.csv")
    def as_csv(request: Request) -> Response:
        frame = _frame(request, rulebook)
        lines = export.csv_lines(_all(warehouse, _sound(request)), frame.group)
        return _file(lines, "text/csv; charset=utf-8", "statements.csv")

    @guarded.get("/export.jsonl")
    def as_json_lines(request: Request) -> Response:
        return _file(export.json_lines(_all(warehouse, _sound(request))), "application/jsonl", "statements.jsonl")

    @guarded.get("/rules/{rule_id}")
    def rule(request: Request, rule_id: str) -> Response:
        rules = rulebook.rules
        if rule_id not in rules:
            raise HTTPException(404)
        return _html(render_rule(rules[rule_id], language=_language(request)))

    @app.get("/board.css")
    def style() -> Response:
        return Response(pages.style_sheet(), media_type="text/css", headers={"X-Content-Type-Options": "nosniff"})

    @app.get("/health")
    def health() -> Response:
        warehouse.answers()
        return PlainTextResponse("ok", headers=_HEADERS)

    app.include_router(guarded)
    _tell_of_failures(app)
    return app


def _tell_of_failures(app: FastAPI) -> None:
    @app.exception_handler(BayanError)
    def away(request: Request, error: Exception) -> Response:
        if request.url.path == "/health":
            return PlainTextResponse("the warehouse does not answer", status_code=503, headers=_HEADERS)
        # What is said of the registry needs the rules, which may be what is missing.
        frame = _frame(request, None)
        return _html(pages.message_page(frame, WORDS[frame.language]["away"], str(error)), status=503)

    @app.exception_handler(AnyHTTPException)
    def refused(request: Request, error: Exception) -> Response:
        assert isinstance(error, AnyHTTPException)  # noqa: S101  (for mypy: the handler is of this class)
        if error.status_code == 404:
            frame = _frame(request, None)
            return _html(pages.message_page(frame, WORDS[frame.language]["not_found"]), status=404)
        told = {**_HEADERS, **(error.headers or {})}
        return PlainTextResponse(str(error.detail), status_code=error.status_code, headers=told)


def _language(request: Request) -> Language:
    return language_of(request.query_params.get("lang"), request.headers.get("accept-language"))


def _frame(request: Request, rulebook: Rulebook | None) -> Frame:
    here = request.url.path.lstrip("/")
    return Frame(
        language=_language(request),
        root="../" * here.count("/") or "./",
        here=here,
        query=urlencode([(name, value) for name, value in request.query_params.multi_items() if name != "lang"]),
        rulebook=rulebook,
    )


def _html(page: str, *, status: int = 200) -> Response:
    return HTMLResponse(page.encode("utf-8", "replace"), status_code=status, headers=_HEADERS)


def _file(lines: Iterator[str], media_type: str, name: str) -> Response:
    disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
    # Many lines at once: each piece is made by another thread, and waiting for one takes longer than making a line.
    pieces = iter(lambda: "".join(islice(lines, TAKEN)).encode("utf-8", "replace"), b"")
    return StreamingResponse(pieces, media_type=media_type, headers={**_HEADERS, **disposition})


def _sound(request: Request) -> StatementFilter:
    asked = read_filter(request.query_params)
    if asked.problems:
        raise HTTPException(400, "; ".join(WORDS[_language(request)][each] for each in asked.problems))
    return asked.filter


def _all(warehouse: Warehouse, wanted: StatementFilter) -> Iterator[ListedStatement]:
    # The first are asked for at once: a warehouse that is away is told as such, not by a file that breaks off.
    first = warehouse.browse(wanted, limit=TAKEN)

    def on() -> Iterator[ListedStatement]:
        found = first
        while found:
            yield from found
            found = warehouse.browse(wanted, after=found[-1].place, limit=TAKEN)

    return on()


def _within_a_year(asked: Asked) -> Asked:
    """The question with a beginning and an end: twelve months where only one or none is named."""
    wanted = asked.filter
    last = wanted.said_to or (None if wanted.said_from else datetime.now(UTC).date())
    if wanted.said_from or last is None:
        return asked
    first = _a_year_before(last)
    given = {**asked.given, "from": first.isoformat(), "to": last.isoformat()}
    return replace(asked, filter=replace(wanted, said_from=first, said_to=last), given=given)


def _a_year_before(last: date) -> date:
    """The first day of the month that lies eleven months before."""
    months = max(last.year * 12 + last.month - 1 - 11, 12)
    return date(months // 12, months % 12 + 1, 1)


def _unit(wanted: StatementFilter) -> Unit:
    first, last = wanted.said_from, wanted.said_to or datetime.now(UTC).date()
    return "day" if first and last - first <= DAYS_SHOWN else "month"


def _days(given: Mapping[str, str]) -> tuple[dict[str, date], list[str]]:
    """The two days by name, none when neither is given; and names of sentences about what cannot be read."""
    if not any(given.values()):
        return {}, []
    days, problems = {}, []
    for name, said in given.items():
        try:
            days[name] = read_day(said)
        except ValueError:
            problems.append(f"bad_{name}")
    return days, problems
