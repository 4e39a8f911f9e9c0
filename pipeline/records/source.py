"""Where articles come from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

SourceKind = Literal["feed", "page"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One feed or page that is collected.

    Attributes:
        source_id: lower-case slug, unique in a sources file; the key in the warehouse.
        kind: `feed` (RSS, RDF, Atom, JSON Feed) or `page` (one article).
        url: http or https address.
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
