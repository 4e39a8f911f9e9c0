"""The quality gate: Great Expectations over rows in memory, with its Data Docs for people.

Great Expectations takes seconds to import, so it is imported when there is something to judge and not before. What is
expected is data (schemas/expectations); what a verdict leads to stands in `pipeline.quality`.
"""

from __future__ import annotations

import fcntl
import html
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from pipeline.adapters.great_expectations_lean import great_expectations
from pipeline.errors import GateError
from pipeline.quality.characters import escaped
from pipeline.records import Verdict

_PAGES = 40
"""Results of one suite that Data Docs keep; all of them stand in `quality_results` for good."""


class ExpectationFile(BaseModel):
    """One expectation in a suite file.

    Attributes:
        id: readable, unique in the suite, stable: the reason in `quarantine`.
        type: Great Expectations' name of it.
        description: what must hold, for people.
        kwargs: its arguments.
        scope: `row` holds the rows that break it, `batch` the whole batch.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(pattern=r"^[a-z0-9-]+$")
    type: str
    description: str
    kwargs: dict[str, Any]
    scope: Literal["row", "batch"] = "row"


class SuiteFile(BaseModel):
    """A suite file of schemas/expectations."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    expectations: list[ExpectationFile] = Field(min_length=1)


class Founded(BaseModel):
    """When a group began, in founded.json.

    Attributes:
        year: the earliest that is told, predecessors under another name included; nothing it said is older.
        told: what the accounts say, where they differ, and what nobody looked up.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    year: int = Field(ge=1900)
    told: str = Field(min_length=1)


class ExpectationsGate:
    """The port `Gate`.

    Args:
        suites: the folder of suite files, `<suite>.json`.
        data_docs: where the pages are written; `index.html` is the way in.
    """

    def __init__(self, *, suites: Path, data_docs: Path) -> None:
        self._suites = suites
        self._data_docs = data_docs
        self._context: Any = None
        self._definitions: dict[str, Any] = {}

    def judge(self, suite: str, rows: Sequence[Mapping[str, object]]) -> tuple[Verdict, ...]:
        """One verdict per expectation of the suite, in its order; none when there are no rows.

        Raises:
            GateError: the suite cannot be read or applied, or its result cannot be kept for the pages.
        """
        if not rows:
            return ()
        expected = read_suite(self._suites / f"{suite}.json").expectations
        try:
            results = self._validate(suite, expected, rows)
        except Exception as error:  # whatever breaks in there, nothing may be loaded and the operator must be told
            raise GateError(f"suite {suite}: the gate broke: {type(error).__name__}: {_one_line(error)}") from error
        return tuple(_verdict(suite, one, results[one.id], len(rows)) for one in expected)

    def publish(self) -> None:
        """Write the pages of what was judged since they were last written, by whichever process: one for each result
        that something broke, and for each suite's newest.

        Raises:
            GateError: they cannot be written; `quality_results` has every verdict all the same.
        """
        if self._context is None:
            return
        try:
            with _locked(self._data_docs):
                self._write_pages()
        except Exception as error:  # whatever breaks in there, the operator must be told
            what = f"{type(error).__name__}: {_one_line(error)}"
            remedy = "free space or give write permission; the verdicts stand in quality_results"
            raise GateError(f"{self._data_docs}: Data Docs cannot be written ({what}); {remedy}") from error

    def _validate(
        self, suite: str, expected: Sequence[ExpectationFile], rows: Sequence[Mapping[str, object]]
    ) -> dict[str, Any]:
        import pandas as pd

        frame = pd.DataFrame([{name: _harmless(value) for name, value in row.items()} for row in rows], dtype=object)
        with _locked(self._data_docs):
            definition = self._definitions.get(suite) or self._define(suite, expected)
            result = definition.run(
                batch_parameters={"dataframe": frame},
                result_format={"result_format": "COMPLETE", "unexpected_index_column_names": ["row_key"]},
            )
        return {one.expectation_config.meta["id"]: one for one in result.results}

    def _define(self, suite: str, expected: Sequence[ExpectationFile]) -> Any:
        gx = great_expectations()
        from great_expectations.expectations.expectation_configuration import ExpectationConfiguration

        context = self._opened()
        made = gx.ExpectationSuite(name=suite)
        for one in expected:
            made.add_expectation_configuration(
                ExpectationConfiguration(
                    type=one.type, kwargs=one.kwargs, meta={"id": one.id}, description=one.description
                )
            )
        asset = context.data_sources.add_pandas(suite).add_dataframe_asset("rows")
        definition = gx.ValidationDefinition(
            name=suite, data=asset.add_batch_definition_whole_dataframe("batch"), suite=context.suites.add(made)
        )
        self._definitions[suite] = context.validation_definitions.add(definition)
        return self._definitions[suite]

    def _opened(self) -> Any:
        if self._context is None:
            gx = great_expectations()
            self._context = gx.get_context(mode="ephemeral", project_config=_configuration(self._data_docs))
        return self._context

    def _write_pages(self) -> None:
        from great_expectations.data_context.types.resource_identifiers import ExpectationSuiteIdentifier

        wanted = {path for suite in self._definitions for path in _to_show(self._data_docs, suite)}
        store = self._context.validation_results_store
        results = {self._data_docs / "results" / f"{'/'.join(key.to_tuple())}.json": key for key in store.list_keys()}
        shown = [ExpectationSuiteIdentifier(suite) for suite in self._definitions]
        shown += [key for path, key in results.items() if path in wanted]
        self._context.build_data_docs(resource_identifiers=shown)
        # What fails in there is logged and passed over.
        for path in wanted:
            _page_of(self._data_docs, path).stat()


def read_suite(path: Path) -> SuiteFile:
    """A suite file, checked.

    Raises:
        GateError: missing, or not a suite.
    """
    try:
        return SuiteFile.model_validate_json(path.read_bytes())
    except OSError as error:
        raise GateError(f"{path}: cannot be read: {error.strerror}; restore it from the repository") from error
    except ValidationError as error:
        wrong = "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors())
        raise GateError(f"{path}: is no suite of expectations: {wrong}") from error


def read_founded(suites: Path) -> dict[str, int]:
    """By group id, the year before which it did not exist: founded.json beside the suites.

    Accounts of such years differ: each is the earliest that is told anywhere, predecessors under another name
    included. A year too late would hold back what is true; one too early lets a misread date of that year pass.

    Raises:
        GateError: missing, or a group without its year.
    """
    path = suites / "founded.json"
    try:
        groups = TypeAdapter(dict[str, Founded]).validate_json(path.read_bytes())
    except OSError as error:
        raise GateError(f"{path}: cannot be read: {error.strerror}; restore it from the repository") from error
    except ValidationError as error:
        wrong = error.errors()[0]
        where = ".".join(map(str, wrong["loc"]))
        raise GateError(f"{path}: {where}: must give year and told by group id: {wrong['msg']}") from error
    return {group: founded.year for group, founded in groups.items()}


def _verdict(suite: str, one: ExpectationFile, result: Any, rows: int) -> Verdict:
    if not result.success and (raised := _raised(result.exception_info)):
        raise GateError(f"suite {suite}, expectation {one.id}: cannot be judged: {raised}")
    failed = {} if result.success or one.scope == "batch" else _failed_rows(one, result.result)
    if not result.success and one.scope == "row" and not failed:
        raise GateError(f"suite {suite}, expectation {one.id}: names no rows; give it the scope batch")
    observed = result.result.get("observed_value")
    return Verdict(
        suite=suite,
        expectation=one.id,
        passed=bool(result.success),
        row_level=one.scope == "row",
        rows=rows,
        failed_rows=failed,
        observed=None if observed is None else f"{one.description} Found: {_shown(observed)}.",
    )


def _failed_rows(one: ExpectationFile, result: Mapping[str, Any]) -> dict[str, str]:
    """By row key, the sentence that the quarantine shows."""
    failed = {}
    for row in result.get("unexpected_index_list") or ():
        values = ", ".join(f"{name} {_shown(value)}" for name, value in row.items() if name != "row_key")
        failed[str(row["row_key"])] = f"{one.description} Found: {values}."
    return failed


def _shown(value: Any) -> str:
    """A value as people read it; Great Expectations hands numpy's scalars over."""
    plain = value.item() if hasattr(value, "item") else value
    return "nothing" if plain is None else html.unescape(str(plain))


