"""A real SMTP server on loopback with moods: it accepts, puts off, refuses, drops the line, and remembers."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.policy import default
from weakref import WeakKeyDictionary

from aiosmtpd.smtp import SMTP, Envelope, Session

from pipeline.embedded.mail_sink import AnyPortController

MOODS = ("421", "451-recipient", "451-mail", "dropped-before-data", "dropped-after-data")
_NUMBER = re.compile(r"الميناء رقم (\d+) ")


@dataclass(frozen=True, slots=True)
class Taken:
    """A mail that the server took.

    Attributes:
        run: in which the sender began it.
        told: numbers of the statements in it.
        correction: whether it says that they stand no longer.
        answered: whether the server said so; else it dropped the line.
    """

    run: int
    message_id: str
    recipients: tuple[str, ...]
    told: frozenset[int]
    correction: bool
    answered: bool


@dataclass(slots=True)
class MoodyServer:
    """Decides anew for each mail what goes wrong with it, and remembers those that it took.

    Attributes:
        calm: whether nothing goes wrong, but that who is gone is gone: addresses that begin so are refused for good.
        run: number of the run that sends now.
        met: how often each mood was had; the empty one is good.
    """

    draw: random.Random
    calm: bool = False
    run: int = 0
    taken: list[Taken] = field(default_factory=list)
    met: Counter[str] = field(default_factory=Counter)
    _begun: WeakKeyDictionary[Session, tuple[str, int]] = field(default_factory=WeakKeyDictionary)

    async def handle_MAIL(  # noqa: N802 - the server calls it so
        self, _: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        mood = "" if self.calm or self.draw.random() < 0.6 else self.draw.choice(MOODS)
        self._begun[session] = mood, self.run
        self.met[mood] += 1
        if mood == "421":
            return "421 4.3.2 closing"
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, _: list[str]
    ) -> str:
        mood, _run = self._begun[session]
        if address.startswith("gone"):
            return "550 5.1.1 no such user"
        if mood == "451-recipient" and self.draw.random() < 0.7:
            return "451 4.2.1 mailbox busy"
        envelope.rcpt_tos.append(address)
        if mood == "dropped-before-data":
            _drop(server)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        mood, run = self._begun[session]
        if mood == "451-mail":
            return "451 4.3.0 try later"
        mail = message_from_bytes(envelope.original_content or b"", policy=default)
        plain = mail.get_body(("plain",))
        told = frozenset(int(number) for number in _NUMBER.findall(plain.get_content() if plain else ""))
        answered = mood != "dropped-after-data"
        correction = mail["In-Reply-To"] is not None and "no longer stands" in (plain.get_content() if plain else "")
        taken = Taken(run, mail["Message-ID"], tuple(envelope.rcpt_tos), told, correction, answered)
        self.taken.append(taken)
        if not answered:
            _drop(server)
        return "250 OK"


@contextmanager
def serving(server: MoodyServer) -> Iterator[int]:
    """The port on which it takes mail while the context is open."""
    controller = AnyPortController(server, hostname="127.0.0.1", port=0, decode_data=False)
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop(no_assert=True)


def _drop(server: SMTP) -> None:
    if server.transport is not None:
        server.transport.abort()
