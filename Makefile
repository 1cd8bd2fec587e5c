# From nothing to an answer: `make run`. From nothing to a tested copy: `make test`.
# Needs make and Python 3.11 or newer; everything else goes into .venv.

VENV  := .venv
BIN   := $(VENV)/bin
STAMP := $(VENV)/installed
TESTED := $(VENV)/installed-tests
SCREENS := $(VENV)/installed-dashboard
OUT   ?= results/baseline
PIP   := $(BIN)/python -m pip install --quiet --disable-pip-version-check
# The first of these that starts and is new enough; `make run PYTHON=/path/to/python3.12` to choose.
PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)

PORT ?= 8765
PROCESSES ?= 2

# An environment that was moved or copied with its folder points to where it was made: it is set up again.
MADE_IN := $(shell cat $(STAMP) 2>/dev/null)
ifneq ($(MADE_IN),)
ifneq ($(MADE_IN),$(CURDIR))
$(shell rm -f $(STAMP) $(SCREENS) $(TESTED))
endif
endif

.PHONY: help setup setup-all run dashboard wargame test test-slow lint format docs check bench remeasure clean

help:
	@echo "make run        set up if needed, run the baseline, print the table and the place of the report"
	@echo "make dashboard  set up if needed, open the dashboard in a browser; needs no network once set up (PORT=8765)"
	@echo "make wargame    set up if needed, play the classroom game alone against bots; opens no network address"
	@echo "make setup-all  set up with every extra: analyses of studies, Dask, games, tests"
	@echo "make test       set up if needed, run the tests; says what it skipped and why"
	@echo "make test-slow  run the tests that 'make test' leaves out"
	@echo "make lint       layout and style of the code (ruff); make format puts the layout right"
	@echo "make docs       pages about the public names, from their docstrings, in build/api; they open offline"
	@echo "make check      the model against exact answers (stackcraft check)"
	@echo "make bench      how fast it is here (stackcraft bench)"
	@echo "make remeasure  measure again what is stored and no longer holds (MEASURE=--dry-run only says what and how long)"
	@echo "make clean      remove the environment, builds, results and the compiled code of this version (stackcraft cache)"

setup: $(STAMP)

$(STAMP): requirements.lock pyproject.toml
	@$(or $(PYTHON),false) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "Stackcraft needs Python 3.11 or newer, and none was found: install it, or name it with make PYTHON=/path/to/python3" >&2; exit 1; }
	@echo "Setting up $(VENV): once, about a minute."
	@$(PYTHON) -m venv --clear $(VENV) || { \
		echo "$(PYTHON) could not make an environment; on Debian or Ubuntu: apt install python3-venv" >&2; exit 1; }
	@$(PIP) --requirement requirements.lock
	@$(PIP) --no-deps --no-build-isolation --editable .
	@echo "$(CURDIR)" > $(STAMP)

# What only tests, studies' analyses and clusters need, on top.
setup-all: $(TESTED)

$(TESTED): $(SCREENS) requirements-all.lock
	@$(PIP) --requirement requirements-all.lock
	@touch $(TESTED)

# What the dashboard needs on top.
$(SCREENS): $(STAMP) requirements-dashboard.lock
	@$(PIP) --requirement requirements-dashboard.lock
	@touch $(SCREENS)

run: $(STAMP)
	@$(BIN)/stackcraft run baseline --out $(OUT)

# The classroom game, alone against bots: on this machine only.
wargame: $(SCREENS)
	@$(BIN)/stackcraft wargame solo

dashboard: $(SCREENS)
	@$(BIN)/stackcraft dashboard --port $(PORT)

# Two processes, each of which takes whole files: what a file sets up once is set up once.
test: $(TESTED)
	@$(BIN)/python -m pytest -n $(PROCESSES) --dist loadfile

# Exit code 5 means that no test is marked slow: nothing was left out.
test-slow: $(TESTED)
	@$(BIN)/python -m pytest --slow -m slow || test $$? -eq 5

lint: $(TESTED)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

format: $(TESTED)
	@$(BIN)/ruff check --select I --fix .
	@$(BIN)/ruff format .

docs: $(TESTED)
	@$(BIN)/python -m stackcraft.viz.docs.api_page build/api

check: $(STAMP)
	@$(BIN)/stackcraft check

bench: $(STAMP)
	@$(BIN)/stackcraft bench

remeasure: $(TESTED)
	@$(BIN)/python -m stackcraft.experiments.evidence.remeasure $(MEASURE)

# The compiled code of this version first, which only the environment's own command knows how to find.
clean:
	@test ! -x $(BIN)/stackcraft || $(BIN)/stackcraft cache --clear || true
	rm -rf $(VENV) build dist *.egg-info results .pytest_cache .hypothesis
	find agents model experiments viz tests -name __pycache__ -type d -prune -exec rm -rf {} +
