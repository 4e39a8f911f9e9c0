"""Document types that declare entities."""

import pytest

from pipeline.ingest.document_type import without_declarations

ROOT = "<rss>&a;</rss>"


@pytest.mark.parametrize(
    "declared",
    [
        '<!DOCTYPE rss [<!ENTITY a "b">]>',
        '<!DOCTYPE rss [\n<!ENTITY a "b">\n] >',
        '<!DOCTYPE rss PUBLIC "x>y" "z[" [<!ENTITY a "b">]>',
        '<!DOCTYPE rss [<!ENTITY x "]>"><!ENTITY a "b">]>',
        '<!DOCTYPE rss [<!ENTITY a "b">]><!-- and again --><!DOCTYPE rss [<!ENTITY a "c">]>',
    ],
)
def test_declarations_lose_their_effect(declared):
    """However it is written, no declaration stands in a document type any more, and the root element stays."""
    left = without_declarations(f'<?xml version="1.0"?>{declared}{ROOT}')
    assert ("<!DOCTYPE" in left, left.endswith(ROOT)) == (False, True)


@pytest.mark.parametrize(
    "text",
    [
        ROOT,
        f'<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "rss-0.91.dtd">{ROOT}',
        "<rss><![CDATA[<!DOCTYPE html [<!ENTITY a 'b'>]>]]></rss>",
        "<!DOCTYPE rss [",
        "",
    ],
)
def test_everything_else_stays(text):
    """A type that is only named, and examples inside the text, are left alone."""
    assert without_declarations(text) == text
