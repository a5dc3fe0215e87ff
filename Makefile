# The two commands are `make study` and `make test`; the rest is what CI and contributors use.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Two pytest workers with two torch threads each would be slower than with one each.
export OMP_NUM_THREADS := 1
# Tests start Python often: without compiled files, each start takes seconds more.
unexport PYTHONDONTWRITEBYTECODE

# `docs/first.svg` is always asked of the study, which does nothing when it is finished.
.PHONY: help study test test-core test-harness docs/first.svg lint types format constraints clean
.DEFAULT_GOAL := help

help:
	@echo "make study   run the default study; the report is runs/first/report.html"
	@echo "make test    run all tests"
	@echo "make lint    ruff, import-linter;   make types   mypy --strict;   make format   ruff format"
	@echo "make test-core PYTHON=python3.13    the tests that need no torch, with another Python"
	@echo "make test-harness                   export and scorers, inside the real Inspect, lm-eval, wandb and trackio"
	@echo "make constraints                    pin what is installed, and list the licences"

study: $(VENV)/installed
	$(BIN)/tracekd study first --out runs/first

test: $(VENV)/installed
	$(BIN)/pytest -n 2 --dist loadgroup

# What judges, analyses and reads needs no torch: it is tested with any Python, in an environment of its own.
CORE := tests/stats tests/verify tests/tasks $(addprefix tests/test_,errors.py files.py out_folder.py parameter.py randomness.py)
test-core:
	$(PYTHON) -m venv $(VENV)-core
	$(VENV)-core/bin/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable . \
		pytest pytest-xdist hypothesis fastapi uvicorn openai hatchling
	$(VENV)-core/bin/pytest -n 2 --dist loadgroup $(CORE)

# An environment of its own, because these programs do not resolve with constraints.txt. It sees the packages of `.venv`, so
# that torch is not installed twice.
HARNESS := $(VENV)-harness
SITE := import sysconfig; print(sysconfig.get_path("purelib"))
test-harness: $(HARNESS)/installed
	$(HARNESS)/bin/python -m pytest -n 2 --dist loadgroup tests/export tests/integrations

$(HARNESS)/installed: $(VENV)/installed constraints-harness.txt
	$(BIN)/python -m venv $(HARNESS)
	$(BIN)/python -c '$(SITE)' > $$($(HARNESS)/bin/python -c '$(SITE)')/shared.pth
	$(HARNESS)/bin/python -m pip install --quiet --disable-pip-version-check --constraint constraints-harness.txt \
		--editable '.[harness]' 'setuptools>=77.0.3'
	@touch $@

# The picture in the README.
docs/first.svg: study
	mkdir -p docs
	cp runs/first/figures/rates.svg $@

lint: $(VENV)/installed
	$(BIN)/ruff check src tests benchmarks docs examples studies
	$(BIN)/ruff format --check src tests benchmarks docs examples studies
	$(BIN)/lint-imports

types: $(VENV)/installed
	$(BIN)/mypy

format: $(VENV)/installed
	$(BIN)/ruff check --fix src tests benchmarks docs examples studies
	$(BIN)/ruff format src tests benchmarks docs examples studies

constraints: $(VENV)/installed
	$(BIN)/python docs/make_constraints.py

$(VENV)/installed: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "tracekd needs Python 3.11 or newer; name one: make $(MAKECMDGOALS) PYTHON=python3.12" >&2; exit 2; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[train,dev]'
	@touch $@

clean:
	rm -rf $(VENV) $(VENV)-core $(VENV)-harness .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
