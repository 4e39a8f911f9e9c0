"""A warehouse of each kind with some statements in it, and the board over it as analysts have it."""

import itertools
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date, timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import create_engine, make_url, text

from pipeline import bootstrap
from pipeline.adapters.warehouse import Warehouse, migrate
from pipeline.board.app import analysts_board
from pipeline.matching import Rulebook
from pipeline.records import AnalysedBatch, Cue, Source
from pipeline.settings import Settings
from tests.fakes.press import CLAIM, DAILY, NOON, THREAT, article, page, statement
from tests.integration.warehouse.conftest import postgresql  # noqa: F401  (a fixture)

ARABIC = "أعلنت كتائب المرفأ يوم الخميس أنها ستقصف الميناء إذا استمر الحصار."
READER = "board_reader"
_NUMBERS = itertools.count()
WIRE = Source(source_id="wire", kind="feed", url="https://wire.example/feed.xml", name="The Wire", language="ar")


@pytest.fixture(scope="session")
def rulebook():
    return bootstrap.rulebook(Settings())


def fill(warehouse: Warehouse) -> None:
    """Six articles: a threat on each of three days, one of them carried twice, one without a day; an Arabic one."""
    warehouse.start_run("run-1", job="analyse", now=NOON)
    warehouse.save_sources([DAILY, WIRE], now=NOON)
    analysed = []
    for number in range(1, 5):
        of = article(number, outlet=f"Outlet {number % 3}")
        said_on = None if number == 4 else date(2026, 3, number)
        dated = {"said_on": said_on, **({} if said_on else {"said_on_precision": None, "said_on_basis": None})}
        cues = (Cue(start=28, end=33, role="trigger"), Cue(start=4, end=19, role="group"))
        analysed.append((of, [statement(of, THREAT, **dated, cues=cues), statement(of, CLAIM, label="admission")]))
    of = article(5, body=ARABIC, language="ar", outlet="الوكالة")
    condition = "إذا استمر الحصار"
    told = statement(of, (0, len(ARABIC)), condition=condition, channel="telegram", group="kataib-hezbollah")
    analysed.append((of, [told]))
    again = article(6, body=ARABIC.replace("يوم الخميس ", ""), language="ar", outlet="الصحيفة")
    analysed.append((again, [statement(again, (0, len(again.body)), channel="telegram", group="kataib-hezbollah")]))
    for number, (of, _) in enumerate(analysed, 1):
        warehouse.save_page(page(of, number), run_id="run-1", now=NOON + timedelta(minutes=number))
    batch = AnalysedBatch(analysed=analysed, held=[], verdicts=[], ruleset="rules-1")
    warehouse.load(batch, run_id="run-1", now=NOON + timedelta(hours=1))


@contextmanager
def owned_warehouse(kind: str, folder: Path, server: str) -> Iterator[str]:
    """URL of a new, filled warehouse of a kind, for its owner."""
    if kind == "sqlite":
        address = f"sqlite:///{folder / 'warehouse.db'}"
    else:
        name = f"board_{next(_NUMBERS)}"
        psql(server, f"CREATE DATABASE {name}")
        address = make_url(server).set(database=name).render_as_string(hide_password=False)
    migrate(address)
    with closing(Warehouse(address)) as warehouse:
        fill(warehouse)
    yield address
    if kind != "sqlite":
        psql(server, f"DROP DATABASE {name} WITH (FORCE)")


def psql(url: str, line: str) -> None:
    """Do one thing as the owner of a PostgreSQL database."""
    engine = create_engine(make_url(url).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(line))
    engine.dispose()


def url_of_reader(owned: str) -> str:
    """URL as analysts get it: on PostgreSQL that of a login which is the read-only role and nothing else."""
    if owned.startswith("sqlite"):
        return owned
    with closing(Warehouse(owned)) as warehouse:
        warehouse.make_reader(READER)
    psql(owned, f"ALTER ROLE {READER} LOGIN")
    return make_url(owned).set(username=READER).render_as_string(hide_password=False)


@contextmanager
def board_over(url: str, rulebook: Rulebook) -> Iterator[TestClient]:
    """The board without a password, asked on this machine."""
    with closing(Warehouse(url, read_only=True)) as warehouse:
        yield TestClient(analysts_board(warehouse, rulebook, None), base_url="http://127.0.0.1")


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def owned(request, tmp_path_factory) -> Iterator[str]:
    """URL of a filled warehouse that tests leave as it is, for its owner."""
    server = request.getfixturevalue("postgresql") if request.param == "postgresql" else ""
    with owned_warehouse(request.param, tmp_path_factory.mktemp("board"), server) as url:
        yield url


@pytest.fixture(scope="module")
def readers_url(owned) -> str:
    """The same, as analysts get it."""
    return url_of_reader(owned)


@pytest.fixture
def client(readers_url, rulebook) -> Iterator[TestClient]:
    """The board over it."""
    with board_over(readers_url, rulebook) as it:
        yield it
