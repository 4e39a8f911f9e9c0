"""Four hundred outlets on loopback addresses, with a log of who asked when: what a poll of many feeds is measured on.

Run as a program it serves until its input ends, then prints what it saw as JSON. Every host notes the time of each
request's arrival and how many connections were open.
"""

from __future__ import annotations

import asyncio
import json
import random
import socket
import sys
import time
from collections import defaultdict
from itertools import pairwise

HOSTS, FEEDS, ENTRIES = 400, 5, 20

_ITEM = (
    "<item><title>خبر {n} من {host}</title><link>http://{host}:{port}/{feed}/{n}.html</link>"
    "<guid>{host}/{feed}/{n}</guid><pubDate>Wed, 18 Nov 2026 18:{n:02}:00 +0300</pubDate>"
    "<description>أغلقت البلدية الجسر القديم رقم {n} لأعمال الصيانة.</description></item>"
)
_PAGE = (
    '<!doctype html><html lang="ar"><head><meta charset="utf-8"><title>خبر {name}</title></head><body><article>'
    "<h1>خبر {name}</h1><p>{text}.</p><p>{more}.</p></article></body></html>"
)
_WORDS = ("الجسر", "النهر", "البلدية", "الطريق", "القرية", "المدينة", "السوق", "الحافلة", "السكان", "الميناء", "المطار")


def host_names() -> list[str]:
    """The addresses of the hosts."""
    return [f"127.{1 + number // 200}.{number % 200}.7" for number in range(HOSTS)]


class Outlets:
    """All hosts behind one port."""

    def __init__(self) -> None:
        self.asked: dict[str, list[float]] = defaultdict(list)
        self.open: dict[str, int] = defaultdict(int)
        self.most_open = 0
        self.feeds = 0

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection."""
        host, port = writer.get_extra_info("sockname")[:2]
        self.open[host] += 1
        self.most_open = max(self.most_open, self.open[host])
        try:
            while line := await reader.readline():
                while (await reader.readline()).strip():
                    pass
                self.asked[host].append(time.monotonic())
                status, body = self._body(line.decode().split()[1], host, port)
                head = f"HTTP/1.1 {status}\r\nContent-Type: text/html\r\nContent-Length: {len(body)}\r\n\r\n"
                writer.write(head.encode() + body)
                await writer.drain()
        except OSError:
            pass
        finally:
            self.open[host] -= 1
            writer.close()

    def _body(self, path: str, host: str, port: int) -> tuple[str, bytes]:
        if path.endswith(".xml"):
            self.feeds += 1
            feed = path.strip("/").removesuffix(".xml")
            items = "".join(_ITEM.format(n=n, host=host, port=port, feed=feed) for n in range(ENTRIES))
            return "200 OK", f'<rss version="2.0"><channel><title>{host}</title>{items}</channel></rss>'.encode()
        if path.endswith(".html"):
            draw = random.Random(f"{host}{path}")
            text, more = (" ".join(draw.choices(_WORDS, k=40)) for _ in range(2))
            return "200 OK", _PAGE.format(name=f"{host}{path}", text=text, more=more).encode()
        return "404 Not Found", b""

    def seen(self) -> dict[str, float]:
        """What the log says: the shortest time between two requests to one host, and how much there was."""
        gaps = [later - earlier for times in self.asked.values() for earlier, later in pairwise(times)]
        return {
            "shortest_gap_s": min(gaps, default=0.0),
            "most_connections": self.most_open,
            "hosts": len(self.asked),
            "feeds": self.feeds,
            "requests": sum(map(len, self.asked.values())),
        }


async def main() -> None:
    """Print the port, serve until stdin ends, print what was seen."""
    outlets, sockets, port = Outlets(), [], 0
    for host in host_names():
        listening = socket.create_server((host, port), backlog=16)
        port = listening.getsockname()[1]
        sockets.append(listening)
    servers = [await asyncio.start_server(outlets.answer, sock=listening) for listening in sockets]
    print(port, flush=True)
    await asyncio.to_thread(sys.stdin.read)
    for server in servers:
        server.close()
    print(json.dumps(outlets.seen()), flush=True)


if __name__ == "__main__":
    asyncio.run(main())
