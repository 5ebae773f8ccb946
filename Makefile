# The plain commands stand in README.md; these are their short names.
PYTHON ?= python3
VENV ?= .venv

.PHONY: run test install lint soak fuzz protections clean

install: $(VENV)/installed
$(VENV)/installed: setup.cfg pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(VENV)/bin/python -m pip install --quiet --editable '.[dev]'
	touch $@

run:
	$(PYTHON) -m venv $(VENV) && $(VENV)/bin/python -m pip install --quiet . && $(VENV)/bin/python -m indexer build seeds && $(VENV)/bin/python -m search_app serve

test:
	$(PYTHON) -m venv $(VENV) && $(VENV)/bin/python -m pip install --quiet --editable '.[dev]' && $(VENV)/bin/python -m pytest

lint: install
	$(VENV)/bin/ruff check . && $(VENV)/bin/ruff format --check . && $(VENV)/bin/mypy && $(VENV)/bin/lint-imports

# Long runs: crash, corruption and load harnesses, storms, damaged pages, protections taken
# out one by one; then fuzzing. Hours, not minutes.
soak: install
	$(VENV)/bin/python -m pytest -m soak
	$(MAKE) fuzz

fuzz: install
	$(VENV)/bin/python -m pip install --quiet --editable '.[soak]'
	$(VENV)/bin/python -m tests.reliability.fuzz query -max_len=80 -runs=3000000
	$(VENV)/bin/python -m tests.reliability.fuzz state -max_len=200 -runs=3000000
	$(VENV)/bin/python -m tests.reliability.fuzz page -runs=1000000 -timeout=60

protections: install
	$(VENV)/bin/python -m tests.reliability.protections

clean:
	rm -rf $(VENV) build dist *.egg-info