def _one_line(value: object) -> str:
    return " ".join(str(value).split())


def _harmless(value: object) -> object:
    """Text from the web as Data Docs can show it: they put values into their pages as they are."""
    return html.escape(escaped(value)) if isinstance(value, str) else value


def _raised(info: Mapping[str, Any]) -> str | None:
    """The message of what an expectation raised: flat, or one a metric."""
    raised = [info] if "raised_exception" in info else list(info.values())
    return next((_one_line(one["exception_message"]) for one in raised if one.get("raised_exception")), None)


def _configuration(data_docs: Path) -> Any:
    from great_expectations.data_context.types.base import (
        DataContextConfig,
        InMemoryStoreBackendDefaults,
        ProgressBarsConfig,
    )

    def folder(path: Path) -> dict[str, str]:
        return {"class_name": "TupleFilesystemStoreBackend", "base_directory": str(path.absolute())}

    stores = InMemoryStoreBackendDefaults()
    stores.stores["validation_results_store"]["store_backend"] = folder(data_docs / "results")
    stores.data_docs_sites = {
        "data_docs": {
            "class_name": "SiteBuilder",
            "show_how_to_buttons": False,
            "store_backend": folder(data_docs),
            "site_index_builder": {"class_name": "DefaultSiteIndexBuilder"},
        }
    }
    return DataContextConfig(
        store_backend_defaults=stores, analytics_enabled=False, progress_bars=ProgressBarsConfig(globally=False)
    )


@contextmanager
def _locked(data_docs: Path) -> Iterator[None]:
    """One process at a time writes pages, and finds no result that a killed one left half-written."""
    data_docs.mkdir(parents=True, exist_ok=True)
    with (data_docs / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for path in (data_docs / "results").rglob("*.json"):
            if not path.read_bytes().rstrip().endswith(b"}"):
                path.unlink()
        yield


def _to_show(data_docs: Path, suite: str) -> list[Path]:
    """The results of a suite that have no page yet and shall have one.

    The others are removed, and the oldest with their pages, so that publishing does not become slower and slower.
    """
    written = sorted((data_docs / "results" / suite).rglob("*.json"), key=lambda path: path.parent.name)
    pages = {path: _page_of(data_docs, path) for path in written}
    news = [path for path in written if not pages[path].exists()]
    shown = {path for path in news if path == written[-1] or not json.loads(path.read_bytes())["success"]}
    kept = [path for path in written if path in shown or path not in news][-_PAGES:]
    for path in set(written).difference(kept):
        pages[path].unlink(missing_ok=True)
        path.unlink()
    return [path for path in kept if path in shown]


def _page_of(data_docs: Path, result: Path) -> Path:
    return (data_docs / "validations" / result.relative_to(data_docs / "results")).with_suffix(".html")
