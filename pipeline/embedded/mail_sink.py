"""A real SMTP server on loopback that keeps what it is given as .eml files: nothing leaves the machine."""

from __future__ import annotations

import secrets
from asyncio import Server
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

MAXIMUM_BYTES = 32 * 1024 * 1024


class _Keeper:
    """Writes each accepted message to the folder before it says that it was accepted."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802, ARG002
        content = envelope.original_content or b""
        # Sorted by time; two sinks that share a folder never take the same name.
        name = f"{datetime.now(UTC):%Y%m%dT%H%M%S.%f}-{secrets.token_hex(3)}.eml"
        half = self._folder / f".{name}.part"
        half.write_bytes(content)
        half.rename(self._folder / name)
        return "250 kept"


class AnyPortController(Controller):
    """Asks for any free port; aiosmtpd's own start-up check connects to the port asked for, not to the one given."""

    def _trigger_server(self) -> None:
        if isinstance(self.server, Server):
            self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]


class MailSink:
    """Takes mail on a port of 127.0.0.1, a free one for 0, while the context is open, and keeps it in `folder`."""

    def __init__(self, folder: Path, *, port: int = 0) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._controller = AnyPortController(
            _Keeper(folder), hostname="127.0.0.1", port=port, data_size_limit=MAXIMUM_BYTES, decode_data=False
        )

    @property
    def port(self) -> int:
        """The port it listens on, once the context is open."""
        port: int = self._controller.port
        return port

    def __enter__(self) -> Self:
        self._controller.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._controller.stop(no_assert=True)
