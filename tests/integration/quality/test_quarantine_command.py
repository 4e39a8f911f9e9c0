"""`bayan quarantine`: looked at, tried again, accepted, dismissed; what is put right comes back through the gate."""

import json
from contextlib import closing
from datetime import timedelta

import pytest
from typer.testing import CliRunner

from pipeline.adapters.warehouse import Warehouse, migrate
from pipeline.cli.quarantine import app
from pipeline.jobs.analyse import AnalysePorts, analyse
from pipeline.quality import Pack
from pipeline.quality.batches import ENOUGH
from pipeline.records import Quarantined
from pipeline.records.identity import content_id
from tests.fakes.analysis import ToldGate, ToldRules
from tests.fakes.press import DAILY, NOON, article, page, statement

ONE, TWO = article(1), article(2)
FOUND = {it.url: [statement(it)] for it in (ONE, TWO)}


@pytest.fixture
def warehouse(tmp_path, monkeypatch):
    """Two articles with a threat each; the command speaks to the same warehouse."""
    url = f"sqlite:///{tmp_path / 'warehouse.db'}"
    monkeypatch.setenv("BAYAN_WAREHOUSE_URL", url)
    migrate(url)
    with closing(Warehouse(url)) as it:
        it.start_run("collect-1", job="collect", now=NOON)
        it.save_sources([DAILY], now=NOON)
        for number, of in enumerate((ONE, TWO), start=1):
            it.save_page(page(of, number), run_id="collect-1", now=NOON)
        yield it


def run(warehouse, gate=None, found=None, ruleset="rules-1"):
    ports = AnalysePorts(
        classifier=ToldRules(found or FOUND, ruleset), gate=gate or ToldGate(), store=warehouse, runs=warehouse,
        pack=Pack(groups=frozenset({"harbour-brigade"})),
    )  # fmt: skip
    return analyse(ports=ports, run_id="analyse-1", now=NOON, batch=50)


def bayan(*arguments: str):
    done = CliRunner().invoke(app, list(arguments), catch_exceptions=False)
    assert 0 == done.exit_code, done.output
    return done.output


def held(*arguments: str) -> list[dict]:
    return [json.loads(line) for line in bayan("list", "--json", *arguments).splitlines()]


def carried(warehouse) -> int:
    return sum(row.sightings for row in warehouse.statement_rows())


HOLDING_ONE = {"articles": ("url", ONE.url)}


def test_the_list_names_what_is_held_and_show_has_its_payload(warehouse):
    """A line a thing with the id, stage, reason and detail; the payload is the article itself."""
    run(warehouse, ToldGate(HOLDING_ONE))
    (it,) = held()
    assert ("articles", "url-right", ONE.version_id) == (it["stage"], it["reason"], it["version_id"])
    listed = bayan("list")
    assert f"{it['quarantine_id'][:10]}  2026-03-05 12:00  articles  url-right  {ONE.url}" in listed
    assert ONE.body == json.loads(bayan("show", it["quarantine_id"][:10]))["payload"]["body"]


def test_what_was_put_right_comes_back_through_the_gate(warehouse):
    """Retried with a gate that now lets it pass, it is loaded, and the quarantine closes it."""
    run(warehouse, ToldGate(HOLDING_ONE))
    bayan("retry", held()[0]["quarantine_id"], "--note", "suite mended")
    run(warehouse)
    assert (2, []) == (carried(warehouse), held())
    assert ["retried"] == [it["resolution"] for it in held("--all")]


def test_what_still_breaks_is_open_again(warehouse):
    """Tried again in vain, it is held once, and open."""
    run(warehouse, ToldGate(HOLDING_ONE))
    bayan("retry", "--reason", "url-right")
    assert [] == held()
    run(warehouse, ToldGate(HOLDING_ONE))
    assert [None] == [it["resolution"] for it in held("--all")]
    assert 1 == carried(warehouse)


def test_a_new_rule_set_that_puts_a_statement_right_closes_what_was_held(warehouse):
    """Nobody has to ask: the version is read again, and what was held of it has passed."""
    wrong = {**FOUND, ONE.url: [statement(ONE, group="unheard-of")]}
    gate = ToldGate({"statements": ("unknown_group", "unheard-of")})
    run(warehouse, gate, wrong)
    assert ["statements"] == [it["stage"] for it in held()]
    run(warehouse, gate, ruleset="rules-2")
    assert ([], ["passed"]) == (held(), [it["resolution"] for it in held("--all")])


