"""The texts of the mail templates, read from the package's own data."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files


def read_templates() -> Mapping[str, str]:
    """The text of every file of `pipeline/alerts/templates`, by its name: what `pipeline.alerts.Renderer` asks for."""
    folder = files("pipeline.alerts") / "templates"
    return {entry.name: entry.read_text(encoding="utf-8") for entry in folder.iterdir() if entry.is_file()}
