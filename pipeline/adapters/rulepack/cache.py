"""Compiled packs on disk: one file, its digest in the first line, the checked YAML in the second, then the forms."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any


def read_cache(path: Path) -> tuple[Mapping[str, Any], bytes] | None:
    """The pack and its packed forms; None where there is no file, or not all of it."""
    try:
        digest, _, content = path.read_bytes().partition(b"\n")
    except FileNotFoundError:
        return None
    if digest != _digest(content):
        return None
    pack, _, forms = content.partition(b"\n")
    return json.loads(pack), forms


def write_cache(path: Path, pack: Mapping[str, Any], forms: bytes) -> None:
    """Write a pack in place of older ones."""
    path.parent.mkdir(parents=True, exist_ok=True)
    for old in path.parent.glob("rulepack-*"):
        old.unlink(missing_ok=True)
    content = json.dumps(pack).encode() + b"\n" + forms
    # Named by process: several tasks may find the cache cold at once.
    fresh = path.with_name(f"{path.name}.{os.getpid()}.part")
    fresh.write_bytes(_digest(content) + b"\n" + content)
    fresh.replace(path)


def _digest(content: bytes) -> bytes:
    return hashlib.sha256(content).hexdigest().encode()
