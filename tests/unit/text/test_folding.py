"""Folding makes one word of its many spellings and knows where every character came from."""

import pytest

from pipeline.text.folding import fold, fold_word


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("أإآٱ", "اااا"),
        ("مُسْتَشْفَى", "مستشفي"),
        ("هـــدنة", "هدنه"),
        ("مسؤولية", "مسووليه"),
        ("٢٠٢١ و۱۴", "2021 و14"),
        ("ﷲ", "الله"),
        ("کتائب", "كتايب"),
        ("Élan THREAT", "elan threat"),
        ("\u202bحماس\u202c", "حماس"),
    ],
)
def test_spellings_fold_to_one(written: str, folded: str) -> None:
    """Hamza, harakat, tatweel, digits, presentation forms, Persian letters, accents and bidi marks fold away."""
    assert fold(written).text == folded
    assert fold_word(written) == folded


@pytest.mark.parametrize(
    ("written", "folded"),
    [("حمـ.ـاس", "حماس"), ("المقـ.ـاومـ*ـة", "المقاومه"), ("الحزب.ـ قال", "الحزب. قال"), ("ﷲ حمـ.ـاس", "الله حماس")],
)
def test_words_broken_to_hide_them_are_whole_again(written: str, folded: str) -> None:
    """A dot between tatweels is no end of a word; the span of the word holds it."""
    seen = fold(written)
    assert seen.text == folded
    assert written[slice(*seen.span(0, len(folded)))] == written


@pytest.mark.parametrize("text", ["قَالَ الأَمِينُ", "ﷲ أكبر", "plain", "", "a\ud800b\0c", "حـمـاس تُهَدِّدُ"])
def test_offsets_cover_the_original(text: str) -> None:
    """There is one offset for each folded character, rising, and the original's length at the end."""
    folded = fold(text)
    assert len(folded.offsets) == len(folded.text) + 1
    assert list(folded.offsets) == sorted(folded.offsets)
    assert folded.offsets[-1] == len(text)


def test_a_span_takes_the_harakat_of_its_last_letter() -> None:
    """The original span of a folded word ends behind the marks written on its last letter."""
    text = "هَدَّدَتْ حماس"
    assert text[slice(*fold(text).span(0, 4))] == "هَدَّدَتْ"
