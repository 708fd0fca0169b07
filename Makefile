# `make serve` and `make test` are all a user needs; each makes its own environment first.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
DB     := build/evidence.db
STAMP  := $(VENV)/.installed
PORT   ?= 8001

.DEFAULT_GOAL := help
.PHONY: help install build serve test bench gauntlet docs lock clean

help: ## Show this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Python 3.11 or newer is needed, this is %d.%d. Install it, or say which one: make PYTHON=/path/to/python3.11" % sys.version_info[:2])'
	@echo "Making the environment in $(VENV) (about a minute, once) …"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip --disable-pip-version-check --quiet install --require-hashes -r requirements.lock
	@$(BIN)/python -m pip --disable-pip-version-check --quiet install --no-deps --no-build-isolation -e .
	@touch $(STAMP)

install: $(STAMP) ## Make the environment (.venv) from the locked packages

build: $(STAMP) ## Build the store from data/ into build/evidence.db
	@$(BIN)/kb build --if-changed --out $(DB)

serve: build ## Build and show the evidence map on http://127.0.0.1:8001
	@$(BIN)/kb serve --db $(DB) --port $(PORT)

test: $(STAMP) ## Lint, types, facts, generated docs and tests
	@echo "Lint …";  $(BIN)/ruff check --quiet . && $(BIN)/ruff format --quiet --check .
	@echo "Types …"; $(BIN)/mypy --no-error-summary
	@echo "Facts …"; $(BIN)/kb verify
	@echo "Generated files …"; $(BIN)/python -m kb.docs --check
	@echo "Tests …"; $(BIN)/pytest -n 2

docs: $(STAMP) ## Write the generated files again (metadata.yml, docs/, README)
	@$(BIN)/python -m kb.docs

bench: $(STAMP) ## Measure build time and memory (tests/benchmarks/)
	@$(BIN)/python -m tests.benchmarks.build
	@$(BIN)/python -m tests.benchmarks.assess
	@$(BIN)/python -m tests.benchmarks.check

gauntlet: export KB_GAUNTLET = 1
gauntlet: test bench ## Everything: all tests in full, then measurements

lock: ## Resolve the packages again (needs uv)
	uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -o requirements.lock

clean: ## Remove the environment and everything built
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache
