"""`bayan run` around its passes: how it ends, and what it goes on after."""

from importlib import import_module

import pytest
import typer

from pipeline.cli.stopping import Stopped
from pipeline.errors import WarehouseUnavailableError

command = import_module("pipeline.cli.run")  # as an attribute of its package it is the function


@pytest.fixture
def passes(monkeypatch, tmp_path):
    """Makes `bayan run` play one answer a pass: `done`, `failed`, or what it raises; then it is stopped."""
    sources = tmp_path / "sources.yml"
    sources.write_text("sources:\n- {id: daily, kind: feed, url: 'https://daily.example/feed', name: Daily}\n")
    monkeypatch.setenv("BAYAN_VAR", str(tmp_path))
    monkeypatch.setenv("BAYAN_SOURCES", str(sources))
    monkeypatch.setenv("BAYAN_SMTP_HOST", "mail.example")
    monkeypatch.setattr(command.bootstrap, "prepare_warehouse", lambda _: "made")
    monkeypatch.setattr(command.time, "sleep", lambda _: None)

    def play(*answers):
        left = [*answers, Stopped()]

        def one(settings, say, *, due=False):
            answer = left.pop(0)
            if isinstance(answer, BaseException):
                raise answer
            return answer == "failed"

        monkeypatch.setattr(command, "_pass", one)
        return left

    return play


def ended(*, once: bool) -> int:
    try:
        command.run(sources=None, once=once, every=1)
    except typer.Exit as end:
        return end.exit_code
    return 0


@pytest.mark.parametrize(
    ("answer", "code"), [("done", 0), ("failed", 1), (Stopped(), 1)], ids=["done", "failed", "stopped half-way"]
)
def test_one_pass_tells_how_it_ended(passes, answer, code):
    """A pass that was stopped before its end is not done."""
    passes(answer)
    assert code == ended(once=True)


def test_a_later_pass_that_fails_does_not_end_the_serving(passes, capsys):
    """A warehouse that is locked for one pass is told, and the next pass is made; stopping then is no failure."""
    left = passes("done", WarehouseUnavailableError("warehouse.db: busy; wait"), "done")
    assert 0 == ended(once=False)
    assert [] == left
    assert "pass failed: warehouse.db: busy; wait" in capsys.readouterr().err
