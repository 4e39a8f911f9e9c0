"""The page's addresses: `/` for people, `/metrics` for Prometheus, `/docs/` for Data Docs. All of them only read.

Alerts lead here: `/?statement=ID` shows that one alone, `/rules/ID` says what a rule finds.
"""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from fastapi import FastAPI, HTTPException, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import FileResponse, HTMLResponse, PlainTextResponse, RedirectResponse, Response

from pipeline import bootstrap, operating
from pipeline.control.page import Seen, part, render, render_rule
from pipeline.control.prometheus import MEDIA_TYPE, exposition
from pipeline.control.words import WORDS, language_of
from pipeline.errors import BayanError
from pipeline.records import Article, Statement
from pipeline.records.figures import StatementFigure
from pipeline.settings import Settings

SHOWN = 50
"""Statements and held things on the page."""

_OWN = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; frame-ancestors 'self'"
_HEADERS = {
    "Content-Security-Policy": _OWN,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """Who may do what, as the one says who mounts the page.

    Attributes:
        check: raises an HTTPException unless the request comes from someone who may look.
        may_act: whether it comes from someone who may retry.
    """

    check: Callable[[Request], Awaitable[None]]
    may_act: Callable[[Request], Awaitable[bool]]


def board(access: Access, read_settings: Callable[[], Settings] = bootstrap.read_settings) -> FastAPI:
    """The application; settings are read at each request."""
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)

    @app.get("/")
    async def page(request: Request) -> Response:
        language = language_of(request.query_params.get("lang"), request.headers.get("accept-language"))
        try:
            await access.check(request)
        except HTTPException as error:
            # The address of the login is Airflow's matter: a person is told in words, whatever the reason was.
            return HTMLResponse(WORDS[language]["login"], status_code=error.status_code, headers=_HEADERS)
        try:
            seen = await run_in_threadpool(_seen, read_settings(), request.query_params.get("statement"))
        except BayanError as error:
            return PlainTextResponse(str(error), status_code=503, headers=_HEADERS)
        shown = render(seen, language=language, may_act=await access.may_act(request))
        return HTMLResponse(shown, headers=_HEADERS)

    @app.get("/rules/{rule_id}")
    async def rule(request: Request, rule_id: str) -> Response:
        await access.check(request)
        language = language_of(request.query_params.get("lang"), request.headers.get("accept-language"))
        try:
            rules = (await run_in_threadpool(bootstrap.rulebook, read_settings())).rules
        except BayanError as error:
            return PlainTextResponse(str(error), status_code=503, headers=_HEADERS)
        if rule_id not in rules:
            raise HTTPException(404)
        return HTMLResponse(render_rule(rules[rule_id], language=language), headers=_HEADERS)

    @app.get("/metrics")
    async def metrics(request: Request) -> Response:
        settings = read_settings()
        if not _shows_token(request, settings):
            await access.check(request)
        try:
            figures = await run_in_threadpool(operating.figures, settings)
        except BayanError as error:
            return PlainTextResponse(str(error), status_code=503)
        return PlainTextResponse(exposition(figures), media_type=MEDIA_TYPE)

    @app.get("/docs/{path:path}")
    async def data_docs(request: Request, path: str) -> Response:
        await access.check(request)
        return _file(read_settings().data_docs, path, request)

    @app.get("/board.css")
    async def style() -> Response:
        return Response(part("board.css"), media_type="text/css", headers={"X-Content-Type-Options": "nosniff"})

    @app.get("/board.js")
    async def script() -> Response:
        return Response(part("board.js"), media_type="text/javascript", headers={"X-Content-Type-Options": "nosniff"})

    return app


def _seen(settings: Settings, statement_id: str | None) -> Seen:
    with closing(bootstrap.open_warehouse(settings)) as warehouse:
        return Seen(
            asked_for=statement_id,
            chosen=[_figure(it, of) for _, it, of in warehouse.told([statement_id] if statement_id else [])],
            figures=warehouse.figures(now=datetime.now(UTC)),
            latest=warehouse.latest_statements(limit=SHOWN),
            held=warehouse.latest_held(limit=SHOWN),
            docs=(settings.data_docs / "index.html").is_file(),
        )


def _figure(statement: Statement, article: Article) -> StatementFigure:
    return StatementFigure(
        statement=statement,
        title=article.title,
        outlet=article.outlet,
        url=article.url,
        published_at=article.published_at,
    )


def _shows_token(request: Request, settings: Settings) -> bool:
    if settings.metrics_token is None:
        return False
    wanted = f"Bearer {settings.metrics_token.get_secret_value()}"
    return hmac.compare_digest(request.headers.get("authorization", "").encode(), wanted.encode())


def _file(folder: Path, path: str, request: Request) -> Response:
    """A file of the folder, and nothing beside it."""
    wanted = (folder / path).resolve()
    if not wanted.is_relative_to(folder.resolve()):
        raise HTTPException(404)
    if wanted.is_dir():
        return RedirectResponse(f"{request.url.path.rstrip('/')}/index.html")
    if not wanted.is_file():
        raise HTTPException(404)
    return FileResponse(wanted)
