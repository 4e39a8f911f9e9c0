"""The picture of a digest, read back from its PNG."""

import struct
import zlib

import pytest

from pipeline.alerts.chart import HEIGHT, WIDTH, bar_chart


def _pixels(png):
    """Rows of palette indices, with every chunk's checksum checked."""
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    at, chunks = 8, {}
    while at < len(png):
        length, kind = struct.unpack(">I4s", png[at : at + 8])
        content = png[at + 8 : at + 8 + length]
        assert struct.unpack(">I", png[at + 8 + length : at + 12 + length]) == (zlib.crc32(kind + content),)
        chunks[kind] = content
        at += 12 + length
    assert struct.unpack(">II", chunks[b"IHDR"][:8]) == (WIDTH, HEIGHT)
    data = zlib.decompress(chunks[b"IDAT"])
    return [data[row * (WIDTH + 1) + 1 : (row + 1) * (WIDTH + 1)] for row in range(HEIGHT)]


def _height(rows, colour, columns=slice(None)):
    return sum(colour in row[columns] for row in rows)


def test_bars_are_as_high_as_their_counts():
    """The highest fills the picture, half of it is half as high, and nought has no bar."""
    rows = _pixels(bar_chart({"threat": 8, "admission": 4}, {"threat": 2}))
    heights = [_height(rows, colour) for colour in (3, 4, 5)]
    assert (heights[0] > 100, heights[1] * 2, heights[2]) == (True, heights[0], 0)


def test_the_period_before_stands_beside_in_grey():
    """Of the threats, at the right end, a quarter as high."""
    rows = _pixels(bar_chart({"threat": 8}, {"threat": 2}))
    third = slice(WIDTH - WIDTH // 3, WIDTH)
    baseline = 2
    assert _height(rows, 2, third) * 4 == pytest.approx(_height(rows, 3, third), abs=4)
    assert _height(rows, 1) == baseline


def test_one_among_a_thousand_is_still_seen():
    """What is there at all has two points."""
    assert _height(_pixels(bar_chart({"threat": 1000, "truce": 1}, {})), 5) == 2


def test_nothing_at_all_is_a_line():
    """An empty comparison draws the ground alone."""
    rows = _pixels(bar_chart({}, {}))
    assert {pixel for row in rows for pixel in row} == {0, 1}
