"""`bayan classify`: statements in texts, JSON Lines in and out."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, BinaryIO

import typer

if TYPE_CHECKING:
    from pipeline.records import Statement
    from pipeline.statements import Engine

_LONGEST_LINE = 16 * 1024 * 1024
"""Bytes. A longer line is answered with an error and skipped without being held in memory."""
_BATCH = 64

Line = tuple[int, bytes | None]
"""Number of a line and its bytes, None when it is too long."""


def classify(
    file: Annotated[
        str, typer.Argument(help="JSON Lines with id and text (lang, title, published_at); - is stdin.")
    ] = "-",
    *,
    jobs: Annotated[int, typer.Option(min=1, max=64, help="Processes.")] = 1,
) -> None:
    """Print one JSON object a line of input, in order: its statements, or the error."""
    with ExitStack() as stack:
        lines = _lines(_open(file, stack))
        for answer in _answers(lines, jobs, stack):
            sys.stdout.write(answer + "\n")
        sys.stdout.flush()


def _open(file: str, stack: ExitStack) -> BinaryIO:
    from pipeline.errors import UsageError

    if file == "-":
        return sys.stdin.buffer
    try:
        return stack.enter_context(Path(file).open("rb"))
    except OSError as error:
        raise UsageError(
            f"{file}: cannot be read ({error.strerror}); name a file of JSON Lines, or - for stdin"
        ) from error


def _lines(stream: BinaryIO) -> Iterator[Line]:
    """Lines that hold something, numbered from 1; of one that is too long only the number is kept."""
    number = 0
    while head := stream.readline(_LONGEST_LINE):
        number += 1
        too_long = not head.endswith(b"\n") and len(head) == _LONGEST_LINE
        while too_long and (rest := stream.readline(_LONGEST_LINE)) and not rest.endswith(b"\n"):
            pass
        if too_long:
            yield number, None
        elif head.strip():
            yield number, head


def _answers(lines: Iterable[Line], jobs: int, stack: ExitStack) -> Iterator[str]:
    if jobs == 1:
        engine = _engine()
        yield from (answer(line, engine) for line in lines)
        return
    from concurrent.futures import ProcessPoolExecutor

    _engine()  # warms the cache once, so that the processes only read it
    pool = stack.enter_context(ProcessPoolExecutor(jobs, initializer=_start_worker))
    for answers in _in_order(pool, lines, jobs):
        yield from answers


def _in_order(pool: Any, lines: Iterable[Line], jobs: int) -> Iterator[list[str]]:
    """Batches over the pool, few at a time: memory does not grow with the input."""
    from collections import deque
    from itertools import islice

    waiting: deque[Any] = deque()
    source = iter(lines)
    while batch := list(islice(source, _BATCH)):
        waiting.append(pool.submit(_work, batch))
        if len(waiting) > 2 * jobs:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


_worker: list[Engine] = []


def _start_worker() -> None:
    _worker.append(_engine())


def _work(batch: list[Line]) -> list[str]:
    return [answer(line, _worker[0]) for line in batch]


def _engine() -> Engine:
    import gc

    from pipeline.bootstrap import read_settings, rulebook
    from pipeline.statements import Engine

    engine = Engine(rulebook(read_settings()))
    gc.freeze()  # the rules live as long as the process: no collection need walk over them
    return engine


def answer(line: Line, engine: Engine) -> str:
    """The answer to one line as one line of JSON; a line that is no valid input is answered with its error."""
    number, content = line
    if content is None:
        return _failed(None, f"line {number}: longer than {_LONGEST_LINE} bytes; split the text")
    try:
        item = json.loads(content)
    except (ValueError, RecursionError) as error:
        reason = str(error).splitlines()[0] if not isinstance(error, UnicodeDecodeError) else "not UTF-8"
        return _failed(None, f"line {number}: no JSON ({reason}); write one object a line")
    if not isinstance(item, dict):
        return _failed(None, f'line {number}: not an object; write {{"id": …, "text": …}}')
    problem, day = _checked(item)
    if problem:
        return _failed(item.get("id"), f"line {number}: {problem}")
    found = engine.classify(item["text"], language=item.get("lang"), title=item.get("title"), published_on=day)
    return _json({"id": item.get("id"), "statements": [shown(s) for s in found]})


def _failed(item_id: object, error: str) -> str:
    return json.dumps({"id": item_id, "error": error})


def _checked(item: dict[str, Any]) -> tuple[str | None, Any]:
    """What is wrong with an item, and its day of publication."""
    if "id" not in item:
        return 'no id; write {"id": …, "text": …}', None
    if not isinstance(item.get("text"), str):
        return "text is missing or no string; give the text as a string", None
    for name in ("lang", "title"):
        if item.get(name) is not None and not isinstance(item[name], str):
            return f"{name} is no string; leave it out or give a string", None
    return _day(item.get("published_at"))


def _day(value: object) -> tuple[str | None, Any]:
    from datetime import datetime

    from pipeline.statements.dating import publication_day

    if value is None:
        return None, None
    try:
        return None, publication_day(datetime.fromisoformat(str(value)))
    except ValueError:
        return f"published_at {str(value)[:40]!r} is no ISO 8601 time; write 2021-07-13T20:41:00+00:00", None


def _json(answer: dict[str, Any]) -> str:
    """One line; escaped where it holds lone surrogates, which UTF-8 cannot carry."""
    line = json.dumps(answer, ensure_ascii=False)
    try:
        line.encode()
    except UnicodeEncodeError:
        return json.dumps(answer)
    return line


def shown(statement: Statement) -> dict[str, Any]:
    """A statement as the contract writes it."""
    return {
        "label": statement.label, "text": statement.text, "start": statement.start, "end": statement.end,
        "group": statement.group, "speaker": statement.speaker,
        "said_on": statement.said_on.isoformat() if statement.said_on else None,
        "said_on_precision": statement.said_on_precision, "said_on_basis": statement.said_on_basis,
        "channel": statement.channel, "target": statement.target, "condition": statement.condition,
        "quoted": statement.quoted, "confidence": statement.confidence, "cameo": statement.cameo,
        "rules": list(statement.rules),
        "cues": [{"start": cue.start, "end": cue.end, "role": cue.role} for cue in statement.cues],
    }  # fmt: skip
