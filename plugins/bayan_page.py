"""Mounts the operators' page of `pipeline.control` into the Airflow UI, under Airflow's own login and rights.

Whoever may see the DAG `collect` may look; whoever may trigger it may act. Every part of Airflow reads this file at its
start, so nothing heavy is imported before the page is asked for.
"""

from functools import cache
from typing import Any, ClassVar

from airflow.plugins_manager import AirflowPlugin

AT = "/bayan"


class Page:
    """The application, made when it is first asked for: only the api-server pays for it."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await _board()(scope, receive, send)


@cache
def _board() -> Any:
    from pipeline.control.app import Access, board

    return board(Access(check=_check, may_act=_may_act))


async def _check(request: Any) -> None:
    from fastapi import HTTPException

    if not await _allowed(request, method="GET"):
        raise HTTPException(403, "ask whoever runs Airflow for the right to see the DAG collect")


async def _may_act(request: Any) -> bool:
    return await _allowed(request, method="POST")


async def _allowed(request: Any, *, method: Any) -> bool:
    """Whether the user of the request may see the DAG collect (GET) or trigger it (POST).

    Raises:
        HTTPException: nobody is logged in.
    """
    from airflow.api_fastapi.app import get_auth_manager
    from airflow.api_fastapi.auth.managers.models.resource_details import DagAccessEntity, DagDetails
    from airflow.api_fastapi.core_api.security import bearer_scheme, get_user
    from fastapi.concurrency import run_in_threadpool

    user = await get_user(request, None, await bearer_scheme(request))
    manager = get_auth_manager()
    return await run_in_threadpool(
        manager.is_authorized_dag,
        method=method,
        access_entity=DagAccessEntity.RUN,
        details=DagDetails(id="collect"),
        user=user,
    )


class BayanPlugin(AirflowPlugin):
    """The page as the navigation of the UI shows it."""

    name = "bayan"
    fastapi_apps: ClassVar[list[Any]] = [{"app": Page(), "url_prefix": AT, "name": "Bayan"}]
    external_views: ClassVar[list[Any]] = [
        {"name": "Bayan", "href": f"{AT}/", "destination": "nav", "url_route": "bayan", "nav_top_level": True}
    ]
