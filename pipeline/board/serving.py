"""The board on a port, until it is asked to stop."""

from __future__ import annotations

import socket
from collections.abc import Callable
from contextlib import closing

import uvicorn

from pipeline import bootstrap
from pipeline.board.app import analysts_board
from pipeline.board.login import is_loopback
from pipeline.errors import UsageError
from pipeline.settings import Settings


def serve(settings: Settings, *, host: str, port: int, say: Callable[[str], None]) -> None:
    """Serve until SIGINT or SIGTERM.

    Raises:
        UsageError: others than this machine could look without a password, or the port cannot be had.
        RulesError: the rule pack cannot be used.
    """
    if settings.board_password is None and not is_loopback(host):
        raise UsageError(f"{host} is not of this machine alone; set BAYAN_BOARD_PASSWORD, or use --host 127.0.0.1")
    with closing(bootstrap.open_warehouse_for_reading(settings)) as warehouse, closing(_listening(host, port)) as here:
        app = analysts_board(warehouse, bootstrap.rulebook(settings), settings.board_password)
        config = uvicorn.Config(app, log_level="warning", access_log=False, server_header=False)
        say(f"board: http://{host}:{here.getsockname()[1]}/ of {bootstrap.warehouse_name(settings)}, until Ctrl-C")
        uvicorn.Server(config).run(sockets=[here])


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as error:
        raise UsageError(f"{host}:{port}: {error.strerror or error}; choose another with --host and --port") from error
