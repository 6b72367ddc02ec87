# The commands of development; `make` lists them. Needs only make and Python 3.11 or newer.
#
# There is one virtual environment, .venv. A stamp file records that a set of requirements is installed:
#   .venv/.installed   the locked runtime requirements and Broadsheet itself (editable)
#   .venv/.developing  also the requirements of tests, lint and benchmarks
# Every requirement is pinned and hashed. Build isolation is off because it would fetch unpinned build tools.

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input --quiet
LOCKED := install --require-hashes --no-build-isolation --use-pep517
CONTENT ?= content
ARGS ?=
IMAGE ?= broadsheet

# Where the environment forbids bytecode, every process that a test starts would compile the service again.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help serve test stress stress-sample install develop check format bench bench-load bench-growth bench-peers bench-hostile bench-export screenshots lock image clean

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 18

serve: install ## serve CONTENT (default: content) on port 8000; options in ARGS="--port 9000"
	@exec $(BIN)/broadsheet serve --content "$(CONTENT)" $(ARGS)

test: develop ## run the tests; options in ARGS="-k atom"
	@echo "Running the tests: about 4 minutes on two cores."
	@$(BIN)/python -m pytest -n auto --dist worksteal $(ARGS)

stress: develop ## run long repetitions and many more examples of each property; options in ARGS
	@echo "Running the long repetitions: up to an hour on two cores."
	@$(BIN)/python -m pytest -n auto -m "stress or hypothesis" --hypothesis-profile long $(ARGS)

stress-sample: develop ## run one of eighty of these repetitions, as CI does
	@echo "Running a sample of the long repetitions: about 2 minutes on two cores."
	@$(BIN)/python -m pytest -n auto -m stress --sample 80 $(ARGS)

install: $(VENV)/.installed ## make .venv/bin/broadsheet

develop: $(VENV)/.developing ## also install everything to test, lint and benchmark

check: develop ## formatting, lint and types, as CI does
	@echo "Checking formatting, lint and types: about a minute."
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy

format: develop ## format the code and apply the fixes of lint
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

bench: develop ## requests per second against nginx (Debian: nginx-light wrk)
	@echo "Measuring requests per second: about 2 minutes."
	@$(BIN)/python -m bench.serve $(ARGS)

bench-load: develop ## files read per second against a naive loader
	@$(BIN)/python -m bench.load $(ARGS)

bench-growth: develop ## costs of 1,000 to 1,000,000 articles; ARGS="--sizes 1000,10000" takes minutes
	@echo "Measuring four sizes: an hour or more, and 15 GB of disk."
	@$(BIN)/python -m bench.growth $(ARGS)

bench-peers: develop ## requests per second and the cost of one edit, beside FastAPI, Django and Datasette
	@echo "Measuring five servers: about 6 minutes."
	@$(BIN)/python -m bench.peers.compare $(ARGS)

bench-hostile: develop ## latency of ordinary requests under expensive ones, with 50,000 articles
	@$(BIN)/python -m bench.hostile $(ARGS)

bench-export: develop ## cost of a static export and its requests behind nginx (Debian: nginx-light wrk)
	@echo "Exporting 1,000 and 10,000 articles: about 15 minutes."
	@$(BIN)/python -m bench.export $(ARGS)

screenshots: develop ## retake the pictures of the README (Debian: chromium)
	@$(BIN)/python -m tests.browser.screenshots

# uv resolves for every platform at once and writes hashes but no addresses. A newer pip would do for one platform only.
UV ?= uv
COMPILE := $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-config --custom-compile-command 'make lock'

lock: ## update requirements*.txt from pyproject.toml (needs uv); UPGRADE=--upgrade to allow newer versions
	$(COMPILE) $(UPGRADE) requirements-build.in -o requirements-build.txt
	$(COMPILE) $(UPGRADE) pyproject.toml --extra replicas --extra search -o requirements.txt
	$(COMPILE) $(UPGRADE) pyproject.toml --extra replicas --extra search --group dev -c requirements.txt -c requirements-build.txt -o requirements-dev.txt
	$(COMPILE) $(UPGRADE) bench/peers/requirements.in -o bench/peers/requirements.txt
	$(COMPILE) $(UPGRADE) tests/contract/python_clients/requirements.in -o tests/contract/python_clients/requirements.txt

image: ## build the container image IMAGE (default: broadsheet)
	docker build --tag $(IMAGE) .

clean: ## remove .venv and every cache
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .schemathesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# A candidate must run, not only exist: version managers leave commands that refuse. Debian's python3 comes
# without venv, and then lacks ensurepip.
$(BIN)/pip:
	@for python in $(PYTHON) python3.13 python3.12 python3.11 python3; do \
	  if $$python -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	    echo "Making $(VENV) with $$($$python --version)."; \
	    exec $$python -m venv --clear $(VENV); \
	  fi; \
	done; \
	echo "Broadsheet needs Python 3.11 or newer with venv and pip, and found none (looked for:" \
	  "$(PYTHON) python3.13 python3.12 python3.11 python3). On Debian and Ubuntu: apt install python3-venv." \
	  "Elsewhere name one: make PYTHON=/path/to/python" >&2; \
	exit 1

# pyproject.toml too: it names the command and what the lock was made from.
$(VENV)/.installed: requirements-build.txt requirements.txt pyproject.toml | $(BIN)/pip
	@echo "Installing the requirements of Broadsheet into $(VENV), once: about a minute."
	@$(PIP) $(LOCKED) -r requirements-build.txt
	@$(PIP) $(LOCKED) -r requirements.txt
	@$(PIP) install --no-build-isolation --no-deps --editable .
	@touch $@

$(VENV)/.developing: requirements-dev.txt $(VENV)/.installed
	@echo "Installing the requirements of tests and checks into $(VENV), once: about a minute."
	@$(PIP) $(LOCKED) -r requirements-dev.txt
	@touch $@
