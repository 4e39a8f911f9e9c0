# The two commands are `make run` and `make test`; everything they need is set up on the way.
SHELL := /bin/bash
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

PYTHON ?= python3
UV_VERSION := 0.13.9
BIN := .venv/bin
STAMP := .venv/.locked
RIVALS := .venv-bench/.locked
SEARCHER := .fuzz/.locked

# Some machines switch bytecode off, and then every Airflow process would compile the same files again.
unexport PYTHONDONTWRITEBYTECODE
export UV_NO_PROGRESS := 1

.PHONY: help setup run test bench faults fuzz check format lock clean

help:  ## what can be made
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /\1\t/' | expand -t 10

setup: $(STAMP)  ## the environment alone, in .venv, from the lock

$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("setup: Python 3.11 or later is needed, this is %d.%d: make PYTHON=python3.12 %s" % (*sys.version_info[:2], "setup")) if sys.version_info < (3, 11) else None'
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv || { echo "setup: could not make .venv; on Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }
	@$(BIN)/uv --version 2>/dev/null | grep -qF " $(UV_VERSION)" || $(BIN)/python -m pip install --quiet uv==$(UV_VERSION)
	@$(BIN)/uv pip sync --quiet --compile-bytecode --python $(BIN)/python requirements.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $@

lock:  ## resolve the dependencies of pyproject.toml again
	$(BIN)/uv pip compile --universal --generate-hashes --no-header --no-annotate --extra dev pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile --universal --generate-hashes --no-header --no-annotate bench/requirements.in -o bench/requirements.lock
	$(BIN)/uv pip compile --universal --generate-hashes --no-header --no-annotate fuzz/requirements.in -o fuzz/requirements.lock

run: setup  ## the whole product on this machine: ONCE=1 stops after one pass, SOURCES=… reads others, PORT=… moves the UI
	@$(if $(PORT),export BAYAN_AIRFLOW_PORT=$(PORT);) exec $(BIN)/bayan up --with-parent \
		$(if $(SOURCES),--sources "$(SOURCES)") $(if $(filter-out 0,$(ONCE)),--once)

test: setup  ## all tests
	$(BIN)/pytest

bench: setup $(if $(filter-out engine,$(ONLY)),,$(RIVALS))  ## measure side by side: ONLY=engine measures one part; bench/out/results.json keeps the figures
	$(BIN)/python -m bench $(ONLY)

# spaCy, against which the matcher is measured, has an environment of its own: nothing of it is needed to run.
$(RIVALS): bench/requirements.lock | $(STAMP)
	@$(BIN)/uv venv --quiet --allow-existing --python $(BIN)/python .venv-bench
	@$(BIN)/uv pip sync --quiet --compile-bytecode --python .venv-bench/bin/python bench/requirements.lock
	@touch $@

faults: setup  ## kill, starve and disconnect the parts, print what was tried and what was lost: ONLY=collecting does one part
	$(BIN)/python -m faults $(ONLY)

fuzz: $(SEARCHER)  ## search readers of feeds, pages and dates for bytes that break them: ONLY=page, SECONDS_EACH=600
	PYTHONPATH=.fuzz $(BIN)/python -m fuzz $(ONLY) $(SECONDS_EACH)

# atheris has wheels for some machines only, so it stands beside the environment: nobody else needs it.
$(SEARCHER): fuzz/requirements.lock | $(STAMP)
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --target .fuzz --only-binary :all: --require-hashes -r fuzz/requirements.lock \
		|| { echo "fuzz: atheris has no wheel for this machine; make test damages the seeds with hypothesis all the same" >&2; exit 1; }
	@touch $@

check: setup  ## lint, formatting, types, layers
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

format: setup  ## put the code into shape
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

clean:  ## remove what can be made again: environments and caches; never var/, which holds warehouse and evidence
	rm -rf .venv .venv-bench .fuzz .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
