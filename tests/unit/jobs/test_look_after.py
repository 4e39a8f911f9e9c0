"""What is told to those who run the house, and how often."""

from dataclasses import replace
from datetime import timedelta

import pytest

from pipeline.errors import MailError
from pipeline.jobs.look_after import Desk, notices_of, tell
from pipeline.records.figures import Figures, HeldBatch, SourceFigure
from pipeline.records.notice import Notice
from tests.fakes.press import NOON

QUIET = Figures(
    at=NOON, sources=(), statements={}, held={}, held_last_day=0, held_week_before=0, batches_held=(), verdicts={},
    waiting=0, waiting_since=None, given_up=0, runs={}, lags=(),
)  # fmt: skip
DAILY = SourceFigure(
    source_id="daily", name="Daily", url="https://daily.example/feed", articles=3,
    state="failing", state_since=NOON - timedelta(hours=25), last_success_at=NOON - timedelta(days=2),
    problem="the server answered 503",
)  # fmt: skip
FAILED = Notice(
    key="task/collect/x", title="collect: x failed", reason="disk full", remedy="make room", link="http://x"
)


class Memory:
    """The port of the same name, in memory."""

    def __init__(self):
        self.told = {}

    def told_at(self, key):
        return self.told.get(key)

    def remember(self, key, *, now):
        self.told[key] = now


class Server:
    """The port `Mailer`."""

    def __init__(self):
        self.mails, self.error = [], None

    def send(self, message):
        if self.error:
            raise self.error
        self.mails.append(message)
        return ()


@pytest.fixture
def server():
    return Server()


@pytest.fixture
def desk(server):
    return Desk(mailer=server, sender="Bayan <b@example.org>", recipients=("desk@example.org",), memory=Memory())


def _keys(figures):
    return [notice.key for notice in notices_of(figures)]


def test_a_quiet_house_needs_nobody():
    """No mail without a cause."""
    assert [] == notices_of(QUIET)


@pytest.mark.parametrize(
    ("source", "told"),
    [
        (DAILY, True),
        (replace(DAILY, last_success_at=None), True),
        (replace(DAILY, state="failing", state_since=NOON - timedelta(hours=3)), False),
        (replace(DAILY, state="silent"), False),
        (replace(DAILY, state="disabled"), False),
        (replace(DAILY, state="healthy"), False),
        (replace(DAILY, state="new", state_since=None), False),
    ],
    ids=["fails-for-a-day", "never-gave", "fails-for-hours", "silent", "disabled", "healthy", "not-yet-asked"],
)
def test_a_source_is_told_when_it_fails_for_a_day(source, told):
    """One failed try is no news; of silent and disabled sources the operators have heard when they became so."""
    assert ([f"source/daily/{source.state}"] if told else []) == _keys(replace(QUIET, sources=(source,)))


@pytest.mark.parametrize(("day", "week", "told"), [(19, 0, False), (20, 0, True), (40, 140, False), (60, 140, True)])
def test_the_quarantine_grows_by_its_own_measure(day, week, told):
    """Twenty a day is much in a quiet house; a house that holds twenty every day is told at sixty."""
    assert (["quarantine"] if told else []) == _keys(replace(QUIET, held_last_day=day, held_week_before=week))


@pytest.mark.parametrize(("minutes", "told"), [(59, False), (61, True)])
def test_mails_that_wait_for_an_hour_are_told(minutes, told):
    """A busy server is no backlog."""
    waiting = replace(QUIET, waiting=2, waiting_since=NOON - timedelta(minutes=minutes))
    assert (["outbox"] if told else []) == _keys(waiting)


def test_a_held_batch_and_a_refused_mail_are_told():
    """One notice an expectation, however many batches broke it; one for all mails given up."""
    held = HeldBatch(of="daily", expectation="usual-volume", observed="900", quarantine_id="ab12", held_at=NOON)
    assert ["batch/daily/usual-volume", "given-up/1"] == _keys(replace(QUIET, batches_held=(held, held), given_up=1))
    (notice,) = notices_of(replace(QUIET, batches_held=(held,)))
    assert "bayan quarantine retry ab12 (with --accept when it is in order)" in notice.remedy


def test_the_mail_says_what_why_what_to_do_and_where(desk, server):
    """All troubles in one mail, the first in its subject."""
    other = replace(FAILED, key="other", title="source daily is silent")
    assert (FAILED, other) == tell([FAILED, other], desk=desk, now=NOON)
    (mail,) = server.mails
    assert "Bayan needs you: collect: x failed and 1 more" == mail["Subject"]
    text = mail.get_content()
    assert [] == [word for word in ("disk full", "make room", "http://x", "source daily is silent") if word not in text]


def test_the_same_trouble_is_told_at_most_daily(desk, server):
    """A task that fails every minute makes one mail a day; another trouble is told at once."""
    other = replace(FAILED, key="other")
    tell([FAILED], desk=desk, now=NOON)
    assert () == tell([FAILED], desk=desk, now=NOON + timedelta(hours=23))
    assert (other,) == tell([FAILED, other], desk=desk, now=NOON + timedelta(hours=23))
    assert (FAILED,) == tell([FAILED], desk=desk, now=NOON + timedelta(hours=24))
    assert 3 == len(server.mails)


def test_what_could_not_be_sent_counts_as_untold(desk, server):
    """The next call tells it."""
    server.error = MailError("mail server gone")
    with pytest.raises(MailError):
        tell([FAILED], desk=desk, now=NOON)
    server.error = None
    assert (FAILED,) == tell([FAILED], desk=desk, now=NOON)


def test_without_operators_nobody_is_told(desk, server):
    """No recipient, no mail, and nothing counts as told."""
    assert () == tell([FAILED], desk=replace(desk, recipients=()), now=NOON)
    assert ([], {}) == (server.mails, desk.memory.told)


def test_a_line_break_in_a_title_does_not_break_the_subject(desk, server):
    """What comes from outside cannot add headers, and long lines are cut."""
    tell([replace(FAILED, title="a\nBcc: x@example.org", reason="y" * 9000)], desk=desk, now=NOON)
    assert "Bayan needs you: a Bcc: x@example.org" == server.mails[0]["Subject"]
    assert 2000 > len(server.mails[0].get_content())
