"""The language is told by the script."""

import pytest

from pipeline.text.language import detect_language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("أعلنت الحركة هدنة", "ar"),
        ("The group declared a truce", "en"),
        ("أعلنت the group declared a truce today", "en"),
        ("گفتگوی چهار پژوهشگر", None),
        ("123 !?", None),
        ("", None),
    ],
)
def test_language_by_script(text: str, language: str | None) -> None:
    """Most letters decide; Persian letters and no letters give none."""
    assert detect_language(text) == language
