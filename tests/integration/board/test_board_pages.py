"""The board over a real warehouse of each kind, on PostgreSQL in the read-only role: pages, filters, refusals."""

import csv
import io
import json
from contextlib import closing
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient
from jsonschema import Draft202012Validator
from lxml import html
from pydantic import SecretStr
from sqlalchemy import text
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from pipeline.adapters.warehouse import Warehouse, database
from pipeline.adapters.warehouse.database import Database, parse_url
from pipeline.adapters.warehouse.failures import translated
from pipeline.board import app as board_app
from pipeline.board.app import analysts_board
from pipeline.errors import WarehouseError, WarehouseUnavailableError
from pipeline.settings import PROJECT
from tests.integration.board.conftest import ARABIC, board_over, owned_warehouse

SHUT_WORDS = [
    '"', "'", "'; DROP TABLE statements --", "NEAR(a b)", "a AND", "* OR *", "-", "^port", "port*", "folded:port",
    "(", "\\", "\x00", "%00", "\ud800", "\u202e", "a\x00b", "%", "_", "🙂", "!!!", "و" * 10_000, ": & | ! <->", "((((",
    "a" * 200,
]  # fmt: skip


def shown(answer):
    assert 200 == answer.status_code, answer.text[:500]
    return html.fromstring(answer.text)


def ids(page) -> list[str]:
    return [
        each.split("/")[-1].split("?")[0] for each in page.xpath("//tbody//a[contains(@href, 'statements/')]/@href")
    ]


def labels(client, query: str) -> list[str]:
    return sorted(row.get("class") for row in shown(client.get(f"/?{query}")).xpath("//table/tbody/tr"))


def test_statements_stand_newest_said_first_and_those_without_a_day_last(client):
    """The days fall from row to row; a statement whose text names no day is told to have none."""
    days = [cell.text_content() for cell in shown(client.get("/?lang=en")).xpath("//tbody/tr/td[1]//a")]
    assert ["day not stated"] == days[-1:]
    assert days[:-1] == sorted(days[:-1], reverse=True)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("label=admission", ["admission"]),
        ("group=kataib-hezbollah", ["threat"]),
        ("group=nobody-known", []),
        ("group=-", []),
        ("from=2026-03-02&to=2026-03-03", ["threat"] * 2),
        ("channel=telegram", ["threat"]),
        ("channel=radio", []),
        ("condition=yes", ["threat"]),
        ("condition=no&label=threat", ["threat"] * 4),
        ("language=ar", ["threat"]),
        ("source=daily&label=admission", ["admission"]),
        ("source=wire", []),
        ("q=customs+house", ["admission"]),
        ("q=house+customs+port", []),
        ("q=claimed", ["admission"]),
        (f"q={quote('الميناء')}", ["threat"]),
        (f"q={quote('اعلنت ستقصف')}", ["threat"]),
        (f"q={quote('ميناء')}", []),
        ("q=claimed&label=threat", []),
    ],
)
def test_a_filter_in_the_address_chooses(client, query, expected):
    """Each filter alone and with others, on both databases alike; words in any spelling, but whole."""
    assert expected == labels(client, query)


@pytest.mark.parametrize("few", [0, 10_000], ids=["walked", "looked-up"])
def test_what_many_pass_and_what_few_pass_is_the_same_answer(client, monkeypatch, few):
    """Whether rows are tried along the days or looked up from a list is a matter of speed alone."""
    monkeypatch.setattr("pipeline.adapters.warehouse.browsing._FEW", few)
    answers = [
        labels(client, query)
        for query in ("q=claimed", f"q={quote('الميناء ستقصف')}", "q=clai", "source=daily", "channel=telegram", "q=!!!")
    ]
    assert [["admission"], ["threat"], [], ["admission", *["threat"] * 5], ["threat"], []] == answers


@pytest.mark.parametrize("query", ["", "label=threat"])
def test_pages_hold_every_statement_once(client, monkeypatch, query):
    """Followed from page to page, the list has all statements in the order of the whole, none twice."""
    whole = ids(shown(client.get(f"/?{query}")))
    monkeypatch.setattr(board_app, "SHOWN", 1)
    walked, address = [], f"/?{query}"
    while address:
        page = shown(client.get(address))
        walked += ids(page)
        address = next(iter(page.xpath("//a[@rel='next']/@href")), None)
    assert walked == whole
    assert len(set(whole)) == len(whole) > 4


