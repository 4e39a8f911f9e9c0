"""Where articles come from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

SourceKind = Literal["feed", "sitemap", "channel", "page", "folder", "warc"]
SOURCE_KINDS: tuple[SourceKind, ...] = ("feed", "sitemap", "channel", "page", "folder", "warc")
LOCAL_KINDS: frozenset[SourceKind] = frozenset({"folder", "warc"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One place that is collected.

    Attributes:
        source_id: lower-case slug, unique in a sources file; the key in the warehouse.
        kind: `feed` (RSS, RDF, Atom, JSON Feed), `sitemap` (news sitemap or an index of such), `channel` (the public
            web preview of a Telegram channel), `page` (one article), `folder` (a local file or folder of HTML, text
            and JSON Lines), `warc` (a local WARC file or a folder of them).
        url: http or https address; a `file:` address for the two local kinds.
        name: what people call it.
        outlet: the publisher's name, where it differs from `name`.
        language: `ar`, `en` or None when mixed or unknown.
        country: ISO 3166 alpha-2 of the outlet, or None.
        enabled: whether `collect` takes it.
    """

    source_id: str
    kind: SourceKind
    url: str
    name: str
    outlet: str | None = None
    language: str | None = None
    country: str | None = None
    enabled: bool = True
