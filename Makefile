# make demo   a case stepped by the bundled pathway, and its flowchart
# make test   the whole test suite
# Needs Python 3.11 or newer (another one: make test PYTHON=python3.13); all else goes into .venv.

PYTHON ?= python3
VENV   ?= .venv
JOBS   ?= $(shell getconf _NPROCESSORS_ONLN 2>/dev/null || echo 1)
WAITING ?= $(shell expr 3 \* $(JOBS))
PYTEST_ARGS ?=

BIN     := $(VENV)/bin
PIP     := $(BIN)/python -m pip --disable-pip-version-check

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo test lint style types imports audit campaign pictures bench lock clean

help:
	@sed -n 's/^# \(make .*\)/\1/p' Makefile
	@echo "also: lint, audit, campaign, pictures, bench, lock, clean"

demo: $(VENV)/.ready-run
	$(BIN)/pathway demo

# The tests of the terminal mostly wait, so that more of them can run at a time.
test: $(VENV)/.ready-test
ifeq ($(strip $(PYTEST_ARGS)),)
	$(BIN)/python -m pytest -n $(JOBS) --dist loadgroup --ignore=tests/tui
	$(BIN)/python -m pytest -n $(WAITING) --dist loadgroup tests/tui
else
	$(BIN)/python -m pytest -n $(JOBS) --dist loadgroup $(PYTEST_ARGS)
endif

# All three report even if one finds something: make --keep-going lint
lint: style types imports

style: $(VENV)/.ready-dev
	$(BIN)/ruff check .

types: $(VENV)/.ready-dev
	$(BIN)/pyright --pythonpath $(BIN)/python

imports: $(VENV)/.ready-dev
	$(BIN)/lint-imports

# What is dangerous in our own code, and what is known of the versions we lock.
audit: $(VENV)/.ready-dev
	$(BIN)/bandit --configfile pyproject.toml --quiet --recursive pathway diagrams tui
	$(BIN)/python .ci/audit

# The laws of the engine against many more random cases than `make test` tries, every bundled case replayed,
# and every small change of the bundled pathways held against their cases.
campaign: $(VENV)/.ready-test
	$(BIN)/python benchmarks/mutants.py --all
	$(BIN)/python benchmarks/faults.py
	$(BIN)/python -m pytest -n $(JOBS) --dist loadgroup --hypothesis-profile=campaign \
		-m "campaign or not campaign" --timeout=7200 $(PYTEST_ARGS)

pictures: $(VENV)/.ready-run
	$(BIN)/python docs/make_pictures.py
	$(BIN)/python docs/make_tour.py

bench: $(VENV)/.ready-test
	@set -e; for file in $(sort $(wildcard benchmarks/[a-z]*.py)); do \
		echo "== $$file"; $(BIN)/python "$$file"; \
	done
	$(BIN)/python -m benchmarks.reliability

# The newest admitted versions, as a fresh environment of the oldest supported Python finds them.
lock:
	@rm -rf build/lock && mkdir -p build
	$(PYTHON) -m venv build/lock
	build/lock/bin/python -m pip --disable-pip-version-check install --quiet "pip-tools>=7.5,<8"
	build/lock/bin/python .ci/lock
	@rm -rf build/lock

clean:
	rm -rf $(VENV) build dist .pytest_cache .hypothesis .ruff_cache .import_linter_cache demo-flowchart.svg
	find pathway diagrams tui tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +

# Locked files first, each held against its hash: one that differs is refused. Where the package index lacks one of
# them, or this platform needs another, the locked versions, and after these what pyproject.toml admits.
# make HASHES=no does without the hashes, for an index that builds its files itself.
HASHES ?= yes
define install
	@echo "Installing clinical-pathway$(1) into $(VENV)"
	@sed '/^# --- $(2)$$/,$$d' requirements.lock > $(VENV)/locked.txt
	@{ [ "$(HASHES)" = yes ] && \
		$(PIP) install --quiet --require-hashes --requirement $(VENV)/locked.txt > $(VENV)/install.txt 2>&1 && \
		$(PIP) install --quiet --no-deps --no-build-isolation --editable .; } || { \
		if [ "$(HASHES)" = yes ] && grep "DO NOT MATCH THE HASHES" $(VENV)/install.txt; then cat $(VENV)/install.txt; \
			echo "A file is not the one that was locked. If you trust this package index: make HASHES=no" >&2; exit 2; fi; \
		echo "Without hashes: the locked versions, as far as they can be had here."; \
		$(PIP) install --quiet --constraint constraints.txt --editable '.$(1)'; } || { \
		echo "The locked versions cannot be had here: taking those that pyproject.toml admits."; \
		$(PIP) install --quiet --editable '.$(1)'; }
endef

$(VENV)/.ready-run: $(VENV)/.ready pyproject.toml constraints.txt requirements.lock
	$(call install,,test)
	@touch $@

$(VENV)/.ready-test: $(VENV)/.ready pyproject.toml constraints.txt requirements.lock
	$(call install,[test],dev)
	@touch $(VENV)/.ready-run $@

$(VENV)/.ready-dev: $(VENV)/.ready pyproject.toml constraints.txt requirements.lock
	$(call install,[test$(comma)dev],end)
	@touch $(VENV)/.ready-run $(VENV)/.ready-test $@

$(VENV)/.ready:
	@command -v $(PYTHON) >/dev/null || { \
		echo "There is no $(PYTHON) here. Install Python 3.11 or newer, or name one: make PYTHON=/path/to/python" >&2; exit 2; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "$$($(PYTHON) --version) is too old: Python 3.11 or newer is needed. Name one: make PYTHON=python3.12" >&2; exit 2; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { \
		echo "$(PYTHON) cannot make environments. On Debian and Ubuntu: sudo apt-get install python3-venv" >&2; exit 2; }
	@$(PYTHON) -m venv --clear $(VENV)
	@touch $@

comma := ,