def test_a_statement_has_its_paragraph_its_evidence_and_every_sighting(client):
    """The words stand in their paragraph with the cues marked; who dropped the condition is told; it can be cited."""
    (one,) = ids(shown(client.get("/?q=" + quote("الميناء"))))
    page = shown(client.get(f"/statements/{one}?lang=en"))
    assert ARABIC == page.xpath("//blockquote")[0].text_content()
    rows = [" ".join(row.text_content().split()) for row in page.xpath("//section[4]//tbody/tr")]
    assert [False, True] == ["without the condition" in row for row in rows]
    (citation,) = page.xpath("//*[@class='citation']")
    wanted = ("Kataib Hezbollah", ARABIC, "<https://daily.example/5>", f"{5:064x}", "daily.warc.gz:0", one)
    assert [] == [part for part in wanted if part not in citation.text_content()]
    listed = shown(client.get("/?q=" + quote("الميناء")))
    assert "2" == listed.xpath("//tbody/tr/td[4]//bdi")[0].text


def test_the_evidence_around_a_statement_is_marked_too(client):
    """A cue in the sentence before the words, such as the group's name, is marked in the paragraph."""
    one = ids(shown(client.get("/?from=2026-03-02&to=2026-03-02")))[0]
    (quoted,) = shown(client.get(f"/statements/{one}")).xpath("//blockquote")
    assert ["Harbour Brigade"] == [mark.text for mark in quoted.xpath("./mark[@class='group']")]
    assert 1 == len(quoted.xpath("./strong/mark[@class='trigger']"))


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_statement_that_fell_is_found_by_its_address_and_told_to_have_fallen(kind, tmp_path, postgresql, rulebook):
    """Old citations go on leading to what was held, with the day since which it is not."""
    with owned_warehouse(kind, tmp_path, postgresql) as owned, board_over(owned, rulebook) as client:
        (one,) = ids(shown(client.get("/?label=admission")))
        with Database(owned).writing() as connection:
            connection.execute(text("UPDATE sightings SET superseded_at = recorded_at"))
            connection.execute(text("UPDATE statements SET superseded_at = recorded_at"))
        assert [] == ids(shown(client.get("/")))
        history = shown(client.get(f"/statements/{one}?lang=en")).xpath("//section[5]")[0]
        assert "superseded" in history.text_content()


def test_activity_by_day_is_the_view_filtered(client, owned):
    """The counts of the page are those of daily_counts, and the bars stand for them."""
    page = shown(client.get("/activity?from=2026-03-01&to=2026-03-31"))
    told = {
        row.xpath("./th")[0].text_content(): [int(cell.text) for cell in row.xpath("./td")]
        for row in page.xpath("//details//tbody/tr")
    }
    with Database(owned).reading() as connection:
        query = "SELECT said_on, label, sum(statements) FROM daily_counts GROUP BY said_on, label"
        expected = {(str(on), label): int(count) for on, label, count in connection.execute(text(query))}
    found = {
        (on, label): counts[at]
        for on, counts in told.items()
        for at, label in enumerate(("threat", "admission", "truce"))
        if counts[at]
    }
    assert expected == found
    assert len(expected) == len(page.xpath("//svg[@class='bars']//rect"))


def test_activity_of_a_longer_time_is_by_month_and_by_group(client):
    """A year is counted by months; each group has a row with its labels."""
    page = shown(client.get("/activity?lang=en&from=2025-06-01&to=2026-06-01"))
    assert ["2026-03"] == [each.text_content() for each in page.xpath("//details//tbody/tr/th")]
    groups = {
        row.xpath("./th")[0].text_content(): row.xpath("./td[4]")[0].text
        for row in page.xpath("//section[2]//tr[th[@scope='row']]")
    }
    assert {"Kataib Hezbollah": "1", "harbour-brigade": "4"} == groups


def test_what_was_held_on_a_day_leaves_out_what_came_later(client):
    """The reading of a day is that of its end: before the first load there was none."""
    rows = [
        len(shown(client.get(f"/held?said=2026-03-02&known={known}")).xpath("//tbody/tr"))
        for known in ("2026-03-04", "2026-03-05")
    ]
    assert [0, 1] == rows


def test_an_export_as_csv_has_every_row_of_the_filter(client, monkeypatch):
    """In parts or at once, it is what the list shows, in UTF-8 with a mark for spreadsheets."""
    monkeypatch.setattr(board_app, "TAKEN", 2)
    answer = client.get("/export.csv")
    assert answer.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert ids(shown(client.get("/"))) == [row["statement_id"] for row in rows]
    (arabic,) = [row for row in rows if row["language"] == "ar"]
    assert (ARABIC, "2", "2026-03-05") == (arabic["text"], arabic["outlets"], arabic["said_on"])


