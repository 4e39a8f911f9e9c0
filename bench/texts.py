"""Text to measure with: ordinary news where it stands beside the checkout, else made of the sample newsroom."""

from __future__ import annotations

import gzip
import html
import json
import random
import re
from pathlib import Path

PROJECT = Path(__file__).parents[1]
ORDINARY = PROJECT.parent / "shared" / "eval" / "ordinary.jsonl.gz"
ARTICLE = 3_000
"""Characters of an article."""


def ordinary_lines() -> tuple[list[bytes], str]:
    """JSON Lines with id, lang and text, and what they are."""
    if ORDINARY.exists():
        return gzip.decompress(ORDINARY.read_bytes()).splitlines(), "ordinary news"
    rows = ({"id": str(i), "lang": "ar", "text": text} for i, text in enumerate(_newsroom(1_500)))
    return [json.dumps(row, ensure_ascii=False).encode() for row in rows], "sentences of the sample newsroom"


def arabic_articles() -> list[str]:
    """Arabic articles of 3,000 characters, cut from the lines in their order."""
    rows = map(json.loads, ordinary_lines()[0])
    whole = "\n".join(row["text"] for row in rows if row["lang"] == "ar")
    return [whole[i * ARTICLE : (i + 1) * ARTICLE] for i in range(len(whole) // ARTICLE)]


def ordinary_texts() -> tuple[list[str], str]:
    """The texts of `ordinary_lines`, and what they are."""
    lines, what = ordinary_lines()
    return [json.loads(line)["text"] for line in lines], what


def _newsroom(count: int) -> list[str]:
    """Texts of a usual length, each of sentences drawn from all Arabic articles."""
    pages = (PROJECT / "samples" / "newsroom" / "articles").glob("[!e][!n]*.html")
    plain = (html.unescape(re.sub(r"<[^>]+>", " ", page.read_text(encoding="utf-8"))) for page in sorted(pages))
    sentences = [part.strip() for text in plain for part in re.split(r"[.\n]", text) if len(part.strip()) > 40]
    draw = random.Random(7)
    return [". ".join(draw.choices(sentences, k=draw.choice([3, 8, 20]))) for _ in range(count)]
