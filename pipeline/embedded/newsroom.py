"""A folder of pages and a feed, served on loopback as an outlet would."""

from __future__ import annotations

import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Self

BASE = b"@BASE@"
"""Stands in the folder's files for the address under which they are served."""


class _Pages(SimpleHTTPRequestHandler):
    """Serves files of one folder, with `BASE` replaced; no directory listing, no logging to the terminal."""

    server: ThreadingHTTPServer
    extensions_map = {  # noqa: RUF012  (the base class's own attribute)
        ".html": "text/html; charset=utf-8",
        ".xml": "application/rss+xml; charset=utf-8",
        "": "application/octet-stream",
    }

    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path))
        if not path.is_file():
            self.send_error(404)
            return
        address = f"http://127.0.0.1:{self.server.server_port}".encode("ascii")
        body = path.read_bytes().replace(BASE, address)
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(path)))
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  (the base class's own name)
        """Keep quiet: the collector logs what it asked for."""


class Newsroom:
    """Serves `folder` on a free port of 127.0.0.1 while the context is open."""

    def __init__(self, folder: Path) -> None:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Pages, directory=str(folder.resolve())))
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), name="newsroom", daemon=True)

    @property
    def address(self) -> str:
        """`http://127.0.0.1:PORT`."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