def test_an_export_as_json_lines_keeps_the_contract_of_a_statement(client):
    """Each line holds a statement as schemas/statement.schema.json has it."""
    schema = json.loads((PROJECT / "schemas" / "statement.schema.json").read_text())
    contract = Draft202012Validator(schema["$defs"]["statement"])
    lines = [json.loads(line) for line in client.get("/export.jsonl?label=threat").text.splitlines()]
    assert 5 == len(lines)
    assert [] == [error.message for line in lines for error in contract.iter_errors(line["statement"])]


@pytest.mark.parametrize("words", SHUT_WORDS)
def test_hostile_words_find_something_or_nothing(client, words):
    """Operators of either search, control characters and a flood of letters are words, or refused as too long."""
    asked = quote(words.encode("utf-8", "surrogatepass"))
    statuses = [client.get(f"{path}?q={asked}").status_code for path in ("/", "/activity", "/export.csv")]
    assert [400 if len(words) > 200 else 200] * 3 == statuses


@pytest.mark.parametrize(
    "query",
    ["from=yesterday", "to=2026-13-01", "from=2026-03-02&to=2026-03-01", "label=war", "group=a b", "channel=<x>",
     "condition=1", "language=arabic", "source=../x", "after=nowhere", "after=2026-03-01~;", "after=2026-99-01~a",
     "after=2026-03-01T99:99:99Z~a"],
)  # fmt: skip
def test_a_filter_that_cannot_be_read_is_told_in_the_page(client, query):
    """The page says what to write, shows what was given, and lists nothing."""
    answer = client.get(f"/?lang=en&{query}")
    page = html.fromstring(answer.text)
    assert (400, 1, []) == (answer.status_code, len(page.xpath("//*[@role='alert']//li")), ids(page))


@pytest.mark.parametrize(
    "path", ["/statements/unknown", "/statements/%00", "/statements/%ff", "/rules/nothing", "/nowhere"]
)
def test_what_is_not_there_is_told_in_a_page(client, path):
    """An unknown id is a page with words and the way back, not an error of the program."""
    answer = client.get(f"{path}?lang=en")
    assert (404, True) == (answer.status_code, "no such page" in answer.text)
    assert html.fromstring(answer.text).xpath("//a[contains(., 'back')]")


def test_a_rule_has_a_page(client):
    """From a statement to what its rule finds; its style is the board's."""
    page = shown(client.get("/rules/ar.threat.ultimatum"))
    assert "ar.threat.ultimatum" in page.xpath("//h1")[0].text_content()
    assert 200 == client.get("/board.css").status_code


@pytest.mark.parametrize(
    "path", ["/", "/activity", "/held", "/export.csv", "/statements/x", "/rules/ar.threat.ultimatum"]
)
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_nothing_takes_anything(client, path, method):
    """No address answers to a method that changes things."""
    assert 405 == client.request(method, path).status_code


def test_nothing_that_is_served_writes(client, owned):
    """Every page and export leaves each row of each table as it was, and the board's connection refuses to write."""

    def rows():
        with Database(owned).reading() as connection:
            tables = ("statements", "sightings", "articles", "runs", "sources", "statement_events")
            return {name: sorted(map(str, connection.execute(text(f"SELECT * FROM {name}")))) for name in tables}

    before = rows()
    one = ids(shown(client.get("/")))[0]
    for path in ("/", "/?q=port", f"/statements/{one}", "/activity", "/held?said=2026-03-02&known=2026-03-09",
                 "/export.csv", "/export.jsonl", "/health"):  # fmt: skip
        assert 200 == client.get(path).status_code
    assert before == rows()


@pytest.mark.parametrize(
    "line",
    ["INSERT INTO runs SELECT * FROM runs", "UPDATE statements SET label = 'truce'", "DELETE FROM sightings",
     "CREATE TABLE mine (id int)", "DROP VIEW daily_counts"],
)  # fmt: skip
def test_the_connection_of_the_board_refuses_to_write(owned, readers_url, line):
    """Even with the owner's login, and even through a transaction that is meant for writing."""
    refused = "read-only|read only|may not be written|readonly"
    for login in (owned, readers_url):
        with closing(Warehouse(login, read_only=True)) as warehouse:
            for transaction in (warehouse.reading, warehouse.writing):
                with pytest.raises(WarehouseError, match=refused), transaction() as connection:
                    connection.execute(text(line))


def test_a_question_that_takes_too_long_is_given_up(readers_url, monkeypatch):
    """On both databases, with words that say what to do; the next question is answered."""
    endless = "WITH RECURSIVE c(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM c) SELECT count(*) FROM c"
    monkeypatch.setattr(database, "_ANSWER_SECONDS", 0.2)
    with closing(Warehouse(readers_url, read_only=True)) as warehouse:
        with pytest.raises(WarehouseUnavailableError, match="ask for less"), warehouse.reading() as connection:
            connection.execute(text(endless))
        warehouse.answers()


