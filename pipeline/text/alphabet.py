"""The characters that Arabic and English news is written with, each as one byte; what they fold to is told elsewhere.

A text of these alone can be worked on at the speed of bytes, with one byte for each of its characters.
"""

from __future__ import annotations

import codecs

_ARABIC = "ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهويىٱگکپچژڤیېۀہھ" + "ـًٌٍَُِّْٰٕٓٔ"
_DIGITS = "٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹"
_MARKS = "،؛؟٪٫«»“”„‘’–—…•£€\xa0\xad\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\ufeff"
STRANGER = "ж"
"""A letter of neither language, which stands for all others."""
CHARACTERS = "".join(map(chr, range(128))) + _ARABIC + _DIGITS + _MARKS + STRANGER
FILLED = CHARACTERS + "".join(chr(0xE000 + i) for i in range(256 - len(CHARACTERS)))
"""`CHARACTERS`, filled up to 256: the number of each is its byte."""
# Its first character is NUL, else charmap_build falls back to a dictionary, which is slow.
ENCODING = codecs.charmap_build(FILLED)
