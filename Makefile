# The two commands are `make run` and `make test`; everything they need is set up on the way.
SHELL := /bin/bash
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

PYTHON ?= python3
UV_VERSION := 0.13.9
BIN := .venv/bin
STAMP := .venv/.locked

# Some machines switch bytecode off, and then every Airflow process would compile the same files again.
unexport PYTHONDONTWRITEBYTECODE
export UV_NO_PROGRESS := 1

.PHONY: help setup run test check format lock clean

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