def test_more_questions_at_once_than_connections_are_told_to_wait(readers_url):
    """As of a server that is away: the page can be asked for again."""
    with pytest.raises(WarehouseUnavailableError, match="try again"), translated(parse_url(readers_url)):
        raise PoolTimeoutError


@pytest.mark.parametrize(
    ("sent", "status"),
    [(("analyst", "s3cret-word"), 200), (("anyone", "s3cret-word"), 200), (("analyst", "wrong"), 401),
     (("analyst", ""), 401), (None, 401)],
)  # fmt: skip
@pytest.mark.parametrize("path", ["/", "/activity", "/export.csv", "/rules/ar.threat.ultimatum", "/held"])
def test_a_password_is_asked_for_everywhere(readers_url, rulebook, path, sent, status):
    """Under any user name the password opens; health and style alone are open."""
    with closing(Warehouse(readers_url, read_only=True)) as warehouse:
        asked = TestClient(analysts_board(warehouse, rulebook, SecretStr("s3cret-word")))
        answer = asked.get(path, auth=sent)
        assert (status, status == 401) == (answer.status_code, "www-authenticate" in answer.headers)
        assert [200, 200] == [asked.get(open_to_all).status_code for open_to_all in ("/health", "/board.css")]


def test_without_a_password_another_name_of_this_machine_is_refused(client):
    """A page of the web that lets its own name lead here reads nothing."""
    hosts = ("attacker.example", "attacker.example:8081", "[::1", "127.0.0.1.attacker.example")
    assert [421] * 4 == [client.get("/", headers={"host": host}).status_code for host in hosts]
    assert [200] * 3 == [
        client.get("/", headers={"host": host}).status_code for host in ("localhost:1", "127.0.0.1", "[::1]:8081")
    ]


def test_pages_load_nothing_from_elsewhere_and_run_no_script(client):
    """The policy allows the board's own style and form, and the pages hold neither script nor inline style."""
    one = ids(shown(client.get("/")))[0]
    for path in ("/", "/activity", f"/statements/{one}", "/held"):
        answer = client.get(path)
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert "unsafe" not in answer.headers["content-security-policy"]
        page = html.fromstring(answer.text)
        assert [] == page.xpath("//script | //style | //@style | //@onclick | //img")
        assert ["board.css"] == [each.split("/")[-1] for each in page.xpath("//link/@href")]


@pytest.mark.parametrize(
    ("query", "accepted", "expected"),
    [("", "ar-EG,ar;q=0.9", ("ar", "rtl")), ("", "fr", ("en", "ltr")), ("lang=en", "ar", ("en", "ltr")),
     ("lang=ar", "en", ("ar", "rtl"))],
)  # fmt: skip
def test_the_language_is_that_of_the_address_or_of_the_browser(client, query, accepted, expected):
    """Arabic from right to left, English from left to right; the other is one link away, with the same filter."""
    page = shown(client.get(f"/?label=threat&{query}", headers={"accept-language": accepted}))
    (other,) = page.xpath("//nav/a[@hreflang]/@href")
    assert (*expected, True) == (page.get("lang"), page.get("dir"), "label=threat&lang=" in other)


def test_a_warehouse_that_is_away_is_told_with_its_remedy(tmp_path, rulebook):
    """A page says what is wrong; the health question answers that it is not well; nothing is made."""
    file = tmp_path / "no" / "warehouse.db"
    with closing(Warehouse(f"sqlite:///{file}", read_only=True)) as warehouse:
        client = TestClient(analysts_board(warehouse, rulebook, None), base_url="http://127.0.0.1")
        for path in ("/", "/activity", "/statements/a", "/export.csv", "/export.jsonl"):
            answer = client.get(f"{path}?lang=en")
            assert (503, True) == (answer.status_code, "warehouse.db" in answer.text)
        assert 503 == client.get("/health").status_code
    assert not file.parent.exists()


def test_a_server_that_is_away_is_told_with_its_remedy(rulebook):
    """PostgreSQL that does not answer: 503, and no password in the page."""
    url = "postgresql+psycopg://bayan_reader:hidden-word@127.0.0.1:1/bayan"
    with closing(Warehouse(url, read_only=True)) as warehouse:
        answer = TestClient(analysts_board(warehouse, rulebook, None), base_url="http://127.0.0.1").get("/?lang=en")
    assert (503, True, False) == (answer.status_code, "start the server" in answer.text, "hidden-word" in answer.text)
