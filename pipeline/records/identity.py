"""Identities derived from content: the same content has the same id on every machine and in every run."""

from __future__ import annotations

import hashlib
import json


def content_id(*parts: str | None) -> str:
    """The identity of `parts`: 32 hexadecimal digits of SHA-256 over their JSON, so that no part runs into the next."""
    payload = json.dumps(parts, ensure_ascii=True, separators=(",", ":")).encode("ascii")
    return hashlib.sha256(payload).hexdigest()[:32]
