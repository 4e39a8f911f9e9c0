"""`bayan board`: the analysts' board over the warehouse of the settings."""

from __future__ import annotations

from typing import Annotated

import typer

from pipeline import bootstrap
from pipeline.cli.saying import Saying


def board(
    *,
    host: Annotated[str, typer.Option(help="Address to listen on; one of others needs BAYAN_BOARD_PASSWORD.")] = (
        "127.0.0.1"
    ),
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port; 0: any that is free.")] = 8081,
) -> None:
    """Serve the analysts' board: statements, their evidence, counts over time. It cannot change anything."""
    from pipeline.board.serving import serve

    serve(bootstrap.read_settings(), host=host, port=port, say=Saying())
