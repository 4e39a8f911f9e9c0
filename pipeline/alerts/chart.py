"""A bar chart as PNG bytes: of each label, how many now and how many before.

Written by hand, since three pairs of bars need no imaging library. There is no text in it: the table beside it has the
figures, and the alternative text too. The ground is transparent and the colours hold on white and on black.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping

from pipeline.records import LABELS, Label

WIDTH, HEIGHT = 360, 140
_BASE = HEIGHT - 8
_BAR, _GAP = 36, 8
_TRANSPARENT, _LINE, _BEFORE = 0, 1, 2
_PALETTE = ((0, 0, 0), (128, 136, 146), (128, 136, 146), (217, 83, 72), (196, 124, 32), (46, 153, 98))
_COLOUR: Mapping[Label, int] = {"threat": 3, "admission": 4, "truce": 5}


def bar_chart(now: Mapping[Label, int], before: Mapping[Label, int]) -> bytes:
    """A PNG of 360 by 140 points: from the right a pair of bars a label, the present and in grey the past."""
    rows = [bytearray(WIDTH) for _ in range(HEIGHT)]
    highest = max([1, *now.values(), *before.values()])
    for index, label in enumerate(LABELS):
        right = WIDTH - 16 - index * (WIDTH // len(LABELS))
        _bar(rows, right - _BAR, now.get(label, 0) / highest, _COLOUR[label])
        _bar(rows, right - 2 * _BAR - _GAP, before.get(label, 0) / highest, _BEFORE)
    for y in (_BASE, _BASE + 1):
        rows[y][:] = bytes([_LINE]) * WIDTH
    return _png(rows)


def _bar(rows: list[bytearray], left: int, share: float, colour: int) -> None:
    # What is there at all is seen: two points at least.
    height = max(round(share * (_BASE - 8)), 2 if share else 0)
    for y in range(_BASE - height, _BASE):
        rows[y][left : left + _BAR] = bytes([colour]) * _BAR


def _png(rows: list[bytearray]) -> bytes:
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 3, 0, 0, 0)
    palette = b"".join(bytes(colour) for colour in _PALETTE)
    data = zlib.compress(b"".join(b"\0" + bytes(row) for row in rows), 9)
    chunks = ((b"IHDR", header), (b"PLTE", palette), (b"tRNS", b"\0"), (b"IDAT", data), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, content) for kind, content in chunks)


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
