"""How long a burst takes: 10,000 statements loaded in one batch, 50 subscriptions, mails built and handed over.

The clock runs from the loaded batch until the last mail is with a real SMTP server on loopback, which runs in a process
of its own. Every subscription asks for everything, which is the most that there can be to do: 500,000 things to tell.
"""

from __future__ import annotations

import subprocess
import sys
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.results import Measure, show
from pipeline.adapters.mail import SmtpMailer
from pipeline.adapters.templates import read_templates
from pipeline.adapters.warehouse import Warehouse, migrate
from pipeline.alerts import Renderer
from pipeline.bootstrap import rulebook
from pipeline.jobs.alert import AlertPorts, alert
from pipeline.records import AnalysedBatch, Article, Capture, CollectedPage, Schedule, Source, Statement, Subscription
from pipeline.records.identity import content_id
from pipeline.settings import read_settings

_PER_ARTICLE = 10
_NOW = datetime(2026, 3, 5, 12, 30, tzinfo=UTC)
_LETTERS = str.maketrans("0123456789abcdef", "ابتجحدرسصطعفقكلم")
_SOURCE = Source(source_id="bench", kind="feed", url="https://bench.example/feed.xml", name="Bench", language="ar")
_SERVE = """
import sys
from pathlib import Path
from pipeline.embedded.mail_sink import MailSink
with MailSink(Path(sys.argv[1])) as sink:
    print(sink.port, flush=True)
    sys.stdin.read()
"""


def measures() -> Iterator[tuple[str, Measure]]:
    """The measure of alerting, in the size of the bar."""
    yield "alerts.burst_s", burst(statements=10_000, subscriptions=50)


def burst(*, statements: int, subscriptions: int) -> Measure:
    """The measure in any size; `statements` is a multiple of ten, and a fifth of `subscriptions` are digests."""
    with TemporaryDirectory(prefix="bayan-bench-") as folder:
        return _burst(Path(folder), statements, subscriptions)


def _burst(folder: Path, statements: int, subscriptions: int) -> Measure:
    url = f"sqlite:///{folder / 'warehouse.db'}"
    migrate(url)
    registry = rulebook(read_settings()).registry
    groups = sorted(registry.groups)
    with closing(Warehouse(url)) as warehouse, _smtp(folder / "mail") as port:
        mailer = SmtpMailer(host="127.0.0.1", port=port, user=None, password=None, tls=False)
        renderer = Renderer(templates=read_templates(), registry=registry, sender="Bayan <bayan@bench.example>")
        ports = AlertPorts(store=warehouse, mailer=mailer, renderer=renderer, runs=warehouse)
        wishes = _subscriptions(subscriptions)
        alert(ports=ports, subscriptions=wishes, run_id="before", now=_NOW - timedelta(hours=1))
        _load(warehouse, groups, statements)
        began = time.perf_counter()
        now = alert(ports=ports, subscriptions=wishes, run_id="burst", now=_NOW)
        later = alert(ports=ports, subscriptions=wishes, run_id="digests", now=_NOW + timedelta(hours=1))
        seconds = time.perf_counter() - began
        told = now.statements + later.statements
        if told != statements * subscriptions or now.problems or later.problems:
            raise AssertionError(f"{told} statements were told; problems: {now.problems}{later.problems}")
        kept = len(list((folder / "mail").glob("*.eml")))
        if kept != now.mails + later.mails:
            raise AssertionError(f"{now.mails + later.mails} mails were handed over, the server has {kept}")
    remark = f"{statements:,} statements, each told to all of {subscriptions}: {now.mails} mails, {later.mails} digests"
    return Measure(seconds, "s", "<=60", remark)


def _subscriptions(count: int) -> list[Subscription]:
    return [
        Subscription(
            subscription_id=f"desk-{number}",
            name=f"Desk {number}",
            recipients=(f"desk-{number}@bench.example", f"night-{number}@bench.example"),
            schedule=Schedule(pace="hourly" if number < count // 5 else "immediate"),
        )
        for number in range(count)
    ]


def _load(warehouse: Warehouse, groups: list[str], statements: int) -> None:
    warehouse.start_run("load", job="analyse", now=_NOW)
    warehouse.save_sources([_SOURCE], now=_NOW)
    analysed = [_analysed(number, groups) for number in range(statements // _PER_ARTICLE)]
    for number, (article, _) in enumerate(analysed):
        page = CollectedPage(capture=_capture(number), entry_key=str(number), article=article)
        warehouse.save_page(page, run_id="load", now=_NOW)
    warehouse.load(AnalysedBatch(analysed=analysed, held=(), verdicts=(), ruleset="bench"), run_id="load", now=_NOW)


def _analysed(number: int, groups: list[str]) -> tuple[Article, list[Statement]]:
    sentences = [_sentence(number * _PER_ARTICLE + index) for index in range(_PER_ARTICLE)]
    body = "\n".join(sentences)
    article = Article(
        url=f"https://bench.example/{number}",
        title=f"بيان {number}",
        body=body,
        language="ar",
        published_at=_NOW - timedelta(minutes=number),
        published_basis="feed",
        author=None,
        outlet="Bench",
        source_id="bench",
        capture_id=_capture(number).capture_id,
    )
    starts = [body.index(sentence) for sentence in sentences]
    return article, [
        Statement(
            label=("threat", "admission", "truce")[(number + index) % 3],
            text=sentence,
            start=start,
            end=start + len(sentence),
            group=groups[(number + index) % len(groups)],
            # To the month: what was said on one day is compared pair by pair when it is loaded, which is not measured.
            said_on=date(2026, 3, 1),
            said_on_precision="month",
            said_on_basis="text",
            target="الميناء",
            confidence=0.9,
            cameo="138",
            rules=("ar.threat.own-threat",),
        )
        for index, (sentence, start) in enumerate(zip(sentences, starts, strict=True))
    ]


def _sentence(number: int) -> str:
    """Words that no other has: what reads alike would be one statement."""
    letters = (content_id(f"a{number}") + content_id(f"b{number}")).translate(_LETTERS)
    return "هددت " + " ".join(letters[start : start + 4] for start in range(0, len(letters), 4)) + "."


def _capture(number: int) -> Capture:
    digest = content_id(str(number))
    return Capture(
        capture_id=f"{digest[:8]}-{digest[8:12]}-{digest[12:16]}-{digest[16:20]}-{digest[20:]}",
        source_id="bench",
        url=f"https://bench.example/{number}",
        final_url=f"https://bench.example/{number}",
        fetched_at=_NOW,
        status=200,
        media_type="text/html",
        body_sha256=digest * 2,
        body_bytes=1000,
        archive_file="bench.warc.gz",
        archive_offset=number,
    )


@contextmanager
def _smtp(folder: Path) -> Iterator[int]:
    command = [sys.executable, "-c", _SERVE, str(folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        yield int(server.stdout.readline())
        server.communicate()


def _main() -> None:
    """`python -m bench.alerts --statements 2000 --subscriptions 5`: one measure in another size, kept nowhere."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--statements", type=int, default=10_000)
    parser.add_argument("--subscriptions", type=int, default=50)
    asked = parser.parse_args()
    show("alerts.burst_s", burst(statements=asked.statements, subscriptions=asked.subscriptions))


if __name__ == "__main__":
    _main()
