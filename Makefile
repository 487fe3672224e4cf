# The two commands are `make run` and `make test`; `make help` lists the rest.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: help run test check test-fast bench faults clean

help: ## what there is to make
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

run: $(VENV)/.runtime ## set up and serve the demonstration on 127.0.0.1:$${PORT:-8000}
	@$(BIN)/python manage.py start_demo

test: $(VENV)/.development ## run every check and test, on SQLite and PostgreSQL
	@$(BIN)/python tests/run.py

test-fast: $(VENV)/.development ## the tests without a browser, on SQLite
	@$(BIN)/python -m pytest -m "not e2e" -q

check: $(VENV)/.development ## linters, types, layers, migrations, deployment check
	@$(BIN)/python tests/check.py

bench: $(VENV)/.development ## how fast it is, against a floor measured in the same run (needs PostgreSQL)
	@$(BIN)/python -m tests.bench $(ARGS)

faults: $(VENV)/.development ## 200 starts in one second; servers killed while students save (needs PostgreSQL)
	@$(BIN)/python -m tests.faults.mass_start; started=$$?; \
	$(BIN)/python -m tests.faults.kill_while_saving && exit $$started

clean: ## forget the local database, files and environment
	rm -rf $(VENV) .local

$(VENV)/bin/python:
	@echo "Making the environment …"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || (echo "Python 3.11 or newer is needed." && false)
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/pip install -q --disable-pip-version-check uv || echo "uv is not to be had; pip does it, more slowly."

$(VENV)/.runtime: requirements.txt | $(VENV)/bin/python
	@echo "Installing what the platform needs …"
	@if [ -x $(BIN)/uv ]; then $(BIN)/uv pip install -q --python $(BIN)/python -r requirements.txt; \
	else $(BIN)/pip install -q --disable-pip-version-check -r requirements.txt; fi
	@touch $@

$(VENV)/.development: requirements-dev.txt $(VENV)/.runtime
	@echo "Installing what the tests need …"
	@if [ -x $(BIN)/uv ]; then $(BIN)/uv pip install -q --python $(BIN)/python -r requirements-dev.txt; \
	else $(BIN)/pip install -q --disable-pip-version-check -r requirements-dev.txt; fi
	@touch $@
