"""What must hold of articles and statements before they are loaded, and what becomes of those that break it.

The expectations themselves are data (schemas/expectations) and are judged by an adapter. Here stands what they are
judged on (`articles`, `statements`: one flat row each) and what follows from the verdicts (`holding`). Pure: rows in,
records out.
"""

from pipeline.quality.articles import article_row, article_rows
from pipeline.quality.holding import article_held, held_reasons, statement_held
from pipeline.quality.statements import Pack, statement_rows

__all__ = ["Pack", "article_held", "article_row", "article_rows", "held_reasons", "statement_held", "statement_rows"]
