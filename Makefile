# Two commands to begin with: `make demo` and `make test`. `make help` lists the rest.
SHELL := /bin/sh
VENV := .venv
BIN := $(VENV)/bin
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3; do command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)

.DEFAULT_GOAL := help
.PHONY: help demo test check format types licences lock bench docs clean

help: ## list what can be made
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

demo: $(VENV)/.installed ## play the story of one purchase; stays open for a look around (ONCE=1 ends by itself)
	@$(BIN)/postroom demo $(if $(ONCE),--once)

test: $(VENV)/.installed-dev ## install what is missing and run the tests
	@PYTEST_ADDOPTS="-n logical --maxprocesses 4 --dist worksteal $$PYTEST_ADDOPTS" $(BIN)/python -m pytest

check: $(VENV)/.installed-dev ## format, lint, types, import contract, licences
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python docs/generate.py --check
	@$(MAKE) --no-print-directory licences

format: $(VENV)/.installed-dev ## put the code into its form
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

licences: $(VENV)/.installed-dev ## refuse dependencies under licences that we cannot pass on
	@$(BIN)/pip-licenses --ignore-packages postroom --format=csv >$(VENV)/licences.csv
	@! grep -iE 'affero|([^l]|^)gpl|general public' $(VENV)/licences.csv | grep -viE 'lgpl|lesser' || { echo "These may not be passed on with an MIT licence." >&2; exit 1; }
	@echo "licences: no GPL, no AGPL"

bench: $(VENV)/.installed-dev ## every benchmark as a ratio in one run; the last line is one JSON object
	@$(BIN)/python -m bench

docs: $(VENV)/.installed-dev ## write the tables and diagrams that follow from the workflows
	@$(BIN)/python docs/generate.py

lock: $(VENV)/.uv ## pin every dependency with its hashes
	@$(BIN)/uv pip compile -q --universal --generate-hashes --no-header --python-version 3.11 pyproject.toml -o requirements.lock
	@$(BIN)/uv pip compile -q --universal --generate-hashes --no-header --python-version 3.11 pyproject.toml --group dev -o requirements-dev.lock

clean: ## remove what was installed and made here
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis

$(VENV)/.uv:
	@test -n "$(PYTHON)" || { echo "Postroom needs Python 3.11 or newer, and no such python3 was found." >&2; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { echo "Python's venv module is missing. On Debian or Ubuntu: apt-get install python3-venv" >&2; exit 1; }
	@echo "Installing into $(VENV) (once; about a minute)..."
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install -q --disable-pip-version-check 'uv>=0.8'
	@touch $@

$(VENV)/.installed: requirements.lock pyproject.toml | $(VENV)/.uv
	@$(BIN)/uv pip install -q --python $(BIN)/python --require-hashes -r requirements.lock
	@$(BIN)/uv pip install -q --python $(BIN)/python --no-deps -e .
	@touch $@

$(VENV)/.installed-dev: requirements-dev.lock $(VENV)/.installed
	@$(BIN)/uv pip install -q --python $(BIN)/python --require-hashes -r requirements-dev.lock
	@touch $@
