"""What analysts are told: the worked queries give the results of the page, and the dictionary tells every column."""

import pytest

from pipeline.adapters.warehouse.dictionary import VIEWS, dictionary_page
from pipeline.adapters.warehouse.ingest_schema import metadata
from pipeline.settings import PROJECT
from tests.integration.warehouse.worked_queries import PAGE, copy_rows, fill_from_newsroom, results, worked

QUERIES = worked(PAGE.read_text(encoding="utf-8"))
AGAIN = "python -m tests.integration.warehouse.worked_queries"


@pytest.fixture(scope="module")
def newsroom(tmp_path_factory) -> str:
    """URL of a warehouse that holds the sample newsroom."""
    folder = tmp_path_factory.mktemp("newsroom")
    url = f"sqlite:///{folder / 'warehouse.db'}"
    fill_from_newsroom(url, folder)
    return url


def test_every_worked_query_gives_the_result_of_the_page(newsroom, url):
    """On SQLite and PostgreSQL the same; after a change of rules the page is written anew."""
    copy_rows(newsroom, url)
    told = {it.title: it.result for it in QUERIES}
    found = dict(zip(told, results(url, QUERIES), strict=True))
    assert len(QUERIES) == PAGE.read_text(encoding="utf-8").count("```sql") >= 15
    assert told == found, f"write the page anew: {AGAIN}"


def test_every_view_is_worked_through():
    """No view is documented without a query that shows its use."""
    assert [] == [view for view in VIEWS if not any(view in it.sql for it in QUERIES)]


def test_every_table_and_column_has_a_meaning():
    """Nothing in the schema is left for analysts to guess."""
    tables = metadata.tables.values()
    assert [] == [table.name for table in tables if not table.comment]
    assert [] == [str(column) for table in tables for column in table.columns if not column.comment]


def test_the_dictionary_is_that_of_the_schema():
    """The page is made by the command and not by hand."""
    page = (PROJECT / "docs" / "data-dictionary.md").read_text(encoding="utf-8")
    assert dictionary_page() == page, "write it anew: bayan warehouse dictionary > docs/data-dictionary.md"
