"""Which sources and subscriptions a run is wired to."""

import pytest

from pipeline import bootstrap
from pipeline.errors import SourcesError, SubscriptionsError

ROWS = """sources:
- {id: daily, kind: feed, url: 'https://daily.example/feed', name: Daily}
- {id: weekly, kind: feed, url: 'https://weekly.example/feed', name: Weekly, enabled: false}
"""


@pytest.fixture
def settings(tmp_path, monkeypatch):
    """Two sources, one of them disabled, and one subscription."""
    (tmp_path / "sources.yml").write_text(ROWS)
    (tmp_path / "wishes").mkdir()
    (tmp_path / "wishes" / "desk.yml").write_text("id: desk\nname: Desk\nrecipients: [desk@example.org]\n")
    monkeypatch.setenv("BAYAN_VAR", str(tmp_path / "var"))
    monkeypatch.setenv("BAYAN_SOURCES", str(tmp_path / "sources.yml"))
    monkeypatch.setenv("BAYAN_SUBSCRIPTIONS", str(tmp_path / "wishes"))
    return bootstrap.read_settings()


@pytest.mark.parametrize(
    ("only", "expected"), [((), ["daily"]), (("weekly",), ["weekly"]), (("daily", "daily"), ["daily"])]
)
def test_sources_are_the_enabled_ones_or_those_asked_for_each_once(settings, only, expected):
    """A disabled source is collected when it is named; one named twice is not collected twice at once."""
    assert expected == bootstrap.source_ids(settings, only=only)


def test_a_source_that_left_the_file_under_way_is_named(settings):
    """Between listing and collecting an operator may edit the file: one line, and the ids that there are."""
    with pytest.raises(SourcesError, match=r"no source monthly; there are daily, weekly"):
        bootstrap.run_collect(settings, "monthly", run_id="run")


def test_an_unknown_subscription_is_told_with_those_that_there_are(settings):
    """The error of a mistyped id shows what could have been meant."""
    assert ["desk"] == [each.subscription_id for each in bootstrap.subscriptions(settings, only=["desk", "desk"])]
    with pytest.raises(SubscriptionsError, match=r"no subscription dsek; there are desk"):
        bootstrap.subscriptions(settings, only=["dsek"])
