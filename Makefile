# make run    set up, then the main job: five regimes and no support, with a report (minutes)
# make run FULL=1      the same with one agent for each person (half an hour or more on two cores)
# make test   set up, then style, types and every test
# make test-pythons    runs are the same to the last bit on two Pythons (OTHER=python3.13)
# make attack          flips bits in results, kills commands, N=100 of each, gives bad inputs, and says what came of it
# make notebooks       executes the notebooks and writes them with their figures
# make setup  only set up; PYTHON=python3.12 chooses another interpreter

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
VENV := .venv
BIN := $(VENV)/bin
PYTHON ?=
FULL ?=
OUTPUT ?= results/regimes$(if $(FULL),_full)
# How far the main job is thinned stands in conf/compare/regimes.yaml alone.
OVERRIDES ?= $(if $(FULL),people_per_agent=1)

OTHER ?= python3.13
N ?= 100
# Some tests mostly wait, for clusters and for processes that are killed.
WORKERS ?= $(shell echo $$(( $$(getconf _NPROCESSORS_ONLN) + 1 )))

# A short run in a folder that is thrown away; $(1) are more words for it.
RUN_A_WEEK = scratch=$$(mktemp -d); $(BIN)/pathfinder run area=two_towns regime=aligned weeks=1 \
  snapshots=true output=$$scratch/run $(1) >/dev/null; rm -rf $$scratch

.PHONY: help run test test-pythons attack lint notebooks setup clean

help:
	@sed -n 's/^# \(make .*\)/\1/p' Makefile

run: $(VENV)/ready
	@$(BIN)/pathfinder compare compare=regimes output=$(OUTPUT) $(OVERRIDES)

setup: $(VENV)/ready

# Style and types are checked while the loops are compiled.
test: $(VENV)/ready-to-test
	@$(MAKE) --no-print-directory -j2 lint $(VENV)/compiled-for-tests
	@$(BIN)/python -m pytest --numprocesses $(WORKERS) --dist loadfile --no-loadscope-reorder

test-pythons: $(VENV)/ready-to-test $(VENV)/ready
	@$(OTHER) -m venv .venv-other
	@.venv-other/bin/python -m pip install -q --disable-pip-version-check -c constraints.txt -e . pytest
	@PATHFINDER_OTHER_PYTHON=$(CURDIR)/.venv-other/bin/python \
	  $(BIN)/python -m pytest tests/test_reproducibility.py

attack: $(VENV)/compiled-for-tests
	@$(BIN)/python -m tests.attacks $(N)
	@$(BIN)/python -m tests.bad_inputs

lint: $(VENV)/ready-to-test
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check -q .
	@$(BIN)/mypy

notebooks: $(VENV)/ready-to-test $(VENV)/ready
	@$(BIN)/python tests/executed_notebooks.py

# The first Python that fits and can make an environment; some names on a path are only shims.
$(VENV)/python:
	@for python in $(PYTHON) python3.13 python3.12 python3.11 python3; do \
	  if $$python -c 'import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' \
	    >/dev/null 2>&1; then \
	    echo "setting up $(VENV) with $$($$python --version)"; \
	    rm -rf $(VENV); $$python -m venv $(VENV); \
	    $(BIN)/python -m pip install -q --disable-pip-version-check -c constraints.txt pip; \
	    touch $@; exit 0; \
	  fi; \
	done; \
	echo "make: no Python from 3.11 to 3.13 with venv was found;" \
	  "install one, or name it: make run PYTHON=/path/to/python3.12" >&2; exit 1

$(VENV)/installed: $(VENV)/python pyproject.toml constraints.txt
	@$(BIN)/python -m pip install -q --disable-pip-version-check -c constraints.txt -e .
	@touch $@

$(VENV)/ready: $(VENV)/installed
	@echo "compiling the model's loops, once"
	@$(call RUN_A_WEEK,)
	@touch $@

# With every intervention, so that no test has to compile.
$(VENV)/compiled-for-tests: $(VENV)/ready-to-test
	@echo "compiling the model's loops and those of all interventions, once"
	@$(call RUN_A_WEEK,start=2010-01-04 \
	  "interventions=[$$(ls conf/interventions | sed 's/\.yaml//' | paste -sd, -)]")
	@touch $(VENV)/ready $@

$(VENV)/ready-to-test: $(VENV)/python pyproject.toml constraints.txt
	@$(BIN)/python -m pip install -q --disable-pip-version-check -c constraints.txt -e '.[test]'
	@touch $(VENV)/installed $@

clean:
	rm -rf $(VENV) .venv-other build *.egg-info .pytest_cache .ruff_cache .mypy_cache
