# Everything runs in .venv, which is made on first use. Needs Python 3.11 or newer and make.
PYTHON ?= $(shell command -v python3.13 || command -v python3.12 || command -v python3.11 || command -v python3)
BIN := .venv/bin
DATA ?= $(if $(MOTIVO_DATA),$(MOTIVO_DATA),../shared/data)

.DEFAULT_GOAL := help
.PHONY: help demo test lint types unit bench lock docs clean

help: ## Show what can be made
	@awk -F':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: .venv/run ## Generate a company with planted causes of complaints, and find them
	@$(BIN)/motivo demo --dir demo

test: lint types unit ## Run all checks and tests

lint: .venv/dev ## Check style and the direction of imports
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports

types: .venv/dev ## Check types
	@$(BIN)/mypy

unit: .venv/dev ## Run the tests
	@MOTIVO_DATA="$(abspath $(DATA))" $(BIN)/pytest -n 2 --dist worksteal -rs

bench: .venv/run ## Run the benchmarks at small sizes (each says how to run it large)
	@for name in writing reading rootcauses text demo; do \
		echo "== $$name"; MOTIVO_DATA="$(abspath $(DATA))" $(BIN)/python benchmarks/$$name.py || exit 1; done

docs: .venv/run ## Write the generated pages of docs/ again
	@$(BIN)/python -m schema.docs > docs/vocabulary.md

lock: .venv/dev ## Lock the dependencies again, with hashes and without addresses
	@$(BIN)/pip install --quiet uv
	@$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header \
		--python-version 3.11 --extra build pyproject.toml -o requirements.lock
	@$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header \
		--python-version 3.11 --extra build --extra dev -c requirements.lock pyproject.toml -o requirements-dev.lock

clean: ## Remove what was made
	rm -rf .venv demo build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit("Motivo needs Python 3.11 or newer, this is " + sys.version.split()[0]) if sys.version_info < (3, 11) else None'
	@echo "Setting up .venv ..."
	@$(PYTHON) -m venv .venv

.venv/run: requirements.lock pyproject.toml | .venv/bin/python
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.venv/dev: requirements-dev.lock .venv/run
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@
