"""Identities derived from content: the same content has the same id on every machine and in every run."""

from __future__ import annotations

import hashlib
import json

_encode = json.JSONEncoder(ensure_ascii=True, separators=(",", ":")).encode


def content_id(*parts: str | None) -> str:
    """The identity of `parts`: 32 hexadecimal digits of SHA-256 over their JSON, so that no part runs into the next."""
    return hashlib.sha256(_encode(parts).encode("ascii")).hexdigest()[:32]
