"""Evidence as WARC 1.1: what was asked and what was answered, byte for byte; implements the port `Archive`.

`files` has the files and who writes to which, `records` what stands in them, `archive` puts the two together.
"""

from pipeline.adapters.archive.archive import WarcArchive

__all__ = ["WarcArchive"]
