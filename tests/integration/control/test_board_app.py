"""The page's addresses over a real warehouse, with an invented login: who gets what, and what leaves the house."""

from contextlib import closing

import pytest
from fastapi import HTTPException
from fastapi.testclient import TestClient
from lxml import html
from pydantic import SecretStr

from pipeline import bootstrap
from pipeline.control.app import Access, board
from pipeline.records import AnalysedBatch
from pipeline.settings import Settings
from tests.fakes.press import BODY, DAILY, NOON, article, page, statement

TOKEN = "prometheus-shows-this"


async def _check(request) -> None:
    if request.headers.get("x-user") is None:
        raise HTTPException(401)


async def _may_act(request) -> bool:
    return request.headers.get("x-user") == "operator"


@pytest.fixture
def settings(tmp_path):
    """A house with an empty warehouse, one document, and a secret beside its folder."""
    settings = Settings(var=tmp_path, metrics_token=SecretStr(TOKEN))
    bootstrap.prepare_warehouse(settings)
    settings.data_docs.mkdir()
    (settings.data_docs / "index.html").write_text("<title>Data Docs</title>")
    (tmp_path / "data_docs_secret").write_text("hidden")
    return settings


@pytest.fixture
def client(settings):
    return TestClient(board(Access(check=_check, may_act=_may_act), lambda: settings))


LOGGED_IN = {"x-user": "analyst"}


@pytest.mark.parametrize("path", ["/", "/metrics", "/docs/index.html"])
def test_without_a_login_there_is_nothing(client, path):
    """Neither page nor figure nor document."""
    answer = client.get(path)
    assert (401, False) == (answer.status_code, "bayan_" in answer.text)


@pytest.mark.parametrize(
    ("shown", "status"),
    [(f"Bearer {TOKEN}", 200), ("Bearer wrong", 401), (TOKEN, 401), ("", 401), ("Bearer None", 401)],
)
def test_prometheus_needs_its_token(client, shown, status):
    """The token opens the figures, and nothing else."""
    assert status == client.get("/metrics", headers={"authorization": shown}).status_code
    assert 401 == client.get("/", headers={"authorization": shown}).status_code


def test_without_a_token_in_the_settings_none_opens(settings):
    """An unset token is no empty password."""
    bare = settings.model_copy(update={"metrics_token": None})
    client = TestClient(board(Access(check=_check, may_act=_may_act), lambda: bare))
    assert [401, 401] == [
        client.get("/metrics", headers={"authorization": shown}).status_code for shown in ("Bearer ", "Bearer None")
    ]


def test_data_docs_leave_nothing_out_of_their_folder(client, tmp_path):
    """Neither dots nor a link lead out; what is not there is not found."""
    (tmp_path / "data_docs" / "link.html").symlink_to(tmp_path / "data_docs_secret")
    assert 200 == client.get("/docs/index.html", headers=LOGGED_IN).status_code
    paths = ("..%2fdata_docs_secret", "%2e%2e/data_docs_secret", "link.html", "missing.html", "..%2f..%2fetc%2fpasswd")
    assert [404] * len(paths) == [client.get(f"/docs/{path}", headers=LOGGED_IN).status_code for path in paths]


def test_the_page_may_load_and_send_to_its_own_house_alone(client):
    """No script or style from elsewhere runs in it, and it cannot be framed by others."""
    answer = client.get("/", headers=LOGGED_IN)
    policy = answer.headers["content-security-policy"]
    assert (200, "no-store") == (answer.status_code, answer.headers["cache-control"])
    assert [] == [part for part in ("default-src 'none'", "frame-ancestors 'self'") if part not in policy]
    assert "unsafe" not in policy


def test_a_warehouse_that_cannot_be_read_is_told_in_one_line(client, settings):
    """An operator sees what is wrong instead of an empty page."""
    (settings.var / "warehouse.db").write_bytes(b"no database at all, but something that somebody wrote" * 90)
    answer = client.get("/", headers=LOGGED_IN)
    assert (503, True, 1) == (answer.status_code, "warehouse.db" in answer.text, len(answer.text.splitlines()))
    assert 503 == client.get("/metrics", headers=LOGGED_IN).status_code


@pytest.fixture
def told(settings):
    """The id of a statement in the warehouse."""
    of = article()
    with closing(bootstrap.open_warehouse(settings)) as warehouse:
        warehouse.start_run("run-1", job="analyse", now=NOON)
        warehouse.save_sources([DAILY], now=NOON)
        warehouse.save_page(page(of), run_id="run-1", now=NOON)
        found = statement(of, rules=("ar.threat.ultimatum",))
        batch = AnalysedBatch(analysed=[(of, [found])], held=[], verdicts=[], ruleset="r")
        warehouse.load(batch, run_id="run-1", now=NOON)
    return found.statement_id


def test_a_link_of_an_alert_shows_its_statement_first(client, settings, told):
    """The board's address in a mail leads to the statement, and from there to the page of its rule."""
    bootstrap_links = bootstrap.links(settings.model_copy(update={"ui_url": "http://testserver/"}))
    address = bootstrap_links.to_statement(told).replace("http://testserver/bayan/", "/")
    shown = html.fromstring(client.get(address, headers=LOGGED_IN).text)
    (first, *_) = shown.xpath("//section")
    assert first.xpath(".//blockquote")[0].text_content() == BODY[28:88]
    (rule,) = first.xpath(".//a[starts-with(@href, 'rules/')]/@href")
    assert bootstrap_links.to_rule("ar.threat.ultimatum") == f"http://testserver/bayan/{rule}"
    assert client.get(f"/{rule}", headers=LOGGED_IN).status_code == 200


def test_a_statement_that_is_not_there_is_said_to_be_missing(client, told):
    """A link of an old mail into a new warehouse is answered in words."""
    shown = client.get("/?statement=<script>", headers=LOGGED_IN)
    assert (shown.status_code, "The warehouse has no such statement." in shown.text) == (200, True)
    assert "<script>" not in shown.text.replace("<script src", "")


def test_a_rule_has_a_page_with_its_samples(client):
    """What it finds and what it leaves, as written; unknown ids are not found, and nothing is shown without a login."""
    answer = client.get("/rules/ar.threat.ultimatum", headers=LOGGED_IN)
    shown = html.fromstring(answer.text)
    assert "ar.threat.ultimatum" in shown.xpath("//h1")[0].text_content()
    assert len(shown.xpath("//section[1]/blockquote")) >= 3
    assert len(shown.xpath("//section[2]/blockquote")) >= 3
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    statuses = [client.get(f"/rules/{it}", headers=LOGGED_IN).status_code for it in ("no-such", "..%2f..%2fREADME.md")]
    assert [404, 404, 401] == [*statuses, client.get("/rules/ar.threat.ultimatum").status_code]
