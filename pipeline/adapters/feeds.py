"""The folder of Atom feeds: one file a subscription, replaced whole. Implements the port `Feeds`."""

from __future__ import annotations

import os
from pathlib import Path

from pipeline.errors import WarehouseError


class FeedFolder:
    """Feeds as `<subscription id>.atom`, for any web server to serve. A reader never sees half a feed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def write(self, subscription_id: str, document: bytes) -> None:
        """Put a feed in the place of the one before.

        Raises:
            WarehouseError: the folder cannot be written.
        """
        target = self._folder / f"{subscription_id}.atom"
        half = self._folder / f".{subscription_id}.{os.getpid()}.part"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            half.write_bytes(document)
            half.replace(target)
        except OSError as error:
            raise WarehouseError(
                f"{target}: cannot be written ({error.strerror}); give write permission to the folder"
            ) from error
