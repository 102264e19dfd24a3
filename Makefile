# The commands of this repository. A user needs `make lab` alone, and no Node; `make test` sets up all that it needs.

PYTHON ?= python3
BIN := .venv/bin
BUNDLES := phasm_lab/widgets/static
BENCHMARKS := $(subst /,.,$(basename $(wildcard benchmarks/[a-z]*.py)))
FIRST_NOTEBOOK := 01_first_crash.ipynb
# JupyterLab asks for this where the user is root, as in a container.
AS_ROOT := $(if $(filter 0,$(shell id -u)),--allow-root)
# JupyterLab would open with a question about news, and ask the internet for them.
NO_NEWS := $(BIN)/jupyter labextension disable --level=sys_prefix @jupyterlab/apputils-extension:announcements 2>/dev/null

.PHONY: lab test check fix bench bundle system-packages

## Open JupyterLab on the first notebook, on this machine alone.
lab: .venv/.installed
	$(BIN)/python -m jupyterlab $(AS_ROOT) --ServerApp.ip=localhost --ServerApp.root_dir=notebooks \
		--LabApp.default_url=/lab/tree/$(FIRST_NOTEBOOK)

# Each process has a Jupyter server and a browser of its own: more than four of them would be in each other's way.
ALL_CORES := --numprocesses=auto --maxprocesses=4

## Run every test, those in a real browser included.
test: system-packages .venv/.installed-dev
	@if command -v npm >/dev/null; then $(MAKE) --no-print-directory node_modules/.installed && npm test; \
	else echo "No Node here: the TypeScript units are not run. Install Node 20 or newer to run them."; fi
	$(BIN)/python -m pytest $(ALL_CORES)

## Lint, types, layers, and whether the committed bundles are what their sources build.
check: .venv/.installed-dev node_modules/.installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy --strict phasm_lab
	$(BIN)/lint-imports --no-logo
	npm run --silent check
	@built=$$(mktemp -d) && trap 'rm -rf "$$built"' EXIT && \
	npm run --silent build -- --log-level=warning --outdir="$$built" && \
	if diff --recursive --brief "$$built" $(BUNDLES); then echo "$(BUNDLES) is what widgets/ builds."; \
	else echo "$(BUNDLES) is not what widgets/ builds: run 'make bundle' and commit it." >&2; exit 1; fi

## Put right what can be put right without thinking.
fix: .venv/.installed-dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

## Measure what the project promises.
bench: .venv/.installed-dev
	@for module in $(BENCHMARKS); do echo "$$module"; $(BIN)/python -m $$module || exit 1; done

## Build the front end, to be committed.
bundle: node_modules/.installed
	npm run --silent build

.venv/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "PHASM Lab needs Python 3.11 or newer: make PYTHON=...")'
	$(PYTHON) -m venv .venv

.venv/.installed: .venv/bin/python pyproject.toml constraints.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable .
	@$(NO_NEWS)
	@touch $@

.venv/.installed-dev: .venv/bin/python pyproject.toml constraints.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	@$(NO_NEWS)
	@touch $@ .venv/.installed

node_modules/.installed: package.json package-lock.json .npmrc
	npm ci
	@touch $@

# Chromium draws in the browser tests and Playwright, which drives it, needs libatomic; Graphviz draws the graphs.
# Java runs TLC, which searches a TLA+ model of the rules. The fonts are for readable screenshots.
system-packages:
	@missing=; \
	command -v chromium >/dev/null || missing="$$missing chromium fonts-dejavu fonts-inter fonts-jetbrains-mono"; \
	command -v dot >/dev/null || missing="$$missing graphviz"; \
	command -v java >/dev/null || missing="$$missing default-jre-headless"; \
	ls /usr/lib/*/libatomic.so.1 >/dev/null 2>&1 || missing="$$missing libatomic1"; \
	if [ -z "$$missing" ]; then exit 0; fi; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$missing >/dev/null; \
	else echo "Not installed here, and not root to install it:$$missing. What needs it is skipped."; fi
