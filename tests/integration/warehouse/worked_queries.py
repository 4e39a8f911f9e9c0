"""The page of worked queries: read, run on the sample newsroom, and written anew.

`python -m tests.integration.warehouse.worked_queries` writes the results into docs/queries.md after a change of rules.
"""

import re
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import select, text

from pipeline import bootstrap
from pipeline.adapters.warehouse.database import Database
from pipeline.adapters.warehouse.ingest_schema import metadata
from pipeline.embedded.neighbourhood import neighbourhood
from pipeline.jobs.analyse import AnalysePorts, analyse
from pipeline.quality import Pack
from pipeline.settings import PROJECT, Settings
from pipeline.statements import Engine
from tests.fakes.analysis import ToldGate

PAGE = PROJECT / "docs" / "queries.md"
_SECTION = re.compile(
    r"^## (?P<title>[^\n]+)\n(?P<why>(?:(?!\n## |```).)+?)\n```sql\n(?P<sql>.+?)\n```\n*(?P<result>[^#]*)", re.M | re.S
)


@dataclass(frozen=True)
class Worked:
    title: str
    sql: str
    result: str


def worked(page: str) -> list[Worked]:
    """The sections of the page."""
    return [Worked(it["title"], it["sql"], it["result"].strip()) for it in _SECTION.finditer(page)]


def fill_from_newsroom(url: str, var: Path) -> None:
    """Collect the sample newsroom and let the rules read it; every row passes."""
    settings = Settings(var=var, warehouse_url=url)
    with neighbourhood(settings) as local:
        bootstrap.prepare_warehouse(local)
        for source_id in bootstrap.source_ids(local):
            bootstrap.run_collect(local, source_id, run_id=f"collect/{source_id}")
        rules = bootstrap.rulebook(local)
        with closing(bootstrap.open_warehouse(local)) as store:
            pack = Pack(groups=rules.registry.groups.keys())
            ports = AnalysePorts(classifier=Engine(rules), gate=ToldGate(), store=store, runs=store, pack=pack)
            analyse(ports=ports, run_id="analyse", now=datetime.now(UTC))


def copy_rows(source: str, target: str) -> None:
    """Put every row of one warehouse into another, empty one."""
    with (
        closing(Database(source)) as old,
        closing(Database(target)) as new,
        old.reading() as reading,
        new.writing() as writing,
    ):
        for table in metadata.sorted_tables:
            if rows := [dict(row) for row in reading.execute(select(table)).mappings()]:
                writing.execute(table.insert(), rows)


def results(url: str, queries: list[Worked]) -> Iterator[str]:
    """Each query's result as the page shows it."""
    with closing(Database(url)) as database, database.reading() as connection:
        for each in queries:
            answer = connection.execute(text(each.sql))
            yield _table(list(answer.keys()), [tuple(row) for row in answer])


def _table(names: list[str], rows: list[tuple]) -> str:
    if not rows:
        return "No rows."
    lines = [" | ".join(names), "|".join("---" for _ in names), *(" | ".join(map(_shown, row)) for row in rows)]
    return "\n".join(f"| {line} |" if "---" not in line else f"|{line}|" for line in lines)


def _shown(value: object) -> str:
    if value is None:
        return "—"
    if isinstance(value, bool):
        return str(int(value))
    return " ".join(str(value).split()).replace("|", "¦")


def rewrite() -> None:
    """Put today's results into the page."""
    page = PAGE.read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/warehouse.db"
        fill_from_newsroom(url, Path(folder))
        found = iter(list(results(url, worked(page))))

    def section(it: re.Match[str]) -> str:
        return f"## {it['title']}\n{it['why']}\n```sql\n{it['sql']}\n```\n\n{next(found)}\n\n"

    PAGE.write_text(_SECTION.sub(section, page).rstrip() + "\n", encoding="utf-8")


if __name__ == "__main__":
    rewrite()
