# Everything one does here, in few verbs. `make` alone lists them.

PYTHON ?= python3
ARGS ?=

BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
MAKEFLAGS += --no-print-directory

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run test check bench eval lock docs clean

help: ## list the verbs (this)
	@echo "ivbot. Any Debian 12 with Python 3.11 or newer will do; the first run prepares .venv by itself."
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-6s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

run: .venv/.ivbot ## start the bot (ARGS="--config my.toml")
	@$(BIN)/ivbot run $(ARGS)

test: .venv/.dev ## run every test (ARGS="-k complaint -x")
	$(call need,command -v chromium,chromium,chromium)
	PTB_TIMEDELTA=1 $(BIN)/python -m pytest --numprocesses auto --dist worksteal $(ARGS)

check: .venv/.dev ## lint, format, types, translations and reading level
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy --strict
	PTB_TIMEDELTA=1 $(BIN)/python -m pytest --numprocesses auto tests/test_words.py tests/test_translations.py

bench: .venv/.dev ## measure how fast messages are handled
	$(BIN)/python -m tests.bench $(ARGS)
	$(BIN)/python -m tests.bench_languages

eval: .venv/.dev ## measure how well questions and danger are understood (ARGS=--all)
	$(BIN)/python -m tests.eval $(ARGS)
	$(BIN)/python -m tests.eval_danger

docs: .venv/.ivbot ## write docs/settings.md from bot/settings/
	$(BIN)/python -m bot.settings_docs > docs/settings.md.new
	@mv docs/settings.md.new docs/settings.md

lock: .venv/.dev ## pin the dependencies again (ARGS=--upgrade for newer ones)
	$(COMPILE) --output-file requirements.txt pyproject.toml
	$(COMPILE) --all-build-deps --only-build-deps --constraint requirements.txt --output-file requirements-build.txt pyproject.toml
	$(COMPILE) --all-build-deps --extra dev --constraint requirements.txt --constraint requirements-build.txt --output-file requirements-dev.txt pyproject.toml

clean: ## remove all that was made, but never a database
	rm -rf .venv build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find bot handlers tests -name __pycache__ -type d -prune -exec rm -rf {} +

# The locks name no index, no folder and no machine: whoever installs decides where from, the hashes decide what.
COMPILE := CUSTOM_COMPILE_COMMAND='make lock' $(BIN)/pip-compile $(ARGS) --quiet

# $(call need,TEST,PACKAGE,WHAT): when TEST fails, install Debian's PACKAGE if we may, else say how.
define need
@if ! { $(1); } >/dev/null 2>&1; then \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo "$(3) is missing: installing Debian's $(2)."; \
		apt-get update -qq </dev/null >/dev/null || true; \
		DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $(2) </dev/null >/dev/null; \
	fi; \
	{ $(1); } >/dev/null 2>&1 || { echo "$(3) is missing. Install it (Debian: sudo apt-get install $(2)), then try again." >&2; exit 1; }; \
fi
endef

# Each file below is made when its step is done, and the step is done again when what it depends on has changed.

.venv/.python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "ivbot needs Python 3.11 or newer, and '$(PYTHON)' is not. Name one that is: make run PYTHON=python3.11" >&2; exit 1; }
	$(call need,$(PYTHON) -c 'import ensurepip$(comma) venv',python3-venv,Python's venv module)
	@echo "Making .venv"
	@$(PYTHON) -m venv --clear .venv
	@touch $@

.venv/.locked: .venv/.python requirements.txt requirements-build.txt
	@echo "Installing what ivbot needs"
	@$(PIP) install --require-hashes -r requirements.txt -r requirements-build.txt
	@touch $@

.venv/.ivbot: .venv/.locked pyproject.toml
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

.venv/.dev: .venv/.ivbot requirements-dev.txt
	@echo "Installing what the tests need"
	@$(PIP) install --require-hashes -r requirements-dev.txt
	@touch $@

comma := ,
