"""The servers that a laptop lacks: an outlet to read and a mail server to hand mails to, both on loopback.

A real sources file or SMTP server in the settings is used as it is; only what is missing is put in its place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import yaml

from pipeline.adapters.sources import read_sources
from pipeline.embedded.mail_sink import MailSink
from pipeline.embedded.newsroom import Newsroom
from pipeline.errors import SourcesError
from pipeline.settings import Settings


@contextmanager
def neighbourhood(settings: Settings) -> Iterator[Settings]:
    """Start what is missing and give the settings that lead there; stop it at the end.

    Raises:
        SourcesError: the sources are missing or broken.
    """
    with ExitStack() as stack:
        changes: dict[str, object] = {}
        if settings.sources.is_dir():
            # Our own server needs no sparing; whoever sets an interval all the same gets it.
            changes["sources"] = _serve(settings.sources, stack)
            changes |= {} if "host_interval" in settings.model_fields_set else {"host_interval": 0.0}
        read_sources(Path(str(changes.get("sources", settings.sources))))
        if settings.smtp_host is None:
            sink = stack.enter_context(MailSink(settings.mail_folder))
            changes |= {"smtp_host": "127.0.0.1", "smtp_port": sink.port, "smtp_tls": False}
        yield settings.model_copy(update=changes)


def _serve(folder: Path, stack: ExitStack) -> Path:
    """Serve a folder that holds a feed.xml; the sources file that leads to it."""
    if not (folder / "feed.xml").is_file():
        raise SourcesError(f"{folder}: a folder of sources needs a feed.xml; or name a sources file (.yml)")
    newsroom = stack.enter_context(Newsroom(folder))
    slug = re.sub(r"[^a-z0-9]+", "-", folder.resolve().name.lower()).strip("-") or "newsroom"
    rows = [{"id": slug, "kind": "feed", "url": f"{newsroom.address}/feed.xml", "name": folder.resolve().name}]
    path = Path(stack.enter_context(TemporaryDirectory(prefix="bayan-"))) / "sources.yml"
    path.write_text(yaml.safe_dump({"sources": rows}))
    return path