def test_what_is_dismissed_stays_closed(warehouse):
    """Dismissed, it is not tried again, and not open again when it is held once more."""
    run(warehouse, ToldGate(HOLDING_ONE))
    bayan("dismiss", held()[0]["quarantine_id"], "--note", "a test page")
    run(warehouse, ToldGate(HOLDING_ONE), ruleset="rules-2")
    assert ([], [("dismissed", "a test page")]) == (held(), [(it["resolution"], it["note"]) for it in held("--all")])


def test_a_page_that_is_retried_is_collected_again(warehouse):
    """A settled entry becomes unknown to the collector, and settled again when it is held again."""
    item = Quarantined(stage="pages", reason="status-404", detail="d", payload="{}", key="entry-9", source_id="daily")
    warehouse.quarantine([item], run_id="collect-1", now=NOON)
    assert "entry-9" in warehouse.known_entries("daily")
    bayan("retry", "--reason", "status-404")
    assert "entry-9" not in warehouse.known_entries("daily")
    warehouse.quarantine([item], run_id="collect-1", now=NOON)
    assert "entry-9" in warehouse.known_entries("daily")


def test_a_text_that_no_database_stores_is_fetched_again(warehouse):
    """There is no version to read again, so the page itself is asked for."""
    warehouse.save_page(page(article(3, body="NUL \0"), 3), run_id="collect-1", now=NOON)
    assert content_id("3") in warehouse.known_entries("daily")
    bayan("retry", "--reason", "unstorable-text")
    assert content_id("3") not in warehouse.known_entries("daily")


@pytest.mark.parametrize(("accept", "loaded"), [(True, ENOUGH + 2), (False, 0)], ids=["accepted", "retried"])
def test_a_held_batch_goes_through_when_a_person_accepts_it(warehouse, accept, loaded):
    """Tried again the flood is held again; accepted it is loaded, although the expectation is still broken."""
    flood = [article(number) for number in range(3, 3 + ENOUGH)]
    for number, of in enumerate(flood, start=3):
        warehouse.save_page(page(of, number), run_id="collect-1", now=NOON)
    found = {of.url: [statement(of)] for of in (ONE, TWO, *flood)}
    gate = ToldGate({"batches": ("row_key", "daily")})
    assert 1 == run(warehouse, gate, found).counts["held_batches"]
    assert ([], 0) == (warehouse.statement_rows(), warehouse.awaiting_analysis("rules-1"))
    bayan("retry", held("--stage", "batches")[0]["quarantine_id"], *(["--accept"] if accept else []))
    run(warehouse, gate, found)
    assert (loaded, 0 if accept else 1) == (carried(warehouse), len(held()))


def test_the_usual_volume_is_the_median_of_days_with_articles(warehouse):
    """Seven days of one article each make a usual day of one; two of today are told beside it."""
    for number in range(10, 17):
        day = NOON - timedelta(days=number)
        warehouse.save_page(page(article(number), number), run_id="collect-1", now=day)
    volume = warehouse.volumes(["daily"], now=NOON)["daily"]
    assert (2, 1) == (volume.today, volume.usual)
    assert warehouse.volumes(["daily"], now=NOON - timedelta(days=14))["daily"].usual is None


@pytest.mark.parametrize(
    "arguments", [["retry"], ["retry", "abcdef", "--reason", "x"], ["show", "abc"], ["dismiss", "abcdef"]]
)
def test_what_cannot_be_meant_is_refused(warehouse, arguments):
    """Nothing named, both named, too short, unknown: one line each."""
    with pytest.raises(Exception, match="bayan quarantine list"):
        CliRunner().invoke(app, arguments, catch_exceptions=False)


def test_a_broken_row_cannot_be_accepted(warehouse):
    """Only a batch, which is out of proportion and not wrong, can be let through."""
    run(warehouse, ToldGate(HOLDING_ONE))
    with pytest.raises(Exception, match="only a held batch can be accepted"):
        CliRunner().invoke(app, ["retry", "--reason", "url-right", "--accept"], catch_exceptions=False)
