"""What a long command says while it works: lines on stderr, so that stdout holds results alone."""

from __future__ import annotations

import sys
import time


class Saying:
    """Lines with the seconds since the start; `tick` shows the present step in place on a terminal, once elsewhere."""

    def __init__(self) -> None:
        self._start = time.monotonic()
        self._shown = ""

    def __call__(self, line: str) -> None:
        """Say a line that stays."""
        self._clear()
        print(f"{self._elapsed()} {line}", file=sys.stderr, flush=True)

    def tick(self, step: str) -> None:
        """Show what is under way."""
        if step == self._shown and not sys.stderr.isatty():
            return
        if sys.stderr.isatty():
            self._clear()
            print(f"{self._elapsed()} {step}", end="", file=sys.stderr, flush=True)
        else:
            print(f"{self._elapsed()} {step}", file=sys.stderr, flush=True)
        self._shown = step

    def _clear(self) -> None:
        if self._shown and sys.stderr.isatty():
            print("\r\033[K", end="", file=sys.stderr)
        self._shown = ""

    def _elapsed(self) -> str:
        return f"[{time.monotonic() - self._start:5.1f} s]"
