# make run    a newspaper on http://127.0.0.1:8000/, with its data in ./var
# make test   every check and every test, on SQLite and PostgreSQL and in a browser
# make check  the quick part of it
#
# PYTHON, PORT and DATA_DIR may be given: make run PORT=9000 DATA_DIR=/srv/paper

PYTHON ?= python3
PORT ?= 8000
DATA_DIR ?= var
export PYTHON PORT DATA_DIR

BIN := .venv/bin
# apt brings programs while pip installs.
MAKEFLAGS += --jobs=2

.PHONY: help run test programs check format messages lock clean bench shots lighthouse

help:
	@sed -n '/^#/!q; s/^# \{0,1\}//p' Makefile

run: .venv/runtime-installed $(if $(STORAGE_URL),.venv/s3-installed)
	@scripts/run

test: .venv/dev-installed programs
	@$(BIN)/python -m scripts.check

programs: | .venv/bin/pip
	@$(BIN)/python -m scripts.services --install

check: .venv/dev-installed
	@$(BIN)/python -m scripts.check --quick

format: .venv/dev-installed
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .
	git ls-files '*templates/*.html' | xargs -r $(BIN)/djade --target-version 5.2 || true
	git ls-files '*templates/*.html' | xargs -r $(BIN)/djhtml --tabwidth 2 || true

# Collects the texts to translate: those of each app in its own catalogue, the rest in locale/.
messages: .venv/dev-installed
	scripts/messages

# Pins the newest versions that pyproject.toml allows, with the hashes of all their wheels.
lock: .venv/dev-installed
	scripts/lock

# What pages cost beside nginx, and how soon a publication is seen. Wants wrk and nginx.
bench: .venv/dev-installed
	$(BIN)/python -m bench.serving
	$(BIN)/python -m bench.freshness

# Pictures of every kind of page, into var/shots: 1280 and 360 wide, light and dark.
shots: .venv/dev-installed
	$(BIN)/python -m bench.shots

# Lighthouse's scores as on a phone, the median of three. Wants Node.js and npm.
lighthouse: .venv/dev-installed
	$(BIN)/python -m bench.lighthouse

clean:
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# What a bucket needs, after the rest of it.
.venv/s3-installed: | .venv/runtime-installed

.venv/%-installed: requirements/%.txt | .venv/bin/pip
	@scripts/venv $<
	@touch $@

.venv/bin/pip:
	@scripts/venv
