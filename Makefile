# Two commands matter: `make demo` runs the main job, `make test` passes the tests. Both install what they need.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: demo test check format docs benchmarks clean help

help:
	@echo "make demo        run the whole loop on the fictional exercise"
	@echo "make test        run the tests"
	@echo "make check       lint, types and tests"
	@echo "make format      put the code in order"
	@echo "make docs        write the reference pages from the code"
	@echo "make benchmarks  measure against peers"

$(STAMP): pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "forewarn needs Python 3.11 or newer: make PYTHON=python3.11 ...")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable .
	@touch $@

$(VENV)/.tested: $(STAMP)
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --group test
	@touch $@

$(VENV)/.checked: $(VENV)/.tested
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --group check
	@touch $@

$(VENV)/.measured: $(STAMP)
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --group benchmark
	@touch $@

demo: $(STAMP)
	@$(BIN)/forewarn demo

test: $(VENV)/.tested
	$(BIN)/python -m pytest --numprocesses auto --quiet

check: $(VENV)/.checked
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest --numprocesses auto --quiet

format: $(VENV)/.checked
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs: $(STAMP)
	$(BIN)/python docs/generate.py

benchmarks: $(VENV)/.measured
	$(BIN)/python benchmarks/panel.py

clean:
	rm -rf $(VENV) build dist src/*.egg-info
