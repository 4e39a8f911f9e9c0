"""An HTTP server on loopback that answers as a test says, down to the bytes."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import BinaryIO, Self


class LocalServer:
    """Serves `routes`: a path's answer is (status, headers, body), or a function that writes to the connection."""

    def __init__(self) -> None:
        self.routes: dict[str, tuple[int, dict[str, str], bytes] | Callable[[BinaryIO], None]] = {}
        self.asked: list[str] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self.address = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def answer(self, path: str, body: str | bytes = b"", *, status: int = 200, **headers: str) -> str:
        """Answer a path; headers are written `content_type="…"`. The address of the path."""
        content = body.encode() if isinstance(body, str) else body
        self.routes[path] = (status, {name.replace("_", "-"): value for name, value in headers.items()}, content)
        return self.address + path

    def answer_raw(self, path: str, write: Callable[[BinaryIO], None]) -> str:
        """Let a function write the whole answer, status line included. The address of the path."""
        self.routes[path] = write
        return self.address + path


def _handler(server: LocalServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            server.asked.append(self.path)
            route = server.routes.get(self.path, (404, {}, b"no such page"))
            # A client that has enough hangs up.
            with suppress(OSError):
                self.answer(route)

        def answer(self, route) -> None:
            if callable(route):
                self.close_connection = True
                route(self.wfile)
                return
            status, headers, body = route
            self.send_response(status)
            for name, value in {"content-length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Keep quiet."""

    return Handler
