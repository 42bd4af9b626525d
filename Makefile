# Everything runs in .venv, which is made on first use. Needs Python 3.11 or newer and make.
# A version manager may answer to a name it has nothing behind: the first Python that runs is taken.
PYTHON ?= $(shell for python in python3.11 python3 python3.12 python3.13; do \
	$$python -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& { command -v $$python; exit; }; done)
BIN := .venv/bin
DATA ?= $(if $(MOTIVO_DATA),$(MOTIVO_DATA),../shared/data)

.DEFAULT_GOAL := help
.PHONY: help demo web test lint types unit bench lock docs clean

help: ## Show what can be made
	@awk -F':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: .venv/run ## Generate a company with planted causes of complaints, and find them
	@$(BIN)/motivo demo --dir demo

web: api/static/widget.js ## Build the pages that people see (Node.js 20.19 or newer)

test: lint types unit ## Run all checks and tests

lint: .venv/dev ## Check style and the direction of imports
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports

types: .venv/dev ## Check types
	@$(BIN)/mypy

unit: .venv/dev ## Run the tests (those of the pages need Node.js and Chromium)
	@MOTIVO_DATA="$(abspath $(DATA))" $(BIN)/pytest -n 2 -rs

bench: .venv/dev ## Run the benchmarks at small sizes (each says how to run it large)
	@for name in writing.py reading.py pages.py rootcauses localize.py onset.py effect.py networks.py text review.py demo.py server.py answering.py aggregation.py service_load.py service_view.py web.py web_canvas.py walks.py; do \
		echo "== $$name"; MOTIVO_DATA="$(abspath $(DATA))" $(BIN)/python benchmarks/$$name || exit 1; done

docs: .venv/run ## Write the generated pages of docs/ again
	@$(BIN)/python -m schema.docs > docs/vocabulary.md
	@$(BIN)/python -m api.graphql.sdl > docs/schema.graphql

lock: .venv/dev ## Lock the dependencies again, with hashes and without addresses
	@$(BIN)/pip install --quiet uv
	@$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header \
		--python-version 3.11 --extra build --extra encoder --extra neo4j pyproject.toml -o requirements.lock
	@$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header \
		--python-version 3.11 --extra build --extra encoder --extra neo4j --extra networks --extra notebooks --extra teacher --extra dev -c requirements.lock pyproject.toml -o requirements-dev.lock
	@$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header \
		--python-version 3.11 --extra train -c requirements-dev.lock pyproject.toml -o requirements-train.lock

.venv/train: requirements-train.lock .venv/dev # for the tests of training: some gigabytes, so asked for by name
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-compile --require-hashes -r requirements-train.lock
	@touch $@

# Packages run nothing when they are installed.
web/node_modules/.package-lock.json: web/package-lock.json web/package.json
	@command -v npm >/dev/null || { echo "The pages are built with Node.js 20.19 or newer, and npm" >&2; exit 1; }
	@cd web && npm ci --ignore-scripts --silent
	@touch $@

api/static/widget.js: web/node_modules/.package-lock.json docs/schema.graphql $(shell find web -name node_modules -prune \
		-o -type f -not -name '*.generated.ts' -not -name '*.md' -print)
	@cd web && npm run --silent build
	@touch $@

clean: ## Remove what was made
	rm -rf .venv demo build dist api/static web/node_modules .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis

.venv/bin/python:
	@test -n "$(PYTHON)" || { echo "Motivo needs Python 3.11 or newer, with its venv module (make PYTHON=/path/to/python)" >&2; exit 1; }
	@echo "Setting up .venv with $(PYTHON) ..."
	@$(PYTHON) -m venv .venv

.venv/run: requirements.lock pyproject.toml | .venv/bin/python
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.venv/dev: requirements-dev.lock .venv/run
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@
