"""The HTML part in a real browser: it fits a telephone, runs right to left, loads nothing and turns dark."""

import pytest

from pipeline.alerts import Telling
from pipeline.records import Alert, Cue
from tests.fakes.alert_store import renderer
from tests.fakes.hostile import HOSTILE
from tests.fakes.press import NOON, article, statement

RENDERER = renderer()
WORDS = "سنضرب الميناء إذا بقي الحصار، ولن نتراجع. <script>document.title='run'</script> " + "ط" * 200


def _html(words, **changes):
    of = article(language="ar", body=words, title=words, url="https://daily.example/" + "x" * 300)
    cue = Cue(start=0, end=5, role="trigger")
    found = statement(
        of, (0, len(words)), **{"cues": (cue,), "target": words, "condition": words, "channel": "telegram"} | changes
    )
    alert = Alert(
        subscription_id="all",
        statement_ids=("s1",),
        message_id="<1@bayan.example>",
        recipients=("a@n.example",),
        created_at=NOON,
    )
    mail = RENDERER.message(alert, Telling(found=(("s1", found, of),)), name=words[:60], run_id="run-1", now=NOON)
    return mail.get_body(("html",)).get_content()


@pytest.fixture(scope="module")
def html():
    return _html(WORDS)


@pytest.fixture
def opened(browser, html):
    """Opens the mail at a width, in light or dark; gives the page and the requests that it made."""
    contexts = []

    def _open(width, scheme="light"):
        context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
        contexts.append(context)
        page, asked = context.new_page(), []
        page.on("request", lambda request: asked.append(request.url))
        page.set_content(html)
        return page, asked

    yield _open
    for context in contexts:
        context.close()


@pytest.mark.parametrize("width", [375, 800])
def test_nothing_runs_over_the_edge(opened, width):
    """Long words and addresses break, so that a narrow screen needs no scrolling sideways."""
    page, _ = opened(width)
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_nothing_is_run_or_loaded(opened):
    """Words that look like a script are words, and the mail asks no server for anything."""
    page, asked = opened(375)
    assert (page.title() != "run", asked, page.locator("script").count()) == (True, [], 0)


def test_the_text_runs_from_right_to_left(opened):
    """Direction as the browser computes it, and the label at the right end of its card."""
    page, _ = opened(800)
    assert page.locator("blockquote").evaluate("e => getComputedStyle(e).direction") == "rtl"
    label, card = page.locator(".card .label").bounding_box(), page.locator(".card").bounding_box()
    assert label["x"] + label["width"] > card["x"] + card["width"] - 30


def _contrast(page, selector):
    """Contrast of an element's text on its background by WCAG 2, of the nearest background that is painted."""
    return page.locator(selector).first.evaluate(
        """e => {
        const rgb = s => s.match(/[\\d.]+/g).map(Number);
        const light = c => c.slice(0, 3).map(v => v / 255)
            .map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
            .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
        let back = e;
        while (rgb(getComputedStyle(back).backgroundColor)[3] === 0) back = back.parentElement;
        const a = light(rgb(getComputedStyle(e).color)), b = light(rgb(getComputedStyle(back).backgroundColor));
        return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
        }"""
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    "selector", [".quote", ".label.threat", "mark.act", ".facts th", ".facts td", ".source a", ".foot"]
)
def test_everything_can_be_read_in_light_and_dark(opened, scheme, selector):
    """WCAG AA: a contrast of at least 4.5 for every kind of text in both schemes."""
    page, _ = opened(375, scheme)
    assert _contrast(page, selector) >= 4.5


def test_dark_is_dark(opened):
    """The page follows the reader's scheme."""
    backgrounds = {
        scheme: opened(375, scheme)[0].locator(".card").evaluate("e => getComputedStyle(e).backgroundColor")
        for scheme in ("light", "dark")
    }
    assert backgrounds == {"light": "rgb(255, 255, 255)", "dark": "rgb(22, 27, 34)"}


def test_no_hostile_string_becomes_an_element(opened):
    """Of hundreds of strings none adds an element or an attribute, runs, or asks a server for anything."""
    page, asked = opened(375)
    shape = "[...document.querySelectorAll('body *')].map(e => `${e.tagName} ${e.getAttributeNames()}`).join()"

    def shown(words):
        page.set_content(_html(words, cues=(), group=words, speaker=words, rules=(words,)))
        return page.evaluate(shape), page.title() == "run"

    expected = {False: shown("harmless"), True: shown("harmless " * 1000)}
    assert [words for words in HOSTILE if shown(words) != expected[len(words) > 3000]] == []
    assert asked == []
